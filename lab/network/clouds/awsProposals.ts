import type { Resource } from '../../../reachability/resources/resource';

/** What AWS offers where a list is not given (Site-to-Site VPN guide, "Tunnel options"). */
const DEFAULTS = {
  encryption: ['AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16'],
  integrity: ['SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512'],
  groups: ['2', '14', '15', '16', '17', '18', '19', '20', '21'],
};

const ENCRYPTION: Readonly<Record<string, string>> = {
  AES128: 'aes128',
  AES256: 'aes256',
  'AES128-GCM-16': 'aes128gcm16',
  'AES256-GCM-16': 'aes256gcm16',
};
const INTEGRITY: Readonly<Record<string, string>> = {
  SHA1: 'sha1',
  'SHA2-256': 'sha256',
  'SHA2-384': 'sha384',
  'SHA2-512': 'sha512',
};

/** Diffie-Hellman groups by number (RFC 3526, 5114, 5903) in strongSwan's names. */
export const GROUPS: Readonly<Record<string, string>> = {
  '2': 'modp1024',
  '5': 'modp1536',
  '14': 'modp2048',
  '15': 'modp3072',
  '16': 'modp4096',
  '17': 'modp6144',
  '18': 'modp8192',
  '19': 'ecp256',
  '20': 'ecp384',
  '21': 'ecp521',
  '22': 'modp1024s160',
  '23': 'modp2048s224',
  '24': 'modp2048s256',
};

/** The proposals of one phase of a tunnel; `prefix` is e.g. `tunnel1Phase1`. */
export function awsProposals(connection: Resource, prefix: string): string[] {
  const phase1 = prefix.endsWith('1');
  const list = (property: string, otherwise: readonly string[]): readonly string[] => {
    const given = connection.knownTexts(`${prefix}${property}`);
    return given.length === 0 ? otherwise : given;
  };
  return proposals({
    encryption: list('EncryptionAlgorithms', DEFAULTS.encryption).map((name) => translate(ENCRYPTION, name)),
    integrity: list('IntegrityAlgorithms', DEFAULTS.integrity).map((name) => translate(INTEGRITY, name)),
    // AWS derives the pseudo-random function from the integrity algorithm.
    prf: phase1
      ? list('IntegrityAlgorithms', DEFAULTS.integrity).map((name) => `prf${translate(INTEGRITY, name)}`)
      : [],
    groups: list('DhGroupNumbers', DEFAULTS.groups).map((name) => translate(GROUPS, name)),
  });
}

export interface Transforms {
  readonly encryption: readonly string[];
  readonly integrity: readonly string[];
  /** Empty for ESP. */
  readonly prf: readonly string[];
  readonly groups: readonly string[];
}

/** Authenticated encryption and the other kind may not stand in one proposal (RFC 7296, section 3.3). */
export function proposals({ encryption, integrity, prf, groups }: Transforms): string[] {
  const authenticated = encryption.filter((name) => name.includes('gcm'));
  const plain = encryption.filter((name) => !name.includes('gcm'));
  const unique = (names: readonly string[]): string => [...new Set(names)].join('-');
  return [
    ...(plain.length === 0 ? [] : [unique([...plain, ...integrity, ...prf, ...groups])]),
    ...(authenticated.length === 0 ? [] : [unique([...authenticated, ...prf, ...groups])]),
  ];
}

export function translate(table: Readonly<Record<string, string>>, name: string): string {
  const found = table[name];
  if (found === undefined) throw new RangeError(`the lab knows no algorithm ${name}`);
  return found;
}
