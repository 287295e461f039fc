import assert from 'node:assert/strict';
import * as gcp from '@pulumi/gcp';
import { GcpApis } from '../../../components/gcp/apis';
import { GcpNetwork } from '../../../components/gcp/network';
import type { GcpSitePlan } from '../../../plan/types';
import { gcpPlan, linkedSettings } from '../fixturesGcp';
import { register, type Recording } from '../recorder';

const FIREWALL = 'gcp:compute/firewall:Firewall';

interface FirewallInputs {
  readonly sourceRanges: readonly string[];
  readonly targetTags: readonly string[];
  readonly direction: string;
  readonly allows: readonly { readonly protocol: string; readonly ports?: readonly string[] }[];
}

async function network(options: { preview?: boolean; plan?: GcpSitePlan; protect?: boolean } = {}) {
  const plan = options.plan ?? gcpPlan;
  return register(
    () => {
      const provider = new gcp.Provider('gcp', { project: 'example-project', region: plan.region });
      const opts = { provider };
      const apis = new GcpApis('site-apis', opts);
      const stack = { ...linkedSettings, protect: options.protect ?? false };
      new GcpNetwork('site', { plan, stack, apis, provider }, opts);
    },
    { preview: options.preview },
  );
}

function rule(recording: Recording, role: string): FirewallInputs {
  return recording.one(FIREWALL, `site-admit-${role}`).inputs as unknown as FirewallInputs;
}

function ports(inputs: FirewallInputs, protocol: string): readonly string[] | undefined {
  return inputs.allows.find((allow) => allow.protocol === protocol)?.ports;
}

describe('the network of a Google Cloud site', () => {
  let recording: Recording;
  before(async () => {
    recording = await network();
  });

  it('is a custom network with global routing', () => {
    const { inputs } = recording.one('gcp:compute/network:Network');
    assert.equal(inputs.autoCreateSubnetworks, false);
    assert.equal(inputs.routingMode, 'GLOBAL');
    assert.equal(inputs.mtu, 1460);
  });

  it('has the planned node subnet with pods and services as its secondary ranges', () => {
    const { inputs } = recording.one('gcp:compute/subnetwork:Subnetwork', 'site-nodes');
    assert.equal(inputs.ipCidrRange, gcpPlan.nodeSubnet);
    assert.deepEqual(inputs.secondaryIpRanges, [
      { rangeName: 'pods', ipCidrRange: gcpPlan.pods },
      { rangeName: 'services', ipCidrRange: gcpPlan.services },
    ]);
    assert.equal(inputs.privateIpGoogleAccess, true);
    assert.ok(inputs.logConfig);
  });

  it('has the planned control plane subnet', () => {
    const { inputs } = recording.one('gcp:compute/subnetwork:Subnetwork', 'site-control-plane');
    assert.equal(inputs.ipCidrRange, gcpPlan.controlPlane);
  });

  it('gives the secondary ranges their way to the internet', () => {
    const { inputs } = recording.one('gcp:compute/routerNat:RouterNat');
    assert.equal(inputs.sourceSubnetworkIpRangesToNat, 'ALL_SUBNETWORKS_ALL_IP_RANGES');
  });

  it('reserves the planned addresses, the one of DNS for two Services', () => {
    const reserved = recording
      .ofType('gcp:compute/address:Address')
      .map(({ inputs: { address, purpose, addressType, subnetwork } }) => ({
        address,
        purpose,
        addressType,
        subnetwork,
      }));
    const at = { addressType: 'INTERNAL', subnetwork: 'site-nodes-id' };
    assert.deepEqual(reserved, [
      { address: '10.150.127.244', purpose: 'GCE_ENDPOINT', ...at },
      { address: '10.150.127.245', purpose: 'SHARED_LOADBALANCER_VIP', ...at },
    ]);
  });

  it('admits exactly the planned sources to Cassandra, DNS and ICMP', () => {
    const peers = rule(recording, 'peers');
    assert.deepEqual(peers.sourceRanges, gcpPlan.firewallSources);
    assert.deepEqual(ports(peers, 'tcp'), ['7000', '9042', '9142', '53']);
    assert.deepEqual(ports(peers, 'udp'), ['53']);
    assert.deepEqual(
      peers.allows.map(({ protocol }) => protocol),
      ['tcp', 'udp', 'icmp'],
    );
  });

  it('admits the control plane to the webhooks of cass-operator and cert-manager', () => {
    const webhooks = rule(recording, 'webhooks');
    assert.deepEqual(webhooks.sourceRanges, [gcpPlan.controlPlane]);
    assert.deepEqual(ports(webhooks, 'tcp'), ['9443', '10250']);
  });

  it("admits Google's health checks", () => {
    assert.deepEqual(rule(recording, 'health-checks').sourceRanges, ['35.191.0.0/16', '130.211.0.0/22']);
  });

  it('aims every rule at one tag, inwards', () => {
    const rules = recording.ofType(FIREWALL).map(({ inputs }) => inputs as unknown as FirewallInputs);
    assert.equal(rules.length, 4);
    for (const { targetTags, direction } of rules) {
      assert.deepEqual(targetTags, ['xcloud-gcp-europe-west4-node']);
      assert.equal(direction, 'INGRESS');
    }
  });

  it('makes no rule for peers while there is none: a rule without sources is refused', async () => {
    const alone = await network({ plan: { ...gcpPlan, peers: [], firewallSources: [] } });
    assert.equal(alone.ofType(FIREWALL).length, 3);
  });

  it('waits for the Compute Engine API', () => {
    const api = recording.one('gcp:projects/service:Service', 'site-apis-compute');
    assert.equal(api.inputs.disableOnDestroy, false);
    for (const resource of recording.resources.filter(({ type }) => type.startsWith('gcp:compute/'))) {
      assert.ok(recording.waitsFor(resource, api), `${resource.name} does not wait for the API`);
    }
  });

  it('protects network and subnets where the stack is protected', async () => {
    const guarded = await network({ protect: true });
    const kept = guarded.resources.filter(({ protect }) => protect).map(({ name }) => name);
    assert.deepEqual(kept.sort(), ['site-control-plane', 'site-network', 'site-nodes']);
  });

  it('shows every range and address at the first preview', async () => {
    const preview = await network({ preview: true });
    const known = (name: string, property: string) =>
      preview.resources.find((resource) => resource.name === name)?.inputs[property];
    assert.equal(known('site-nodes', 'ipCidrRange'), gcpPlan.nodeSubnet);
    assert.deepEqual(known('site-admit-peers', 'sourceRanges'), gcpPlan.firewallSources);
    assert.deepEqual(known('site-admit-peers', 'targetTags'), ['xcloud-gcp-europe-west4-node']);
    assert.equal(known('site-dns-10.150.127.245', 'address'), '10.150.127.245');
    assert.equal(preview.resources.length, recording.resources.length);
  });
});
