/** Tunnel options of a VPN connection: Site-to-Site VPN guide, "Tunnel options for your AWS Site-to-Site VPN connection". */
import type { CheckFailure } from '../core/validate';
import { list, text, type Props } from '../core/values';
import { between, eachOneOf, fail, known, network, oneOf } from './checks';
import { ec2Error } from './errors';
import { overlaps, parseRange, range } from './ipv4';

const ENCRYPTION = ['AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16'];
const INTEGRITY = ['SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512'];
const PHASE_1_GROUPS = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
const PHASE_2_GROUPS = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];

/** Inside ranges AWS keeps for itself. */
const RESERVED_INSIDE = [0, 1, 2, 3, 4, 5].map((n) => `169.254.${n}.0/30`).concat('169.254.169.252/30');

export const TUNNELS = [1, 2] as const;
export type TunnelNumber = (typeof TUNNELS)[number];

/** What the provider checks of one tunnel's options by itself. */
export function checkTunnel(inputs: Props, tunnel: TunnelNumber): CheckFailure[] {
  const at = (name: string) => `tunnel${tunnel}${name}`;
  return [
    ...insideCidr(inputs, at('InsideCidr')),
    ...presharedKey(inputs, at('PresharedKey')),
    ...eachOneOf(inputs, at('IkeVersions'), ['ikev1', 'ikev2']),
    ...eachOneOf(inputs, at('Phase1EncryptionAlgorithms'), ENCRYPTION),
    ...eachOneOf(inputs, at('Phase2EncryptionAlgorithms'), ENCRYPTION),
    ...eachOneOf(inputs, at('Phase1IntegrityAlgorithms'), INTEGRITY),
    ...eachOneOf(inputs, at('Phase2IntegrityAlgorithms'), INTEGRITY),
    ...eachOneOf(inputs, at('Phase1DhGroupNumbers'), PHASE_1_GROUPS),
    ...eachOneOf(inputs, at('Phase2DhGroupNumbers'), PHASE_2_GROUPS),
    ...between(inputs, at('Phase1LifetimeSeconds'), 900, 28800),
    ...between(inputs, at('Phase2LifetimeSeconds'), 900, 3600),
    ...between(inputs, at('RekeyMarginTimeSeconds'), 60, 1800),
    ...between(inputs, at('RekeyFuzzPercentage'), 0, 100),
    ...between(inputs, at('ReplayWindowSize'), 64, 2048),
    ...between(inputs, at('DpdTimeoutSeconds'), 30, Number.MAX_SAFE_INTEGER),
    ...oneOf(inputs, at('DpdTimeoutAction'), ['clear', 'none', 'restart']),
    ...oneOf(inputs, at('StartupAction'), ['add', 'start']),
  ];
}

/** What only the API knows: the two tunnels' ranges, and how their options go together. */
export function refuseTunnels(operation: string, inputs: Props): void {
  const ranges = TUNNELS.map((tunnel) => text(inputs, `tunnel${tunnel}InsideCidr`)).flatMap((cidr) =>
    cidr === undefined ? [] : [range(cidr)],
  );
  const [first, second] = ranges;
  if (first && second && overlaps(first, second)) {
    throw ec2Error(operation, 'InvalidParameterCombination', 'The inside CIDR blocks of the tunnels must be unique.');
  }
  for (const tunnel of TUNNELS) {
    const phase2 = Number(inputs[`tunnel${tunnel}Phase2LifetimeSeconds`] ?? 3600);
    const phase1 = Number(inputs[`tunnel${tunnel}Phase1LifetimeSeconds`] ?? 28800);
    if (phase2 >= phase1) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `Phase 2 lifetime (${phase2}) of tunnel ${tunnel} must be less than the phase 1 lifetime (${phase1}).`,
      );
    }
    const margin = Number(inputs[`tunnel${tunnel}RekeyMarginTimeSeconds`] ?? 270);
    if (margin > phase2 / 2) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `Rekey margin time (${margin}) of tunnel ${tunnel} must be between 60 and half of the phase 2 lifetime (${phase2 / 2}).`,
      );
    }
  }
}

/** The lists a tunnel negotiates with: what was asked, or everything AWS offers. */
export function proposals(inputs: Props, tunnel: TunnelNumber): Props {
  const given = (name: string, all: readonly (string | number)[]) => {
    const asked = list(inputs, `tunnel${tunnel}${name}`);
    return asked.length > 0 ? asked : [...all];
  };
  return {
    ikeVersions: given('IkeVersions', ['ikev1', 'ikev2']),
    phase1Encryption: given('Phase1EncryptionAlgorithms', ENCRYPTION),
    phase1Integrity: given('Phase1IntegrityAlgorithms', INTEGRITY),
    phase1Groups: given('Phase1DhGroupNumbers', PHASE_1_GROUPS),
    phase2Encryption: given('Phase2EncryptionAlgorithms', ENCRYPTION),
    phase2Integrity: given('Phase2IntegrityAlgorithms', INTEGRITY),
    phase2Groups: given('Phase2DhGroupNumbers', PHASE_2_GROUPS),
  };
}

function insideCidr(inputs: Props, path: string): CheckFailure[] {
  const failures = network(inputs, path, 30, 30);
  const value = known(inputs, path);
  if (failures.length > 0 || typeof value !== 'string') return failures;
  if (!value.startsWith('169.254.')) return [fail(path, `invalid value for ${path} (must be within 169.254.0.0/16)`)];
  if (RESERVED_INSIDE.includes(value)) {
    return [fail(path, `expected ${path} to not be any of [${RESERVED_INSIDE.join(' ')}], got ${value}`)];
  }
  return parseRange(value) ? [] : [fail(path, `${value} is not a range`)];
}

/** 8 to 64 letters, digits, periods and underscores, not starting with zero. The message never shows the key. */
function presharedKey(inputs: Props, path: string): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string') return [];
  const failures: CheckFailure[] = [];
  if (value.length < 8 || value.length > 64) {
    failures.push(fail(path, `expected length of ${path} to be in the range (8 - 64)`));
  }
  if (value.startsWith('0')) failures.push(fail(path, `invalid value for ${path} (cannot start with zero character)`));
  if (!/^[0-9A-Za-z_.]*$/.test(value)) {
    failures.push(
      fail(path, `invalid value for ${path} (can only contain alphanumeric, period and underscore characters)`),
    );
  }
  return failures;
}
