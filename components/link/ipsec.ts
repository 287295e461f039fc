import type * as aws from '@pulumi/aws';
import type * as gcp from '@pulumi/gcp';

/**
 * The one IPsec proposal of a link, in the words of both clouds: AES-256-CBC, HMAC-SHA2-256, 2048-bit
 * MODP (group 14), in both phases.
 *
 * Exactly one algorithm for each role, because AWS's default list makes an IKE packet that has to be
 * fragmented and Cloud VPN drops it: the tunnel comes up and is lost at its first rekey ("Create HA VPN
 * connections between Google Cloud and AWS"). On both sides, because each side may start the exchange.
 */
export const AWS_PROPOSAL = {
  IkeVersions: ['ikev2'],
  Phase1EncryptionAlgorithms: ['AES256'],
  Phase1IntegrityAlgorithms: ['SHA2-256'],
  Phase1DhGroupNumbers: [14],
  Phase2EncryptionAlgorithms: ['AES256'],
  Phase2IntegrityAlgorithms: ['SHA2-256'],
  Phase2DhGroupNumbers: [14],
} satisfies AwsTunnelOptions;

/** AWS derives the pseudo-random function from the integrity algorithm; Cloud VPN wants it named. */
export const GCP_PROPOSAL = {
  phase1: {
    encryptions: ['AES-CBC-256'],
    integrities: ['HMAC-SHA2-256-128'],
    prves: ['PRF-HMAC-SHA2-256'],
    dhs: ['Group-14'],
  },
  phase2: {
    encryptions: ['AES-CBC-256'],
    integrities: ['HMAC-SHA2-256-128'],
    pfs: ['Group-14'],
  },
} satisfies gcp.types.input.compute.VPNTunnelCipherSuite;

export const IKE_VERSION = 2;

/** Seconds; the most AWS takes. Cloud VPN's own lifetimes are longer, so AWS is the one that rekeys. */
export const AWS_LIFETIMES = {
  Phase1LifetimeSeconds: 28800,
  Phase2LifetimeSeconds: 3600,
} satisfies AwsTunnelOptions;

/** The options of one tunnel of an AWS VPN connection, without the `tunnel1` or `tunnel2` before them. */
export type AwsTunnelOptions = {
  [
    Key in keyof aws.ec2.VpnConnectionArgs as Key extends `tunnel1${infer Option}` ? Option : never
  ]: aws.ec2.VpnConnectionArgs[Key];
};

/** The options of a tunnel as arguments of its VPN connection. */
export function tunnelArgs(number: 1 | 2, options: AwsTunnelOptions): Partial<aws.ec2.VpnConnectionArgs> {
  return Object.fromEntries(Object.entries(options).map(([option, value]) => [`tunnel${number}${option}`, value]));
}
