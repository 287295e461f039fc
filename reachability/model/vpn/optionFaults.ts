/**
 * Options of a VPN connection that AWS refuses, or with which its tunnels cannot meet Cloud VPN's (AWS Site-to-Site VPN User
 * Guide, "Tunnel options", "Customer gateway options", "Accelerated connections"; Cloud VPN documentation, "Specifications").
 */
import { EVERYWHERE, sameRange } from '../../ip';
import { UNKNOWN } from '../../resources/value';
import { rangeOfValue, rangesOfTexts } from '../ranges';
import { type AwsTunnelEnd, nameOf } from './awsEnd';
import { type Fault, blocked } from './fault';
import type { GcpTunnelEnd } from './gcpEnd';

export function optionFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd, routing: 'bgp' | 'static'): Fault[] {
  return [
    ...valueFaults(aws),
    ...algorithmFaults(aws),
    ...kindFaults(aws, gcp),
    ...(routing === 'bgp' ? selectorFaults(aws, gcp) : []),
  ];
}

/** Least and greatest value of each numeric option, in seconds where it is a time. */
const LIMITS: readonly (readonly [option: string, least: number, greatest: number])[] = [
  ['Phase1LifetimeSeconds', 900, 28_800],
  ['Phase2LifetimeSeconds', 900, 3_600],
  ['DpdTimeoutSeconds', 30, Infinity],
  ['ReplayWindowSize', 64, 2_048],
  ['RekeyFuzzPercentage', 0, 100],
];

const DEFAULT_PHASE1_LIFETIME = 28_800;
const DEFAULT_PHASE2_LIFETIME = 3_600;
const LEAST_REKEY_MARGIN = 60;

function valueFaults({ connection, number }: AwsTunnelEnd): Fault[] {
  // The provider writes 0 for what nobody set.
  const valueOf = (option: string): number | undefined => {
    const value = connection.number(`tunnel${number}${option}`);
    return value === UNKNOWN || value === 0 ? undefined : value;
  };
  const refused = (option: string, value: number, wanted: string): Fault => {
    const why = `AWS refuses tunnel${number}${option} ${value}: ${wanted}`;
    return blocked('tunnel', 'tunnel-option', connection.urn, why, `Set tunnel${number}${option} to what AWS takes`);
  };
  const faults = LIMITS.flatMap(([option, least, greatest]) => {
    const value = valueOf(option);
    if (value === undefined || (least <= value && value <= greatest)) return [];
    return [refused(option, value, greatest === Infinity ? `at least ${least}` : `${least} to ${greatest}`)];
  });
  const phase1 = valueOf('Phase1LifetimeSeconds') ?? DEFAULT_PHASE1_LIFETIME;
  const phase2 = valueOf('Phase2LifetimeSeconds') ?? DEFAULT_PHASE2_LIFETIME;
  if (phase2 >= phase1) faults.push(refused('Phase2LifetimeSeconds', phase2, `less than the lifetime of phase 1`));
  const margin = valueOf('RekeyMarginTimeSeconds');
  if (margin !== undefined && (margin < LEAST_REKEY_MARGIN || margin > phase2 / 2))
    faults.push(refused('RekeyMarginTimeSeconds', margin, `${LEAST_REKEY_MARGIN} to half of the lifetime of phase 2`));
  return faults;
}

/** Names of the algorithms that AWS takes; phase 2 also takes Diffie-Hellman group 5. */
const ENCRYPTION = ['AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16'];
const INTEGRITY = ['SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512'];
const GROUPS = ['2', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24'];
const NAMES = {
  phase1: { encryption: ENCRYPTION, integrity: INTEGRITY, dhGroup: GROUPS },
  phase2: { encryption: ENCRYPTION, integrity: INTEGRITY, dhGroup: [...GROUPS, '5'] },
} as const;

function algorithmFaults(aws: AwsTunnelEnd): Fault[] {
  return (['phase1', 'phase2'] as const).flatMap((phase) =>
    (['encryption', 'integrity', 'dhGroup'] as const).flatMap((role) => {
      const names: readonly string[] = NAMES[phase][role];
      const list = aws[phase][role];
      const wrong = list === undefined || list === UNKNOWN ? undefined : list.find((name) => !names.includes(name));
      if (wrong === undefined) return [];
      const why = `AWS knows no ${role} ${wrong} for ${phase} of ${nameOf(aws)}`;
      return [blocked('tunnel', 'tunnel-option', aws.connection.urn, why, `Use one of ${names.join(', ')}`)];
    }),
  );
}

/** Kinds of connection that do not lead to an HA or Classic VPN gateway over the Internet. */
function kindFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const { connection, customerGateway, gateway } = aws;
  const faults: Fault[] = [];
  const fault = (rule: string, urn: string, why: string, remedy: string): void => {
    faults.push(blocked('tunnel', rule, urn, why, remedy));
  };
  if (customerGateway?.value('certificateArn') !== undefined)
    fault(
      'authentication',
      customerGateway.urn,
      'the customer gateway authenticates by certificate; Cloud VPN knows pre-shared keys only',
      'Leave certificateArn out',
    );
  if (connection.knownText('outsideIpAddressType') === 'PrivateIpv4')
    fault(
      'outside-address-type',
      connection.urn,
      `${connection.name} has private outside addresses, which only Direct Connect reaches`,
      'Set outsideIpAddressType to PublicIpv4',
    );
  if (connection.flag('enableAcceleration') === true && gateway?.kind === 'virtualPrivate')
    fault(
      'acceleration',
      connection.urn,
      'AWS refuses acceleration for a connection to a virtual private gateway',
      'Set enableAcceleration to false, or use a transit gateway',
    );
  if (connection.knownText('tunnelInsideIpVersion') === 'ipv6')
    fault(
      'inside-ip-version',
      connection.urn,
      `the tunnels of ${connection.name} carry IPv6 only`,
      'Set tunnelInsideIpVersion to ipv4',
    );
  const google = gcp.gateway;
  if (google?.knownText('gatewayIpVersion') === 'IPV6' || google?.knownText('stackType') === 'IPV6_ONLY')
    fault(
      'gateway-ip-version',
      google.urn,
      `${google.name} has no IPv4 for the tunnels to AWS`,
      'Set gatewayIpVersion to IPV4 and stackType to IPV4_ONLY',
    );
  return faults;
}

/** With a Cloud Router both ends have to negotiate everything: BGP decides what goes in ("Networks and tunnel routing"). */
function selectorFaults({ connection }: AwsTunnelEnd, { tunnel }: GcpTunnelEnd): Fault[] {
  const remedy = 'Leave traffic selectors at 0.0.0.0/0: BGP decides what a tunnel carries';
  const written = ['localIpv4NetworkCidr', 'remoteIpv4NetworkCidr'].find((property) => {
    const range = rangeOfValue(connection.value(property));
    return range !== undefined && !sameRange(range, EVERYWHERE);
  });
  if (written !== undefined) {
    const why = `${written} of ${connection.name} is ${String(connection.knownText(written))}, Cloud VPN with BGP proposes 0.0.0.0/0`;
    return [blocked('tunnel', 'traffic-selector', connection.urn, why, remedy)];
  }
  const limited = ['localTrafficSelectors', 'remoteTrafficSelectors'].find((property) =>
    rangesOfTexts(tunnel.knownTexts(property)).some((range) => !sameRange(range, EVERYWHERE)),
  );
  if (limited === undefined) return [];
  const why = `${tunnel.name} has ${limited}, which a tunnel with BGP cannot have`;
  return [blocked('tunnel', 'traffic-selector', tunnel.urn, why, remedy)];
}
