import type { Resource } from '../../../reachability/resources/resource';
import { GROUPS, proposals, translate } from './awsProposals';

/** Cloud VPN, "Supported IKE ciphers": what it accepts where a tunnel lists nothing. */
const DEFAULTS = {
  encryption: ['AES-CBC-128', 'AES-CBC-192', 'AES-CBC-256', 'AES-GCM-16-128', 'AES-GCM-16-256'],
  integrity: ['HMAC-SHA2-256-128', 'HMAC-SHA2-384-192', 'HMAC-SHA2-512-256', 'HMAC-SHA1-96'],
  prf: ['PRF-HMAC-SHA2-256', 'PRF-HMAC-SHA2-384', 'PRF-HMAC-SHA2-512', 'PRF-HMAC-SHA1'],
  groups: ['Group-14', 'Group-2', 'Group-5', 'Group-15', 'Group-16', 'Group-18', 'Group-19', 'Group-20', 'Group-21'],
};

const ENCRYPTION: Readonly<Record<string, string>> = {
  'AES-CBC-128': 'aes128',
  'AES-CBC-192': 'aes192',
  'AES-CBC-256': 'aes256',
  'AES-GCM-16-128': 'aes128gcm16',
  'AES-GCM-16-192': 'aes192gcm16',
  'AES-GCM-16-256': 'aes256gcm16',
};
const INTEGRITY: Readonly<Record<string, string>> = {
  'HMAC-SHA1-96': 'sha1',
  'HMAC-SHA2-256-128': 'sha256',
  'HMAC-SHA2-384-192': 'sha384',
  'HMAC-SHA2-512-256': 'sha512',
};
const PRF: Readonly<Record<string, string>> = {
  'PRF-HMAC-SHA1': 'prfsha1',
  'PRF-HMAC-SHA2-256': 'prfsha256',
  'PRF-HMAC-SHA2-384': 'prfsha384',
  'PRF-HMAC-SHA2-512': 'prfsha512',
};

export function gcpProposals(tunnel: Resource): { ikeProposals: string[]; espProposals: string[] } {
  const list = (path: string, otherwise: readonly string[]): readonly string[] => {
    const given = tunnel.knownTexts(`cipherSuite.${path}`);
    return given.length === 0 ? otherwise : given;
  };
  const group = (name: string): string => translate(GROUPS, name.replace('Group-', ''));
  return {
    ikeProposals: proposals({
      encryption: list('phase1.encryptions', DEFAULTS.encryption).map((name) => translate(ENCRYPTION, name)),
      integrity: list('phase1.integrities', DEFAULTS.integrity).map((name) => translate(INTEGRITY, name)),
      prf: list('phase1.prves', DEFAULTS.prf).map((name) => translate(PRF, name)),
      groups: list('phase1.dhs', DEFAULTS.groups).map(group),
    }),
    espProposals: proposals({
      encryption: list('phase2.encryptions', DEFAULTS.encryption).map((name) => translate(ENCRYPTION, name)),
      integrity: list('phase2.integrities', DEFAULTS.integrity).map((name) => translate(INTEGRITY, name)),
      prf: [],
      groups: list('phase2.pfs', DEFAULTS.groups).map(group),
    }),
  };
}
