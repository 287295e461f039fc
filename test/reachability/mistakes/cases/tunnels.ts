/** The four tunnels: who dials whom, keys, algorithms. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const bothTunnels = (edit: (key: string, tunnel: string) => void): void =>
  n.CONNECTIONS.forEach((key) => ['tunnel1', 'tunnel2'].forEach((name) => edit(key, name)));
const ROLES = [
  'Phase1DhGroupNumbers',
  'Phase1EncryptionAlgorithms',
  'Phase1IntegrityAlgorithms',
  'Phase2DhGroupNumbers',
  'Phase2EncryptionAlgorithms',
  'Phase2IntegrityAlgorithms',
];

export const tunnels: readonly Mistake[] = [
  {
    name: "the connections keep AWS's default algorithms",
    traps: ['network 1'],
    change: (s) => bothTunnels((key, name) => ROLES.forEach((role) => s.set(key, `${name}${role}`, undefined))),
    blocks: [[n.CROSSING, 'tunnel', n.connection(0), 'rekey']],
    findings: [`rekey ${n.connection(0)}`, `rekey ${n.connection(1)}`],
  },
  {
    name: 'only the Diffie-Hellman group of phase 2 is left to the default',
    traps: ['network 1'],
    change: (s) => bothTunnels((key, name) => s.set(key, `${name}Phase2DhGroupNumbers`, undefined)),
    blocks: [[n.CROSSING, 'tunnel', n.connection(0), 'rekey']],
    findings: [`rekey ${n.connection(0)}`, `rekey ${n.connection(1)}`],
  },
  {
    name: 'one tunnel lists several encryption algorithms',
    traps: ['network 1'],
    change: (s) => s.set(n.connection(1), 'tunnel2Phase1EncryptionAlgorithms', ['AES256', 'AES128']),
    findings: [`rekey ${n.connection(1)}`],
  },
  {
    name: 'Google proposes another Diffie-Hellman group on every tunnel',
    change: (s) => n.TUNNELS.forEach((key) => s.set(key, 'cipherSuite.phase1.dhs', ['Group-18'])),
    blocks: [[n.CROSSING, 'tunnel', n.tunnel(0), 'transform-mismatch']],
    findings: [
      `transform-mismatch ${n.tunnel(0)}`,
      `transform-mismatch ${n.tunnel(1)}`,
      `transform-mismatch ${n.tunnel(2)}`,
      `transform-mismatch ${n.tunnel(3)}`,
    ],
  },
  {
    name: 'Google proposes another integrity algorithm on one tunnel',
    change: (s) => s.set(n.tunnel(2), 'cipherSuite.phase2.integrities', ['HMAC-SHA2-512-256']),
    findings: [`transform-mismatch ${n.tunnel(2)}`],
  },
  {
    name: 'Google proposes all of its algorithms',
    change: (s) => n.TUNNELS.forEach((key) => s.set(key, 'cipherSuite', undefined)),
    findings: [
      `cipher-suite-default ${n.tunnel(0)}`,
      `cipher-suite-default ${n.tunnel(1)}`,
      `cipher-suite-default ${n.tunnel(2)}`,
      `cipher-suite-default ${n.tunnel(3)}`,
    ],
  },
  {
    name: 'Google speaks IKEv1 on every tunnel',
    change: (s) => n.TUNNELS.forEach((key) => s.set(key, 'ikeVersion', 1)),
    blocks: [[n.CROSSING, 'tunnel', n.connection(0), 'ike-version']],
    findings: [`ike-version ${n.connection(0)}`, `ike-version ${n.connection(1)}`],
  },
  {
    name: 'one tunnel takes the key of another',
    change: (s) => {
      s.set(n.tunnel(0), 'sharedSecret', s.find(n.tunnel(1)).inputs?.['sharedSecret'] as string);
      s.setSources(n.tunnel(0), 'sharedSecret', [s.urn(n.presharedKey(1))]);
    },
    findings: [`pre-shared-key ${n.tunnel(0)}`],
  },
  {
    name: "the tunnels take each other's keys",
    change: (s) => {
      const keys = n.TUNNELS.map((key) => s.find(key).inputs?.['sharedSecret'] as string);
      n.TUNNELS.forEach((key, k) => {
        s.set(key, 'sharedSecret', keys[(k + 1) % 4]);
        s.setSources(key, 'sharedSecret', [s.urn(n.presharedKey((k + 1) % 4))]);
      });
    },
    blocks: [[n.CROSSING, 'tunnel', n.tunnel(0), 'pre-shared-key']],
    findings: [
      `pre-shared-key ${n.tunnel(0)}`,
      `pre-shared-key ${n.tunnel(1)}`,
      `pre-shared-key ${n.tunnel(2)}`,
      `pre-shared-key ${n.tunnel(3)}`,
    ],
  },
  {
    name: 'the pre-shared keys have a hyphen',
    traps: ['network 6'],
    change: (s) => [0, 1, 2, 3].forEach((k) => giveKey(s, k, `kQ-29xv7Lm${k}tYwz`)),
    blocks: [[n.CROSSING, 'tunnel', n.connection(0), 'pre-shared-key']],
    findings: [`pre-shared-key ${n.connection(0)}`, `pre-shared-key ${n.connection(1)}`],
  },
  {
    name: 'a pre-shared key starts with a zero',
    traps: ['network 6'],
    change: (s) => giveKey(s, 0, '0Q29xv7LmptYwz'),
    findings: [`pre-shared-key ${n.connection(0)}`],
  },
  {
    name: 'one pre-shared key serves every tunnel',
    traps: ['network 6'],
    change: (s) => {
      const first = s.find(n.tunnel(0)).inputs?.['sharedSecret'] as string;
      [0, 1, 2, 3].forEach((k) => giveKey(s, k, first, s.urn(n.presharedKey(0))));
    },
    findings: [`shared-key ${n.connection(0)}`, `shared-key ${n.connection(1)}`],
  },
  {
    name: 'the external interfaces are crossed between the HA interfaces',
    traps: ['network 5'],
    change: (s) => n.TUNNELS.forEach((key, k) => s.set(key, 'peerExternalGatewayInterface', (k + 2) % 4)),
    blocks: [[n.CROSSING, 'tunnel', n.tunnel(0), 'interface-mapping']],
    findings: [
      `interface-mapping ${n.tunnel(0)}`,
      `interface-mapping ${n.tunnel(1)}`,
      `interface-mapping ${n.tunnel(2)}`,
      `interface-mapping ${n.tunnel(3)}`,
    ],
  },
  {
    name: "two tunnels of one connection dial each other's address",
    traps: ['network 5'],
    change: (s) =>
      s.set(n.tunnel(0), 'peerExternalGatewayInterface', 1).set(n.tunnel(1), 'peerExternalGatewayInterface', 0),
    findings: [
      `interface-mapping ${n.tunnel(0)}`,
      `interface-mapping ${n.tunnel(1)}`,
      `single-connection ${n.GATEWAY}`,
    ],
    untold: 'which AWS tunnel has which outside address',
  },
  {
    name: 'every tunnel comes from the first interface of the HA gateway',
    change: (s) => [2, 3].forEach((k) => s.set(n.tunnel(k), 'vpnGatewayInterface', 0)),
    findings: [
      `gateway-interface ${n.tunnel(2)}`,
      `gateway-interface ${n.tunnel(3)}`,
      `single-connection ${n.GATEWAY}`,
    ],
    previewFindings: [
      `interface-mapping ${n.tunnel(2)}`,
      `interface-mapping ${n.tunnel(3)}`,
      `single-connection ${n.GATEWAY}`,
    ],
  },
  {
    name: 'both customer gateways have the address of the first HA interface',
    change: (s) => s.set(n.customer(1), 'ipAddress', s.get(n.customer(0), 'ipAddress') as string),
    findings: [`gateway-interface ${n.customer(1)}`, `single-connection ${n.GATEWAY}`],
    untold: 'addresses of the HA interfaces',
  },
  {
    name: 'a customer gateway has an address of nobody',
    change: (s) => s.set(n.customer(0), 'ipAddress', '198.51.100.200').setSources(n.customer(0), 'ipAddress', []),
    findings: [`gateway-interface ${n.customer(0)}`, `single-connection ${n.GATEWAY}`],
    untold: 'addresses of the HA interfaces',
  },
  {
    name: 'the external gateway lists the connections in another order',
    traps: ['network 5'],
    change: (s) => {
      const addresses = [0, 1, 2, 3].map((k) => s.get(n.EXTERNAL, `interfaces.${k}.ipAddress`) as string);
      [2, 3, 0, 1].forEach((from, k) => s.set(n.EXTERNAL, `interfaces.${k}.ipAddress`, addresses[from]));
    },
    blocks: [[n.CROSSING, 'tunnel', n.EXTERNAL, 'interface-mapping']],
    findings: [`interface-mapping ${n.EXTERNAL}`],
    untold: 'outside addresses of the AWS tunnels',
  },
  {
    name: 'the external gateway has two interfaces for four tunnels',
    change: (s) => s.set(n.EXTERNAL, 'redundancyType', 'TWO_IPS_REDUNDANCY'),
    findings: [`redundancy-type ${n.EXTERNAL}`],
  },
  {
    name: "one tunnel is not made on Google's side",
    change: (s) => s.remove(n.peer(3), n.routerInterface(3), n.tunnel(3)),
    findings: [`fewer-tunnels ${n.GATEWAY}`, `lone-tunnel ${n.connection(1)}`],
  },
  {
    name: 'only one connection is made',
    change: (s) => removeHalf(s),
    findings: [`single-connection ${n.GATEWAY}`],
  },
  {
    name: "no tunnel is made on Google's side",
    change: (s) => s.remove(...n.PEERS, ...[0, 1, 2, 3].map(n.routerInterface), ...n.TUNNELS),
    blocks: [
      [n.EASTWARD, 'tunnel', n.GATEWAY, 'no-tunnel'],
      [n.CROSSING, 'route', n.NETWORK, 'no-route'],
    ],
  },
];

/** The key of both ends of a tunnel. */
function giveKey(s: Stack, k: number, key: string, source?: string): void {
  const path = `tunnel${(k % 2) + 1}PresharedKey`;
  s.set(n.connection(Math.floor(k / 2)), path, key).set(n.tunnel(k), 'sharedSecret', key);
  const sources = source === undefined ? [] : [source];
  s.setSources(n.connection(Math.floor(k / 2)), path, sources).setSources(n.tunnel(k), 'sharedSecret', sources);
}

/** The half of the link that is on the second HA interface. */
function removeHalf(s: Stack): void {
  const half = [2, 3].flatMap((k) => [n.peer(k), n.routerInterface(k), n.tunnel(k)]);
  const ofTransit = [n.association(1), n.transitPropagation(1)].filter((key) => s.has(key));
  s.remove(...half, ...ofTransit, n.connection(1), n.customer(1));
  const kept = (s.find(n.EXTERNAL).inputs?.['interfaces'] as string[]).slice(0, 2);
  s.set(n.EXTERNAL, 'interfaces', kept).set(n.EXTERNAL, 'redundancyType', 'TWO_IPS_REDUNDANCY');
}
