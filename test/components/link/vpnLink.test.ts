import assert from 'node:assert/strict';
import type { VpnLink } from '../../../components/link/vpnLink';
import type { LinkPlan } from '../../../plan/types';
import { gcpPlan, linkPlan } from '../fixturesGcp';
import type { Recording } from '../recorder';
import { HA_ADDRESSES, linkedSites } from './linkedSites';

const TUNNEL = 'gcp:compute/vPNTunnel:VPNTunnel';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const CUSTOMER = 'aws:ec2/customerGateway:CustomerGateway';

type Inputs = Readonly<Record<string, unknown>>;

function inputsOf(recording: Recording, type: string): readonly Inputs[] {
  return recording.ofType(type).map(({ inputs }) => inputs);
}

/** The value of a possibly secret input. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

describe('a VPN link', () => {
  let recording: Recording;
  let link: VpnLink;
  let connections: readonly Inputs[];
  let tunnels: readonly Inputs[];
  before(async () => {
    ({ recording, link } = await linkedSites());
    connections = inputsOf(recording, CONNECTION);
    tunnels = inputsOf(recording, TUNNEL);
  });

  it('has a customer gateway for each interface of the HA VPN gateway, found by its id', () => {
    assert.deepEqual(
      inputsOf(recording, CUSTOMER).map(({ ipAddress, bgpAsn, bgpAsnExtended }) => [ipAddress, bgpAsn, bgpAsnExtended]),
      [
        [HA_ADDRESSES[0], '64513', undefined],
        [HA_ADDRESSES[1], '64513', undefined],
      ],
    );
  });

  it('gives AWS a 32-bit ASN above 2147483647 by its other name', async () => {
    const wide: LinkPlan = { ...linkPlan, gcpAsn: 4200000001 };
    const { recording: other } = await linkedSites({ link: wide });
    for (const inputs of inputsOf(other, CUSTOMER)) {
      assert.equal(inputs.bgpAsn, undefined);
      assert.equal(inputs.bgpAsnExtended, '4200000001');
    }
  });

  it('maps interfaces exactly: external 0 to 3 are the tunnels of connections A, A, B, B', () => {
    const { inputs } = recording.one('gcp:compute/externalVpnGateway:ExternalVpnGateway');
    assert.equal(inputs.redundancyType, 'FOUR_IPS_REDUNDANCY');
    assert.deepEqual(inputs.interfaces, [
      { id: 0, ipAddress: 'link-connection-0-tunnel1' },
      { id: 1, ipAddress: 'link-connection-0-tunnel2' },
      { id: 2, ipAddress: 'link-connection-1-tunnel1' },
      { id: 3, ipAddress: 'link-connection-1-tunnel2' },
    ]);
    assert.deepEqual(
      tunnels.map(({ peerExternalGatewayInterface, vpnGatewayInterface }) => [
        peerExternalGatewayInterface,
        vpnGatewayInterface,
      ]),
      [
        [0, 0],
        [1, 0],
        [2, 1],
        [3, 1],
      ],
    );
    assert.deepEqual(
      connections.map(({ customerGatewayId }) => customerGatewayId),
      ['link-customer-0-id', 'link-customer-1-id'],
    );
  });

  it('has a key of its own for each tunnel, the same at both ends of it', () => {
    const keys = tunnels.map(({ sharedSecret }) => plain(sharedSecret));
    assert.deepEqual(
      keys,
      [0, 1, 2, 3].map((number) => `klink-psk-${number}-value`),
    );
    assert.deepEqual(
      connections.flatMap((inputs) => [plain(inputs.tunnel1PresharedKey), plain(inputs.tunnel2PresharedKey)]),
      keys,
    );
  });

  it("makes keys in AWS's alphabet, as long as AWS takes at most", () => {
    const passwords = inputsOf(recording, 'random:index/randomPassword:RandomPassword');
    assert.equal(passwords.length, 4);
    for (const { length, special } of passwords) {
      assert.equal(special, false);
      assert.ok(typeof length === 'number' && length + 1 >= 8 && length + 1 <= 64);
    }
  });

  it('offers one algorithm for each role, the same on both sides', () => {
    for (const inputs of connections) {
      for (const tunnel of ['tunnel1', 'tunnel2']) {
        assert.deepEqual(inputs[`${tunnel}IkeVersions`], ['ikev2']);
        for (const phase of ['Phase1', 'Phase2']) {
          assert.deepEqual(inputs[`${tunnel}${phase}EncryptionAlgorithms`], ['AES256']);
          assert.deepEqual(inputs[`${tunnel}${phase}IntegrityAlgorithms`], ['SHA2-256']);
          assert.deepEqual(inputs[`${tunnel}${phase}DhGroupNumbers`], [14]);
        }
      }
    }
    const role = { encryptions: ['AES-CBC-256'], integrities: ['HMAC-SHA2-256-128'] };
    for (const { ikeVersion, cipherSuite } of tunnels) {
      assert.equal(ikeVersion, 2);
      assert.deepEqual(cipherSuite, {
        phase1: { ...role, prves: ['PRF-HMAC-SHA2-256'], dhs: ['Group-14'] },
        phase2: { ...role, pfs: ['Group-14'] },
      });
    }
  });

  it('lets AWS start the exchange, restart it after a loss, and log both', () => {
    for (const inputs of connections) {
      for (const tunnel of ['tunnel1', 'tunnel2']) {
        assert.equal(inputs[`${tunnel}StartupAction`], 'start');
        assert.equal(inputs[`${tunnel}DpdTimeoutAction`], 'restart');
        const { cloudwatchLogOptions } = inputs[`${tunnel}LogOptions`] as { cloudwatchLogOptions: Inputs };
        assert.equal(cloudwatchLogOptions.logEnabled, true);
        assert.equal(cloudwatchLogOptions.logGroupArn, 'arn:link-tunnel-logs');
      }
    }
  });

  it('uses the planned inside ranges on both sides', () => {
    assert.deepEqual(
      connections.flatMap(({ tunnel1InsideCidr, tunnel2InsideCidr }) => [tunnel1InsideCidr, tunnel2InsideCidr]),
      linkPlan.tunnels.map(({ cidr }) => cidr),
    );
    assert.deepEqual(
      inputsOf(recording, 'gcp:compute/routerInterface:RouterInterface').map(({ ipRange }) => ipRange),
      ['169.254.40.2/30', '169.254.40.6/30', '169.254.40.10/30', '169.254.40.14/30'],
    );
  });

  it('has a BGP session in each tunnel with the other end of its range', () => {
    assert.deepEqual(
      inputsOf(recording, 'gcp:compute/routerPeer:RouterPeer').map((inputs) => [
        inputs.ipAddress,
        inputs.peerIpAddress,
        inputs.peerAsn,
        inputs.interface,
      ]),
      linkPlan.tunnels.map(({ gcpAddress, awsAddress, externalInterface }) => [
        gcpAddress,
        awsAddress,
        64512,
        `xcloud-aws-eu-west-1--gcp-europe-west4-interface-${externalInterface}`,
      ]),
    );
  });

  it('advertises exactly the planned prefixes: pods, and no services', () => {
    const { bgp } = recording.one('gcp:compute/router:Router').inputs as { bgp: Inputs };
    const ranges = (bgp.advertisedIpRanges as { range: string }[]).map(({ range }) => range);
    assert.equal(bgp.asn, 64513);
    assert.equal(bgp.advertiseMode, 'CUSTOM');
    assert.equal(bgp.advertisedGroups, undefined);
    assert.deepEqual(ranges, gcpPlan.advertised);
    assert.ok(ranges.includes(gcpPlan.pods));
    assert.ok(!ranges.includes(gcpPlan.services));
    for (const inputs of inputsOf(recording, 'gcp:compute/routerPeer:RouterPeer')) {
      assert.equal(inputs.advertiseMode, 'DEFAULT');
    }
  });

  it('puts every resource under the provider of its cloud', () => {
    for (const cloud of ['aws', 'gcp']) {
      const provider = recording.one(`pulumi:providers:${cloud}`);
      for (const resource of recording.resources.filter(({ type }) => type.startsWith(`${cloud}:`))) {
        assert.ok(resource.provider.startsWith(provider.urn), `${resource.name} is under another provider`);
      }
    }
  });

  it('is ready when sessions, routes and firewall are there', () => {
    const names = link.ready.map((resource) => (resource as unknown as { __name: string }).__name);
    assert.deepEqual(names.sort(), [
      'aws-vpn-propagation-eu-west-1a',
      'aws-vpn-propagation-eu-west-1b',
      'aws-vpn-propagation-eu-west-1c',
      'link-peer-0',
      'link-peer-1',
      'link-peer-2',
      'link-peer-3',
      'peers',
    ]);
  });

  it('is ready over a transit gateway when the connections take part in its routing as well', async () => {
    const transit = await linkedSites({ kind: 'transit' });
    const names = transit.link.ready.map((resource) => (resource as unknown as { __name: string }).__name);
    for (const number of [0, 1]) {
      assert.ok(names.includes(`link-connection-${number}-association`));
      assert.ok(names.includes(`link-connection-${number}-propagation`));
    }
  });

  it('registers the same resources at the first preview, with every planned address known', async () => {
    const { recording: preview } = await linkedSites({ preview: true });
    const registered = ({ resources }: Recording) => resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(registered(preview), registered(recording));
    assert.deepEqual(
      inputsOf(preview, CONNECTION).flatMap(({ tunnel1InsideCidr, tunnel2InsideCidr }) => [
        tunnel1InsideCidr,
        tunnel2InsideCidr,
      ]),
      linkPlan.tunnels.map(({ cidr }) => cidr),
    );
    assert.deepEqual(
      inputsOf(preview, 'gcp:compute/routerPeer:RouterPeer').map(({ peerIpAddress }) => peerIpAddress),
      linkPlan.tunnels.map(({ awsAddress }) => awsAddress),
    );
  });

  it('refuses a plan that lacks a tunnel, naming it', async () => {
    const short: LinkPlan = { ...linkPlan, tunnels: linkPlan.tunnels.slice(0, 3) };
    await assert.rejects(linkedSites({ link: short }), /no tunnel 2 of connection 1/);
  });
});
