import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { LocalAws, reasons, refuses, type Made } from './localAws';
import { aNetwork, aVpc } from './network';

const CUSTOMER = 'ec2/customerGateway:CustomerGateway';
const VGW = 'ec2/vpnGateway:VpnGateway';
const ATTACHMENT = 'ec2/vpnGatewayAttachment:VpnGatewayAttachment';
const PROPAGATION = 'ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation';
const CONNECTION = 'ec2/vpnConnection:VpnConnection';

const aCustomerGateway = (aws: LocalAws, ipAddress = '203.0.113.1') =>
  aws.create(CUSTOMER, { type: 'ipsec.1', bgpAsn: '65010', ipAddress });

async function sides(
  aws = new LocalAws(),
): Promise<{ aws: LocalAws; customer: Made; gateway: Made; connect: (more?: Props) => Promise<Made> }> {
  const customer = await aCustomerGateway(aws);
  const gateway = await aws.create(VGW, { amazonSideAsn: '64600' });
  const connect = (more: Props = {}) =>
    aws.create(CONNECTION, { type: 'ipsec.1', customerGatewayId: customer.id, vpnGatewayId: gateway.id, ...more });
  return { aws, customer, gateway, connect };
}

describe('local AWS: customer gateways', () => {
  for (const [inputs, words] of [
    [
      { type: 'ipsec.1', bgpAsn: '4200000000', ipAddress: '203.0.113.1' },
      /bgpAsn \(4200000000\) must be in the range 0 to 2147483647/,
    ],
    [
      { type: 'ipsec.1', bgpAsnExtended: '65010', ipAddress: '203.0.113.1' },
      /bgpAsnExtended \(65010\) must be in the range/,
    ],
    [{ type: 'ipsec.1', bgpAsn: '65010', bgpAsnExtended: '4200000000', ipAddress: '203.0.113.1' }, /conflicts with/],
    [{ type: 'ipsec.1', bgpAsn: 'AS65010', ipAddress: '203.0.113.1' }, /must be a number/],
    [{ type: 'ipsec.1', bgpAsn: '65010', ipAddress: 'gateway.example' }, /valid IPv4 address/],
    [{ type: 'ipsec.2', bgpAsn: '65010', ipAddress: '203.0.113.1' }, /one of \["ipsec\.1"\]/],
  ] as const) {
    it(`${JSON.stringify(inputs)} is refused at preview`, () => {
      assert.match(reasons(new LocalAws().check(CUSTOMER, inputs)), words);
    });
  }

  it('a 32-bit number goes by bgpAsnExtended, and a number as a number is of the wrong type', async () => {
    const aws = new LocalAws();
    const made = await aws.create(CUSTOMER, {
      type: 'ipsec.1',
      bgpAsnExtended: '4200000000',
      ipAddress: '203.0.113.1',
    });
    assert.equal(made.outputs['bgpAsnExtended'], '4200000000');
    assert.match(reasons(aws.check(CUSTOMER, { type: 'ipsec.1', bgpAsn: 65010 })), /expected a string, got a number/);
  });

  it('an address that is not on the internet is refused', async () => {
    await refuses('InvalidParameterValue', /Invalid IP address/, () => aCustomerGateway(new LocalAws(), '10.0.0.1'));
  });

  it('a device without an address or certificate is refused', async () => {
    await refuses('MissingParameter', /ipAddress or certificateArn/, () =>
      new LocalAws().create(CUSTOMER, { type: 'ipsec.1', bgpAsn: '65010' }),
    );
  });

  it('an identical request gives the same gateway', async () => {
    const aws = new LocalAws();
    assert.equal((await aCustomerGateway(aws)).id, (await aCustomerGateway(aws)).id);
  });

  it('stays while a connection uses it', async () => {
    const { aws, customer, connect } = await sides();
    const connection = await connect();
    await refuses('IncorrectState', /customer gateway is in use/, () => aws.delete(customer));
    await aws.delete(connection);
    await aws.delete(customer);
  });
});

describe('local AWS: virtual private gateways', () => {
  it('attach to one VPC, and a VPC has one', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const [first, second] = [await aws.create(VGW, {}), await aws.create(VGW, {})];
    await aws.create(ATTACHMENT, { vpcId: vpc.id, vpnGatewayId: first.id });
    await refuses('VpnGatewayAttachmentLimitExceeded', /maximum number/, () =>
      aws.create(ATTACHMENT, { vpcId: vpc.id, vpnGatewayId: second.id }),
    );
    const other = await aVpc(aws, '10.101.0.0/16');
    await refuses('VpnGatewayAttachmentLimitExceeded', /already attached/, () =>
      aws.create(ATTACHMENT, { vpcId: other.id, vpnGatewayId: first.id }),
    );
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(vpc));
    await refuses('IncorrectState', /is attached to a VPC/, () => aws.delete(first));
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('attach by their own vpcId as well, and detach when deleted', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const gateway = await aws.create(VGW, { vpcId: vpc.id });
    await refuses('VpnGatewayAttachmentLimitExceeded', /maximum number/, () => aws.create(VGW, { vpcId: vpc.id }));
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(vpc));
    await aws.delete(gateway);
    await aws.delete(vpc);
  });

  it('show at refresh the VPC that an attachment gave them', async () => {
    const aws = new LocalAws();
    const gateway = await aws.create(VGW, {});
    const vpc = await aVpc(aws);
    await aws.create(ATTACHMENT, { vpcId: vpc.id, vpnGatewayId: gateway.id });
    assert.equal((await aws.read(gateway))?.['vpcId'], vpc.id);
  });

  it('propagate into tables of the VPC they are attached to', async () => {
    const { aws, vpc, tables } = await aNetwork();
    const gateway = await aws.create(VGW, {});
    const propagate = () => aws.create(PROPAGATION, { routeTableId: tables[0].id, vpnGatewayId: gateway.id });
    await refuses('Gateway.NotAttached', /is not attached to network vpc-/, propagate);
    await aws.create(ATTACHMENT, { vpcId: vpc.id, vpnGatewayId: gateway.id });
    assert.equal((await propagate()).id, `${gateway.id}_${tables[0].id}`);
  });

  for (const amazonSideAsn of ['64511', '65535', '4294967295', '13']) {
    it(`refuse the number ${amazonSideAsn}`, () => {
      assert.match(reasons(new LocalAws().check(VGW, { amazonSideAsn })), /64512 to 65534 or 4200000000 to 4294967294/);
    });
  }

  it('stay while a connection ends on them', async () => {
    const { aws, gateway, connect } = await sides();
    await connect();
    await refuses('IncorrectState', /in use by a VPN connection/, () => aws.delete(gateway));
  });
});

describe('local AWS: VPN connections', () => {
  it('take the first inside address for AWS and the second for the customer', async () => {
    const { connect } = await sides();
    const { outputs } = await connect({
      tunnel1InsideCidr: '169.254.21.0/30',
      tunnel2InsideCidr: '169.254.21.4/30',
      tunnel1PresharedKey: 'first_key.1',
      tunnel2PresharedKey: 'second_key.2',
    });
    assert.equal(outputs['tunnel1VgwInsideAddress'], '169.254.21.1');
    assert.equal(outputs['tunnel1CgwInsideAddress'], '169.254.21.2');
    assert.equal(outputs['tunnel2VgwInsideAddress'], '169.254.21.5');
    assert.equal(outputs['tunnel2CgwInsideAddress'], '169.254.21.6');
    assert.equal(outputs['tunnel1BgpAsn'], '64600');
    assert.notEqual(outputs['tunnel1Address'], outputs['tunnel2Address']);
    const document = String(outputs['customerGatewayConfiguration']);
    for (const part of ['first_key.1', 'second_key.2', '203.0.113.1', '169.254.21.6', '<asn>65010</asn>']) {
      assert.ok(document.includes(part), part);
    }
  });

  it('draw inside ranges and keys where none are given', async () => {
    const { connect } = await sides();
    const { outputs } = await connect();
    assert.match(String(outputs['tunnel1InsideCidr']), /^169\.254\.\d+\.\d+\/30$/);
    assert.notEqual(outputs['tunnel1InsideCidr'], outputs['tunnel2InsideCidr']);
    assert.match(String(outputs['tunnel1PresharedKey']), /^[1-9A-Za-z][0-9A-Za-z._]{31}$/);
    assert.notEqual(outputs['tunnel1PresharedKey'], outputs['tunnel2PresharedKey']);
  });

  it('know at preview what was asked, and neither addresses nor configuration', () => {
    const outputs = new LocalAws().preview(CONNECTION, {
      type: 'ipsec.1',
      customerGatewayId: UNKNOWN,
      vpnGatewayId: UNKNOWN,
      tunnel1InsideCidr: '169.254.21.0/30',
    });
    assert.equal(outputs['tunnel1InsideCidr'], '169.254.21.0/30');
    for (const name of [
      'tunnel1Address',
      'tunnel2Address',
      'tunnel1CgwInsideAddress',
      'customerGatewayConfiguration',
      'transitGatewayAttachmentId',
    ]) {
      assert.equal(outputs[name], UNKNOWN, name);
    }
  });

  for (const [inputs, words] of [
    [{ tunnel1InsideCidr: '169.254.0.0/30' }, /to not be any of/],
    [{ tunnel1InsideCidr: '169.254.5.0/30' }, /to not be any of/],
    [{ tunnel2InsideCidr: '169.254.169.252/30' }, /to not be any of/],
    [{ tunnel1InsideCidr: '169.254.21.0/29' }, /between 30 and 30 significant bits/],
    [{ tunnel1InsideCidr: '169.254.21.1/30' }, /expected 169\.254\.21\.0\/30/],
    [{ tunnel1InsideCidr: '10.0.0.0/30' }, /must be within 169\.254\.0\.0\/16/],
    [{ tunnel1PresharedKey: '0startsWithZero' }, /cannot start with zero/],
    [{ tunnel1PresharedKey: 'has-a-hyphen' }, /can only contain alphanumeric, period and underscore/],
    [{ tunnel2PresharedKey: 'short' }, /range \(8 - 64\)/],
    [{ tunnel1PresharedKey: 'x'.repeat(65) }, /range \(8 - 64\)/],
    [{ tunnel1Phase1LifetimeSeconds: 36000 }, /tunnel1Phase1LifetimeSeconds to be in the range \(900 - 28800\)/],
    [{ tunnel1Phase2LifetimeSeconds: 10800 }, /tunnel1Phase2LifetimeSeconds to be in the range \(900 - 3600\)/],
    [{ tunnel1IkeVersions: ['ikev3'] }, /"ikev1" "ikev2"/],
    [{ tunnel1Phase1EncryptionAlgorithms: ['AES-256'] }, /"AES256"/],
    [{ tunnel1Phase1IntegrityAlgorithms: ['SHA256'] }, /"SHA2-256"/],
    [{ tunnel1Phase1DhGroupNumbers: [5] }, /got 5/],
    [{ tunnel2Phase2DhGroupNumbers: [1] }, /got 1/],
    [{ tunnel1DpdTimeoutSeconds: 10 }, /range \(30 -/],
    [{ tunnel1StartupAction: 'restart' }, /"add" "start"/],
    [{ transitGatewayId: 'tgw-1' }, /conflicts with/],
    [{ enableAcceleration: true }, /only supported with a transit gateway/],
  ] as const) {
    it(`${JSON.stringify(inputs).slice(0, 60)} is refused at preview, without showing a key`, () => {
      const base = { type: 'ipsec.1', customerGatewayId: 'cgw-1', vpnGatewayId: 'vgw-1' };
      const found = reasons(new LocalAws().check(CONNECTION, { ...base, ...(inputs as Props) }));
      assert.match(found, words);
      const key = (inputs as Props)['tunnel1PresharedKey'];
      if (typeof key === 'string') assert.ok(!found.includes(key));
    });
  }

  it('refuse inside ranges that the other tunnel or another connection has', async () => {
    const { aws, gateway, connect } = await sides();
    await refuses('InvalidParameterCombination', /must be unique/, () =>
      connect({ tunnel1InsideCidr: '169.254.21.0/30', tunnel2InsideCidr: '169.254.21.0/30' }),
    );
    await connect({ tunnel1InsideCidr: '169.254.21.0/30', tunnel2InsideCidr: '169.254.21.4/30' });
    const other = await aCustomerGateway(aws, '203.0.113.2');
    await refuses('InvalidParameterValue', /169\.254\.21\.4\/30' is already in use/, () =>
      aws.create(CONNECTION, {
        type: 'ipsec.1',
        customerGatewayId: other.id,
        vpnGatewayId: gateway.id,
        tunnel1InsideCidr: '169.254.21.4/30',
      }),
    );
  });

  it('refuse a second connection to the same device on one gateway', async () => {
    const { connect } = await sides();
    await connect();
    await refuses('InvalidCustomerGateway.DuplicateIpAddress', /Conflict among chosen gateway IP addresses/, () =>
      connect(),
    );
  });

  it('refuse lifetimes and margins that do not go together', async () => {
    const { connect } = await sides();
    await refuses('InvalidParameterValue', /less than the phase 1 lifetime/, () =>
      connect({ tunnel1Phase1LifetimeSeconds: 900, tunnel1Phase2LifetimeSeconds: 900 }),
    );
    await refuses('InvalidParameterValue', /half of the phase 2 lifetime/, () =>
      connect({ tunnel1Phase2LifetimeSeconds: 900, tunnel1RekeyMarginTimeSeconds: 500 }),
    );
  });

  it('need both ends', async () => {
    const { aws, customer, gateway } = await sides();
    const type = 'ipsec.1';
    await refuses('InvalidCustomerGatewayID.NotFound', /cgw-9/, () =>
      aws.create(CONNECTION, { type, customerGatewayId: 'cgw-9', vpnGatewayId: gateway.id }),
    );
    await refuses('InvalidVpnGatewayID.NotFound', /vgw-9/, () =>
      aws.create(CONNECTION, { type, customerGatewayId: customer.id, vpnGatewayId: 'vgw-9' }),
    );
    await refuses('MissingParameter', /exactly one of/, () =>
      aws.create(CONNECTION, { type, customerGatewayId: customer.id }),
    );
  });

  it('keep addresses and the other key when one key changes', async () => {
    const { aws, customer, gateway, connect } = await sides();
    const before = await connect({ tunnel1PresharedKey: 'first_key.1', tunnel2PresharedKey: 'second_key.2' });
    const after = await aws.update(before, {
      type: 'ipsec.1',
      customerGatewayId: customer.id,
      vpnGatewayId: gateway.id,
      tunnel1PresharedKey: 'other_key.1',
      tunnel2PresharedKey: 'second_key.2',
    });
    for (const name of ['tunnel1Address', 'tunnel2Address', 'tunnel1InsideCidr', 'tunnel2PresharedKey']) {
      assert.equal(after.outputs[name], before.outputs[name], name);
    }
    assert.ok(String(after.outputs['customerGatewayConfiguration']).includes('other_key.1'));
  });

  it('move to a transit gateway and back, with an attachment there for as long', async () => {
    const { aws, customer, gateway, connect } = await sides();
    const transit = await aws.create('ec2transitgateway/transitGateway:TransitGateway', { amazonSideAsn: 64601 });
    const asked = { type: 'ipsec.1', customerGatewayId: customer.id };
    const before = await connect();
    const moved = await aws.update(before, { ...asked, transitGatewayId: transit.id });
    assert.match(String(moved.outputs['transitGatewayAttachmentId']), /^tgw-attach-/);
    for (const name of ['tunnel1Address', 'tunnel1InsideCidr', 'tunnel1PresharedKey']) {
      assert.equal(moved.outputs[name], before.outputs[name], name);
    }
    assert.equal(moved.outputs['vpnGatewayId'], undefined);
    const same = await aws.update(moved, { ...asked, transitGatewayId: transit.id, tags: { a: 'b' } });
    assert.equal(same.outputs['transitGatewayAttachmentId'], moved.outputs['transitGatewayAttachmentId']);
    const back = await aws.update(same, { ...asked, vpnGatewayId: gateway.id });
    assert.equal(back.outputs['transitGatewayAttachmentId'], '');
    await aws.delete(transit);
    await refuses('IncorrectState', /in use by a VPN connection/, () => aws.delete(gateway));
  });
});
