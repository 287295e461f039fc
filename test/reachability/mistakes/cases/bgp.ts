/** BGP over the tunnels: sessions, AS numbers, inside addresses, and what is advertised. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const RANGES = ['10.150.0.0/16', '10.250.0.0/16'];
const advertise = (s: Stack, ranges: readonly string[]): unknown =>
  s.set(
    n.ROUTER,
    'bgp.advertisedIpRanges',
    ranges.map((range) => ({ range })),
  );

export const bgp: readonly Mistake[] = [
  {
    name: 'the Cloud Router does not advertise the pods',
    traps: ['network 9'],
    change: (s) => advertise(s, RANGES.slice(0, 1)),
    blocks: [[n.AT_GOOGLE_PODS, 'bgp', n.ROUTER, 'not-advertised']],
  },
  {
    name: 'the Cloud Router does not advertise the nodes',
    traps: ['network 9'],
    change: (s) => advertise(s, RANGES.slice(1)),
    blocks: [[/^(seeds|DNS), dc1 to dc2/, 'bgp', n.ROUTER, 'not-advertised']],
  },
  {
    name: 'the Cloud Router advertises half of the pods',
    change: (s) => advertise(s, ['10.150.0.0/16', '10.250.128.0/17']),
    blocks: [[n.AT_GOOGLE_PODS, 'bgp', n.ROUTER, 'not-advertised']],
  },
  {
    name: 'the Cloud Router advertises the services too',
    change: (s) => advertise(s, [...RANGES, '172.21.0.0/16']),
    findings: [`services-advertised ${n.ROUTER}`],
  },
  {
    name: 'every BGP peer has a list of its own without the subnets',
    traps: ['network 9'],
    change: (s) => n.PEERS.forEach((key) => s.set(key, 'advertiseMode', 'CUSTOM')),
    blocks: [[n.CROSSING, 'bgp', n.peer(0), 'not-advertised']],
  },
  {
    name: 'one BGP peer has a list of its own without the pods',
    traps: ['network 9'],
    change: (s) =>
      s.set(n.peer(2), 'advertiseMode', 'CUSTOM').set(n.peer(2), 'advertisedIpRanges', [{ range: '10.150.0.0/16' }]),
    findings: [`uneven-advertisement ${n.peer(2)}`],
  },
  {
    name: 'more prefixes are advertised than a virtual private gateway takes',
    on: 'virtualPrivate',
    change: (s) =>
      advertise(s, [
        ...RANGES,
        ...Array.from({ length: 100 }, (_, k) => `10.${151 + Math.floor(k / 16)}.${(k % 16) * 16}.0/20`),
      ]),
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'prefix-limit']],
    findings: [`prefix-limit ${n.ROUTER}`],
  },
  {
    name: 'more prefixes are advertised than a transit gateway takes',
    on: 'transit',
    change: (s) =>
      advertise(s, [
        ...RANGES,
        ...Array.from({ length: 1000 }, (_, k) => `10.${151 + Math.floor(k / 256)}.${k % 256}.0/24`),
      ]),
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'prefix-limit']],
    findings: [`prefix-limit ${n.ROUTER}`],
  },
  {
    name: 'Cloud DNS forwards a zone, but its source range is not advertised',
    traps: ['network 9'],
    change: (s) => {
      const zone = s.addBeside(n.NETWORK, 'gcp:dns/managedZone:ManagedZone', 'corporate', {
        dnsName: 'corp.example.',
        visibility: 'private',
        forwardingConfig: { targetNameServers: [{ ipv4Address: '10.100.19.251' }] },
        privateVisibilityConfig: { networks: [{ networkUrl: s.find(n.NETWORK).id ?? null }] },
      });
      s.setSources(zone, 'privateVisibilityConfig', [s.urn(n.NETWORK)]);
    },
    findings: [`cloud-dns-source ${n.ROUTER}`],
  },
  {
    name: 'every BGP peer is switched off',
    change: (s) => n.PEERS.forEach((key) => s.set(key, 'enable', false)),
    blocks: [[n.CROSSING, 'bgp', n.peer(0), 'router-peer']],
    findings: [
      `router-peer ${n.peer(0)}`,
      `router-peer ${n.peer(1)}`,
      `router-peer ${n.peer(2)}`,
      `router-peer ${n.peer(3)}`,
    ],
  },
  {
    name: 'one BGP peer is switched off',
    change: (s) => s.set(n.peer(1), 'enable', false),
    findings: [`router-peer ${n.peer(1)}`],
  },
  {
    name: 'a tunnel has no router interface',
    change: (s) => s.remove(n.peer(0), n.routerInterface(0)),
    findings: [`router-interface ${n.tunnel(0)}`],
  },
  {
    name: 'an interface has no BGP peer',
    change: (s) => s.remove(n.peer(0)),
    findings: [`router-peer ${n.routerInterface(0)}`],
  },
  {
    name: 'every connection has static routes only',
    change: (s) => n.CONNECTIONS.forEach((key) => s.set(key, 'staticRoutesOnly', true)),
    blocks: [[n.CROSSING, 'bgp', n.connection(0), 'static-routes-only']],
    findings: [`static-routes-only ${n.connection(0)}`, `static-routes-only ${n.connection(1)}`],
  },
  {
    name: 'the customer gateways expect another AS number',
    change: (s) => [0, 1].forEach((k) => s.set(n.customer(k), 'bgpAsn', '65000')),
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'asn-mismatch']],
    findings: [`asn-mismatch ${n.ROUTER}`],
  },
  {
    name: 'one customer gateway has no AS number and takes the default',
    change: (s) => s.set(n.customer(1), 'bgpAsn', undefined),
    findings: [`asn-mismatch ${n.customer(1)}`, `single-connection ${n.GATEWAY}`],
  },
  {
    name: 'the BGP peers expect another AS number of AWS',
    change: (s) => n.PEERS.forEach((key) => s.set(key, 'peerAsn', 64513)),
    blocks: [[n.CROSSING, 'bgp', n.GATEWAY, 'asn-mismatch']],
    findings: [`asn-mismatch ${n.GATEWAY}`],
  },
  {
    name: 'both sides have one AS number',
    change: (s) => {
      s.set(n.ROUTER, 'bgp.asn', 64512);
      [0, 1].forEach((k) => s.set(n.customer(k), 'bgpAsn', '64512'));
    },
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'asn-equal']],
    findings: [`asn-equal ${n.ROUTER}`],
  },
  {
    name: 'the Cloud Router has a public AS number',
    change: (s) => {
      s.set(n.ROUTER, 'bgp.asn', 15169);
      [0, 1].forEach((k) => s.set(n.customer(k), 'bgpAsn', '15169'));
    },
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'asn-range']],
    findings: [`asn-range ${n.ROUTER}`],
  },
  {
    name: 'the inside ranges are ones that AWS keeps',
    change: (s) => [0, 1, 2, 3].forEach((k) => insideRange(s, k, `169.254.${k + 1}`, 0)),
    blocks: [[n.CROSSING, 'bgp', n.connection(0), 'inside-range']],
    findings: [`inside-range ${n.connection(0)}`, `inside-range ${n.connection(1)}`],
  },
  {
    name: 'two tunnels share an inside range',
    change: (s) => insideRange(s, 1, '169.254.214', 176),
    findings: [`inside-range ${n.connection(0)}`, `single-connection ${n.GATEWAY}`],
  },
  {
    name: 'a router interface has the address of AWS',
    change: (s) => s.rewrite(n.routerInterface(0), 'ipRange', (text) => text.replace('.178/', '.177/')),
    findings: [`inside-address ${n.routerInterface(0)}`],
  },
  {
    name: 'a BGP peer dials an address outside of its tunnel',
    change: (s) => s.rewrite(n.peer(2), 'peerIpAddress', (text) => text.replace(/[0-9]+$/, '9')),
    findings: [`inside-address ${n.peer(2)}`],
  },
  {
    name: 'the Cloud Router is in another region than the tunnels',
    change: (s) => s.set(n.ROUTER, 'region', 'europe-west1'),
    blocks: [[n.CROSSING, 'bgp', n.ROUTER, 'router-region']],
    findings: [`router-region ${n.ROUTER}`],
  },
  {
    name: 'the VPN ends in another region, with regional routing',
    change: (s) => {
      vpnElsewhere(s);
      s.set(n.NETWORK, 'routingMode', 'REGIONAL');
    },
    blocks: [[n.CROSSING, 'route', n.NETWORK, 'regional-routing']],
  },
  {
    name: 'the VPN ends in another region, and the gateway has no global access',
    change: (s) => {
      vpnElsewhere(s);
      s.set(n.GATEWAY2, n.gke('internal-load-balancer-allow-global-access'), undefined);
    },
    blocks: [[/^seeds, dc1 to dc2/, 'load-balancer', n.GATEWAY2, 'global-access']],
  },
];

function insideRange(s: Stack, k: number, prefix: string, base: number): void {
  s.set(n.connection(Math.floor(k / 2)), `tunnel${(k % 2) + 1}InsideCidr`, `${prefix}.${base}/30`);
  s.set(n.routerInterface(k), 'ipRange', `${prefix}.${base + 2}/30`);
  s.set(n.peer(k), 'ipAddress', `${prefix}.${base + 2}`).set(n.peer(k), 'peerIpAddress', `${prefix}.${base + 1}`);
}

export function vpnElsewhere(s: Stack): void {
  const parts = [n.HA_GATEWAY, n.ROUTER, ...n.TUNNELS, ...n.PEERS, ...[0, 1, 2, 3].map(n.routerInterface)];
  for (const key of parts) s.set(key, 'region', 'europe-west1');
}
