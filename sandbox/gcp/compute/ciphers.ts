import { texts, type Props } from '../../core/values';
import { invalidField } from '../errors';

/*
 * The algorithms Cloud VPN knows (Cloud VPN documentation, "Supported IKE ciphers"; `vpnTunnels.cipherSuite` of the
 * Compute Engine API, "Configure cipher options").
 */
const CBC = ['AES-CBC-128', 'AES-CBC-192', 'AES-CBC-256'];
const GCM = ['8', '12', '16'].flatMap((tag) => ['128', '192', '256'].map((key) => `AES-GCM-${tag}-${key}`));
const INTEGRITY = [
  'HMAC-SHA2-256-128',
  'HMAC-SHA2-384-192',
  'HMAC-SHA2-512-256',
  'HMAC-SHA1-96',
  'HMAC-MD5-96',
  'AES-CMAC-96',
  'AES-XCBC-96',
];
const PRF = [
  'PRF-HMAC-SHA2-256',
  'PRF-HMAC-SHA2-384',
  'PRF-HMAC-SHA2-512',
  'PRF-HMAC-SHA1',
  'PRF-HMAC-MD5',
  'PRF-AES128-CMAC',
  'PRF-AES128-XCBC',
];
const GROUPS = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24].map((group) => `Group-${group}`);

const ROLES: readonly { readonly path: readonly [string, string]; readonly allowed: readonly string[] }[] = [
  { path: ['phase1', 'encryptions'], allowed: [...CBC, '3DES-CBC', ...GCM] },
  { path: ['phase1', 'integrities'], allowed: INTEGRITY },
  { path: ['phase1', 'prves'], allowed: PRF },
  { path: ['phase1', 'dhs'], allowed: GROUPS },
  { path: ['phase2', 'encryptions'], allowed: [...CBC, ...GCM] },
  { path: ['phase2', 'integrities'], allowed: INTEGRITY },
  { path: ['phase2', 'pfs'], allowed: GROUPS },
];

/** Refuses algorithms Cloud VPN does not know, and integrity algorithms beside ciphers that authenticate. */
export function validateCiphers(inputs: Props): void {
  for (const { path, allowed } of ROLES) {
    for (const value of texts(inputs, 'cipherSuite', ...path)) {
      if (!allowed.includes(value)) {
        throw invalidField(`cipherSuite.${path.join('.')}`, value, `Must be one of ${allowed.join(', ')}.`);
      }
    }
  }
  for (const phase of ['phase1', 'phase2']) {
    const encryptions = texts(inputs, 'cipherSuite', phase, 'encryptions');
    const integrities = texts(inputs, 'cipherSuite', phase, 'integrities');
    if (encryptions.length > 0 && encryptions.every((name) => GCM.includes(name)) && integrities.length > 0) {
      const why = 'AES-GCM authenticates by itself and takes no integrity algorithm.';
      throw invalidField(`cipherSuite.${phase}.integrities`, integrities, why);
    }
  }
}
