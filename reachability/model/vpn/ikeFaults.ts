/** Whether both ends agree on a key and on algorithms, today and when they rekey. */
import { type Resource, asText } from '../../resources/resource';
import { Secret, UNKNOWN } from '../../resources/value';
import { type AwsTunnelEnd, type Choice, nameOf, pskPath } from './awsEnd';
import { type Fault, type Finder, blocked, undetermined } from './fault';
import type { GcpTunnelEnd } from './gcpEnd';

export function ikeFaults(_finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  return [
    ...keyFaults(aws, gcp, assumed),
    ...versionFaults(aws, gcp),
    ...transformFaults(aws, gcp),
    ...prfFaults(aws, gcp),
    ...rekeyFaults(aws),
  ];
}

/** S2S guide, "Tunnel options": 8 to 64 letters, digits, dots and underscores, not starting with a zero. */
const KEY = /^(?!0)[A-Za-z0-9._]{8,64}$/;

function keyFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  const path = pskPath(aws);
  const awsKey = aws.connection.value(path);
  const gcpKey = gcp.tunnel.value('sharedSecret') ?? gcp.tunnel.value('sharedSecretWo');
  const awsText = asText(awsKey);
  const gcpText = asText(gcpKey);
  if (gcpKey === undefined) {
    return [blocked('tunnel', 'pre-shared-key', gcp.tunnel.urn, 'the tunnel has no shared secret', 'Set sharedSecret')];
  }
  if (typeof awsText === 'string' && !KEY.test(awsText)) {
    const why = `AWS refuses the pre-shared key of tunnel ${aws.number}`;
    const remedy = 'Use 8 to 64 letters, digits, dots or underscores, not starting with 0';
    return [blocked('tunnel', 'pre-shared-key', aws.connection.urn, why, remedy)];
  }
  if (typeof awsText === 'string' && typeof gcpText === 'string') {
    if (awsText === gcpText) return [];
    return [differentKeys(aws, gcp, gcp.tunnel)];
  }
  const awsCipher = awsKey instanceof Secret ? awsKey.cipher : undefined;
  if (awsCipher !== undefined && gcpKey instanceof Secret && gcpKey.cipher === awsCipher) return [];
  // A key that AWS makes is an output of the connection.
  const awsSources = [
    ...aws.connection.sources(path),
    ...(aws.connection.sources(path).length === 0 ? [aws.connection.urn] : []),
  ];
  const gcpSources = gcp.tunnel.sources('sharedSecret');
  if (gcpSources.length > 0 && !gcpSources.some((urn) => awsSources.includes(urn))) {
    return [differentKeys(aws, gcp, gcp.tunnel)];
  }
  if (gcpSources.length === 0) assumed.push(`both ends of ${nameOf(aws)} hold the same pre-shared key`);
  return [];
}

function differentKeys(aws: AwsTunnelEnd, gcp: GcpTunnelEnd, at: Resource): Fault {
  const why = `${gcp.tunnel.name} and ${nameOf(aws)} hold different pre-shared keys`;
  return blocked('tunnel', 'pre-shared-key', at.urn, why, 'Give both ends of the tunnel the same key');
}

function versionFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  if (aws.ikeVersions === UNKNOWN)
    return [undetermined('tunnel', aws.connection.urn, `tunnel${aws.number}IkeVersions`)];
  if (gcp.ikeVersion === UNKNOWN) return [undetermined('tunnel', gcp.tunnel.urn, 'ikeVersion')];
  if (aws.ikeVersions === undefined || aws.ikeVersions.includes(`ikev${gcp.ikeVersion}`)) return [];
  const why = `Google speaks IKEv${gcp.ikeVersion}, ${nameOf(aws)} permits only ${aws.ikeVersions.join(', ')}`;
  return [blocked('tunnel', 'ike-version', aws.connection.urn, why, 'Use IKEv2 on both ends')];
}

const ROLES = ['encryption', 'integrity', 'dhGroup'] as const;
type Role = (typeof ROLES)[number];
const ROLE_NAMES: Readonly<Record<Role, string>> = {
  encryption: 'encryption',
  integrity: 'integrity',
  dhGroup: 'Diffie-Hellman group',
};

/** Both ends must have an algorithm in common for each role; a side that lists none takes all its cloud supports. */
function transformFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const faults: Fault[] = [];
  for (const phase of ['phase1', 'phase2'] as const) {
    for (const role of ROLES) {
      const ours = aws[phase][role];
      const theirs = gcp[phase][role];
      if (ours === UNKNOWN || theirs === UNKNOWN) {
        const urn = ours === UNKNOWN ? aws.connection.urn : gcp.tunnel.urn;
        faults.push(undetermined('tunnel', urn, `the ${phase} ${ROLE_NAMES[role]} list`));
        continue;
      }
      if (ours === undefined || theirs === undefined) continue;
      const common = new Set(theirs.map((name) => canonical(role, name)));
      // Authenticated encryption (GCM) brings its own integrity; Google then lists none.
      if (
        ours.some((name) => common.has(canonical(role, name))) ||
        (role === 'integrity' && authenticated(gcp[phase].encryption))
      )
        continue;
      const why = `${phase} ${ROLE_NAMES[role]}: ${nameOf(aws)} takes ${ours.join(', ')}, Google ${theirs.join(', ')}`;
      faults.push(
        blocked('tunnel', 'transform-mismatch', gcp.tunnel.urn, why, `Use the same ${ROLE_NAMES[role]} on both ends`),
      );
    }
  }
  return faults;
}

/** AWS has no list of pseudo-random functions: it takes the one of its phase 1 hash. */
function prfFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const hashes = aws.phase1.integrity;
  const functions = gcp.prf;
  if (hashes === UNKNOWN || functions === UNKNOWN || hashes === undefined || functions === undefined) return [];
  const offered = hashes.map((name) => canonical('integrity', name));
  if (functions.some((name) => offered.includes(canonical('integrity', name)))) return [];
  const why = `phase1 pseudo-random function: ${nameOf(aws)} uses that of ${hashes.join(', ')}, Google ${functions.join(', ')}`;
  return [blocked('tunnel', 'transform-mismatch', gcp.tunnel.urn, why, 'Use the same hash on both ends')];
}

function authenticated(encryption: Choice): boolean {
  return Array.isArray(encryption) && encryption.some((name: string) => name.includes('GCM'));
}

/** One name for what AWS calls `AES256` and Google `AES-CBC-256`, `SHA2-256` and `HMAC-SHA2-256-128`, `14` and `Group-14`. */
function canonical(role: Role, name: string): string {
  const upper = name.toUpperCase();
  if (role === 'dhGroup') return /([0-9]+)$/.exec(upper)?.[1] ?? upper;
  if (role === 'encryption') {
    const bits = /(128|192|256)/.exec(upper)?.[1] ?? upper;
    return `${upper.includes('GCM') ? 'GCM' : 'CBC'}-${bits}`;
  }
  return /SHA2?-?(256|384|512)/.exec(upper)?.[1] ?? (/SHA-?1/.test(upper) ? '1' : upper);
}

/**
 * HAAWS, "Set up VPN connections on AWS": with AWS's default or longer lists its IKE packets fragment, and Cloud VPN
 * fails to rekey: the tunnel comes up and drops hours later. IKEv2 and one algorithm for each role.
 */
function rekeyFaults(aws: AwsTunnelEnd): Fault[] {
  const loose: string[] = [];
  for (const phase of ['phase1', 'phase2'] as const) {
    for (const role of ROLES) {
      const list = aws[phase][role];
      if (list !== UNKNOWN && list?.length !== 1) loose.push(`${phase} ${ROLE_NAMES[role]}`);
    }
  }
  if (loose.length === 0) return [];
  const why = `${nameOf(aws)} offers AWS's default or several algorithms for ${loose.join(', ')}: Cloud VPN cannot rekey it`;
  const remedy = 'List exactly one algorithm for each role in both phases, the same as Google uses';
  return [blocked('tunnel', 'rekey', aws.connection.urn, why, remedy)];
}
