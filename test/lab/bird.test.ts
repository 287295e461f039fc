import assert from 'node:assert/strict';
import { birdConfiguration } from '../../lab/network/bird';
import type { TunnelEnd, VirtualNetwork } from '../../lab/network/model';

const end: TunnelEnd = {
  ...{ name: '0', urn: 'u', outside: '192.0.2.1', peerOutside: '192.0.2.2', presharedKey: 'k', ikeVersions: [2] },
  ...{
    ikeProposals: [],
    espProposals: [],
    ikeLifetime: 1,
    espLifetime: 1,
    initiates: true,
    deadPeerTimeout: 30,
    mtu: 1400,
  },
  session: {
    ...{ urn: 'u', localAddress: '169.254.10.1', localAsn: 64512, peerAddress: '169.254.10.2', peerAsn: 65010 },
    ...{ holdTime: 30, keepalive: 10, advertised: ['10.100.0.0/16'], metric: 100 },
  },
};

const network = (change: Partial<VirtualNetwork>): VirtualNetwork => ({
  ...{ name: 'n', cloud: 'gcp', urn: 'u', localRanges: [], profiles: [], memberSets: [], acls: [], tunnels: [end] },
  routingTables: [
    { table: 100, urn: 'a', sources: ['10.0.0.0/16'], learns: true, members: [], routes: [] },
    { table: 101, urn: 'b', sources: ['10.1.0.0/16'], learns: false, members: [], routes: [] },
  ],
  ...{ multipath: false, mtu: 1460 },
  ...change,
});

describe("BIRD's configuration", () => {
  it('has the numbers and addresses of the session', () => {
    const text = birdConfiguration(network({}));
    assert.match(text, /local 169\.254\.10\.1 as 64512;/);
    assert.match(text, /neighbor 169\.254\.10\.2 as 65010;/);
    assert.match(text, /bgp_med = 100;/);
  });

  it('writes learnt routes into the tables that learn, and into no other', () => {
    const text = birdConfiguration(network({}));
    assert.match(text, /kernel table 100;/);
    assert.doesNotMatch(text, /kernel table 101;/);
  });

  it('uses equal routes together only where the cloud does', () => {
    assert.doesNotMatch(birdConfiguration(network({})), /merge paths/);
    assert.match(birdConfiguration(network({ multipath: true })), /merge paths on/);
  });

  it('exports nothing where nothing is advertised', () => {
    const silent = { ...end, session: { ...end.session!, advertised: [] } };
    assert.doesNotMatch(birdConfiguration(network({ tunnels: [silent] })), /accept;/);
  });
});
