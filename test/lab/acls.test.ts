import assert from 'node:assert/strict';
import { aclRules } from '../../lab/network/acls';
import { awsNetworkAcls } from '../../lab/network/clouds/awsNetworkAcls';
import type { NetworkAcl, VirtualNetwork } from '../../lab/network/model';
import { Inventory } from '../../reachability/resources/inventory';
import type { ResourceInput } from '../../reachability/resources/resource';

const SUBNETS = { a: '10.0.1.0/24', b: '10.0.2.0/24' };

const resource = (type: string, id: string, outputs: Record<string, unknown>): ResourceInput => ({
  ...{ urn: `urn:pulumi:s::p::${type}::${id}`, type, id, inputs: outputs, outputs },
});

/** The ACLs of a VPC with two subnets and some more resources. */
function read(...more: ResourceInput[]): NetworkAcl[] {
  const vpc = resource('aws:ec2/vpc:Vpc', 'vpc-1', { cidrBlock: '10.0.0.0/16', defaultNetworkAclId: 'acl-0' });
  const subnets = Object.entries(SUBNETS).map(([id, cidrBlock]) =>
    resource('aws:ec2/subnet:Subnet', id, { vpcId: 'vpc-1', cidrBlock }),
  );
  const inventory = new Inventory([vpc, ...subnets, ...more]);
  return awsNetworkAcls(inventory, inventory.all('aws:ec2/vpc:Vpc')[0] as never);
}

const rule = (ruleNo: number, action: string, more: Record<string, unknown> = {}) => ({
  ...{ ruleNo, action, protocol: '-1', cidrBlock: '0.0.0.0/0', fromPort: 0, toPort: 0 },
  ...more,
});
const acl = (id: string, outputs: Record<string, unknown>): ResourceInput =>
  resource('aws:ec2/networkAcl:NetworkAcl', id, outputs);

describe('network ACLs of a VPC', () => {
  it('are none where the stack declares none: the default lets everything pass', () => {
    assert.deepEqual(read(), []);
  });

  it('have their rules in the order of their numbers, wherever they are written', () => {
    const single = resource('aws:ec2/networkAclRule:NetworkAclRule', 'r', {
      ...{ networkAclId: 'acl-1', ruleNumber: 150, ruleAction: 'deny', protocol: 'tcp', egress: false },
      ...{ cidrBlock: '10.9.0.0/16', fromPort: 7000, toPort: 7001 },
    });
    const [found] = read(
      acl('acl-1', { subnetIds: ['a'], ingress: [rule(200, 'allow'), rule(100, 'deny', { protocol: '17' })] }),
      single,
    );
    assert.deepEqual(
      found?.ingress.map(({ action, protocol, ports, ranges }) => [action, protocol, ports, ranges]),
      [
        ['drop', 'udp', ['0'], ['0.0.0.0/0']],
        ['drop', 'tcp', ['7000-7001'], ['10.9.0.0/16']],
        ['accept', 'all', [], ['0.0.0.0/0']],
      ],
    );
    assert.deepEqual(found.egress, []);
  });

  it('stand around the subnets that they or an association name, the declared default around the others', () => {
    const found = read(
      acl('acl-1', {}),
      resource('aws:ec2/networkAclAssociation:NetworkAclAssociation', 'as', { networkAclId: 'acl-1', subnetId: 'b' }),
      resource('aws:ec2/defaultNetworkAcl:DefaultNetworkAcl', 'acl-0', { defaultNetworkAclId: 'acl-0' }),
    );
    assert.deepEqual(
      found.map(({ urn, subnets }) => [urn.split('::').at(-1), subnets]),
      [
        ['acl-0', [SUBNETS.a]],
        ['acl-1', [SUBNETS.b]],
      ],
    );
  });
});

describe('rules for network ACLs', () => {
  const network = (acls: NetworkAcl[]): VirtualNetwork => ({
    ...{ name: 'n', cloud: 'aws', urn: 'u', localRanges: [], routingTables: [], profiles: [], memberSets: [] },
    ...{ acls, tunnels: [], multipath: false, mtu: 1500 },
  });
  const text = aclRules(network(read(acl('acl-1', { subnetIds: ['a', 'b'], ingress: [rule(1, 'allow')] }))));

  it('judge packets before connections are known, so that answers are judged too', () => {
    assert.match(text, /chain wire \{\n {4}type filter hook prerouting priority raw;/);
    assert.doesNotMatch(/chain wire \{[^}]*\}/.exec(text)?.[0] ?? '', /\bct\b/);
  });

  it('judge what leaves a subnet and what enters one, and nothing that stays', () => {
    assert.match(text, /ip saddr 10\.0\.1\.0\/24 ip daddr != 10\.0\.1\.0\/24 jump out_0/);
    assert.match(text, /ip daddr 10\.0\.2\.0\/24 ip saddr != 10\.0\.2\.0\/24 jump in_0/);
  });

  it('drop what no rule matches', () => {
    assert.match(text, /chain out_0 \{\n {4}counter drop\n {2}\}/);
    assert.match(text, /chain in_0 \{\n {4}ip saddr \{ 0\.0\.0\.0\/0 \} return\n {4}counter drop\n {2}\}/);
  });

  it('judge what a load balancer sends on by its own subnet and by the target’s', () => {
    assert.match(text, /ct status dnat ct original ip daddr 10\.0\.1\.0\/24 ip daddr != 10\.0\.1\.0\/24 jump out_0/);
    assert.match(text, /ct status dnat ct original ip daddr != 10\.0\.2\.0\/24 ip daddr 10\.0\.2\.0\/24 jump in_0/);
  });

  it('are none for a network without any', () => {
    assert.equal(aclRules(network([])), '');
  });
});
