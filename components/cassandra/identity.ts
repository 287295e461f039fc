import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import * as tls from '@pulumi/tls';

export interface ClusterIdentityArgs {
  /** Cassandra cluster name. */
  readonly cluster: string;
}

/** Ten years, in hours. */
const CA_VALIDITY_HOURS = 10 * 365 * 24;

/**
 * What makes the datacenters one cluster: the CA their nodes trust each other by, and the superuser.
 *
 * Made once per stack and kept in its state, so that every site gets the same ones: two superuser
 * secrets make `createRole` of the second datacenter fail, two CAs keep nodes from shaking hands.
 */
export class ClusterIdentity extends pulumi.ComponentResource {
  /** PEM certificate of the CA; public. */
  readonly caCertificate: pulumi.Output<string>;
  /** Secret: PEM key of the CA. */
  readonly caKey: pulumi.Output<string>;
  readonly superuserName: string;
  /** Secret. */
  readonly superuserPassword: pulumi.Output<string>;
  /** Secret: password of the PKCS#12 stores. */
  readonly keystorePassword: pulumi.Output<string>;

  constructor(name: string, args: ClusterIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:ClusterIdentity', name, args, opts);
    const child = { parent: this };

    const caKey = new tls.PrivateKey(`${name}-ca-key`, { algorithm: 'ECDSA', ecdsaCurve: 'P256' }, child);
    const caCertificate = new tls.SelfSignedCert(
      `${name}-ca`,
      {
        privateKeyPem: caKey.privateKeyPem,
        subject: { commonName: `${args.cluster} internode CA`, organization: args.cluster },
        isCaCertificate: true,
        setSubjectKeyId: true,
        allowedUses: ['cert_signing', 'crl_signing', 'digital_signature'],
        // No early renewal: a CA that replaces itself in the middle of an update leaves nodes that trust
        // the old one and nodes that trust the new one apart. Renewing it is a deliberate operation.
        validityPeriodHours: CA_VALIDITY_HOURS,
      },
      child,
    );

    // Letters and digits only: the passwords end up in YAML, JSON and an INI file.
    const superuser = new random.RandomPassword(`${name}-superuser`, { length: 32, special: false }, child);
    const keystore = new random.RandomPassword(`${name}-keystore`, { length: 32, special: false }, child);

    this.caCertificate = caCertificate.certPem;
    this.caKey = pulumi.secret(caKey.privateKeyPem);
    this.superuserName = `${args.cluster}-superuser`;
    this.superuserPassword = pulumi.secret(superuser.result);
    this.keystorePassword = pulumi.secret(keystore.result);
    this.registerOutputs({ caCertificate: this.caCertificate });
  }
}
