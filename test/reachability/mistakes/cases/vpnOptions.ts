/** Options of the VPN that one cloud refuses, or that the other has nothing to answer with. */
import type { Stack } from '../edit';
import type { Block, Mistake } from '../mistake';
import * as n from '../names';

const onEveryTunnel = (s: Stack, option: string, value: number | readonly string[]): unknown =>
  n.CONNECTIONS.forEach((key) => ['tunnel1', 'tunnel2'].forEach((name) => s.set(key, `${name}${option}`, value)));
const onEvery = (keys: readonly string[], property: string, value: unknown) => (s: Stack) =>
  keys.forEach((key) => s.set(key, property, value as string));
const CUSTOMERS = [0, 1].map(n.customer);
const stop = (hop: 'tunnel' | 'bgp', resource: string, rule: string): readonly Block[] => [
  [n.CROSSING, hop, resource, rule],
];
const found = (rule: string, keys: readonly string[]): readonly string[] => keys.map((key) => `${rule} ${key}`);
const refusedBy = (
  keys: readonly string[],
  hop: 'tunnel' | 'bgp',
  rule: string,
): Pick<Mistake, 'blocks' | 'findings'> => ({
  blocks: stop(hop, keys[0] as string, rule),
  findings: found(rule, keys),
});

export const vpnOptions: readonly Mistake[] = [
  {
    name: 'the lifetime of phase 1 is shorter than AWS takes',
    change: (s) => onEveryTunnel(s, 'Phase1LifetimeSeconds', 600),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'tunnel-option'),
  },
  {
    name: "the lifetime of phase 2 is Google's, three hours",
    change: (s) => onEveryTunnel(s, 'Phase2LifetimeSeconds', 10_800),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'tunnel-option'),
  },
  {
    name: 'the lifetime of phase 1 is as short as that of phase 2',
    change: (s) => onEveryTunnel(s, 'Phase1LifetimeSeconds', 3_600),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'tunnel-option'),
  },
  {
    name: 'the rekey margin is more than half of the lifetime of phase 2',
    change: (s) => onEveryTunnel(s, 'RekeyMarginTimeSeconds', 2_000),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'tunnel-option'),
  },
  {
    name: 'dead peers are detected faster than AWS offers',
    change: (s) => onEveryTunnel(s, 'DpdTimeoutSeconds', 10),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'tunnel-option'),
  },
  {
    name: "AWS is given Google's name of an algorithm",
    change: (s) => s.set(n.connection(1), 'tunnel1Phase2EncryptionAlgorithms', ['AES-CBC-256']),
    findings: [`tunnel-option ${n.connection(1)}`],
  },
  {
    name: 'Google asks for another pseudo-random function than AWS has with its hash',
    change: onEvery(n.TUNNELS, 'cipherSuite.phase1.prves', ['PRF-HMAC-SHA2-512']),
    ...refusedBy(n.TUNNELS, 'tunnel', 'transform-mismatch'),
  },
  {
    name: 'phase 2 is AES-GCM on the side of AWS only',
    change: (s) => onEveryTunnel(s, 'Phase2EncryptionAlgorithms', ['AES256-GCM-16']),
    ...refusedBy(n.TUNNELS, 'tunnel', 'transform-mismatch'),
  },
  {
    name: 'AWS negotiates the nodes only',
    change: (s) =>
      n.CONNECTIONS.forEach((key) =>
        s.set(key, 'localIpv4NetworkCidr', '10.150.0.0/16').set(key, 'remoteIpv4NetworkCidr', '10.100.0.0/16'),
      ),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'traffic-selector'),
  },
  {
    name: 'Google has traffic selectors beside BGP',
    change: onEvery(n.TUNNELS, 'localTrafficSelectors', ['10.150.0.0/16']),
    ...refusedBy(n.TUNNELS, 'tunnel', 'traffic-selector'),
  },
  {
    name: 'the tunnels carry IPv6 inside',
    on: 'transit',
    change: onEvery(n.CONNECTIONS, 'tunnelInsideIpVersion', 'ipv6'),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'inside-ip-version'),
  },
  {
    name: 'the connections have private outside addresses',
    on: 'transit',
    change: onEvery(n.CONNECTIONS, 'outsideIpAddressType', 'PrivateIpv4'),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'outside-address-type'),
  },
  {
    name: 'connections of a virtual private gateway are accelerated',
    on: 'virtualPrivate',
    change: onEvery(n.CONNECTIONS, 'enableAcceleration', true),
    ...refusedBy(n.CONNECTIONS, 'tunnel', 'acceleration'),
  },
  {
    name: 'the customer gateways authenticate by certificate',
    change: onEvery(CUSTOMERS, 'certificateArn', 'arn:aws:acm:eu-west-1:123456789012:certificate/google'),
    ...refusedBy(CUSTOMERS, 'tunnel', 'authentication'),
  },
  {
    name: 'the HA VPN gateway has IPv6 outside addresses',
    change: (s) => s.set(n.HA_GATEWAY, 'gatewayIpVersion', 'IPV6'),
    ...refusedBy([n.HA_GATEWAY], 'tunnel', 'gateway-ip-version'),
  },
  {
    name: 'the BGP peers want an MD5 key',
    change: onEvery(n.PEERS, 'md5AuthenticationKey', { name: 'aws', key: 'secret' }),
    ...refusedBy(n.PEERS, 'bgp', 'md5-authentication'),
  },
  {
    name: 'the BGP peers exchange no IPv4',
    change: onEvery(n.PEERS, 'enableIpv4', false),
    ...refusedBy(n.PEERS, 'bgp', 'ipv4-off'),
  },
  {
    name: 'the tunnels name the router of Cloud NAT',
    change: (s) => n.TUNNELS.forEach((key) => s.point(key, 'router', `Router::${n.GCP}-nat-router`)),
    ...refusedBy(n.TUNNELS, 'bgp', 'router-mismatch'),
  },
  {
    name: 'the Cloud Router of the sessions has no AS number',
    change: (s) => s.set(n.ROUTER, 'bgp.asn', undefined),
    ...refusedBy([n.ROUTER], 'bgp', 'no-asn'),
  },
];
