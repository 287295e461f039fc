import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GcpApis } from './apis';

export interface SecretsKeyArgs {
  readonly region: string;
  readonly apis: GcpApis;
  readonly protect: boolean;
}

/** The Cloud KMS key by which GKE encrypts Kubernetes Secrets in etcd, and GKE's right to use it. */
export class SecretsKey extends pulumi.ComponentResource {
  readonly keyId: pulumi.Output<string>;
  /** GKE may use the key: a cluster created before is refused. */
  readonly granted: pulumi.Resource;

  constructor(name: string, args: SecretsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:SecretsKey', name, { region: args.region }, opts);
    const { services } = args.apis;

    // No explicit names: Cloud KMS never deletes key rings and keys, so a stack that is taken down and
    // brought up again would find its own names taken. Pulumi's random suffix gives it new ones.
    const ring = new gcp.kms.KeyRing(
      `${name}-ring`,
      { location: args.region },
      { parent: this, dependsOn: [services.cloudkms] },
    );
    const key = new gcp.kms.CryptoKey(
      `${name}-key`,
      {
        keyRing: ring.id,
        purpose: 'ENCRYPT_DECRYPT',
        // 90 days.
        rotationPeriod: '7776000s',
      },
      { parent: this, protect: args.protect },
    );

    // GKE's service agent comes into being with the first cluster; asking for it makes it exist earlier.
    const agent = new gcp.projects.ServiceIdentity(
      `${name}-gke-agent`,
      { service: 'container.googleapis.com' },
      { parent: this, dependsOn: [services.container] },
    );
    this.granted = new gcp.kms.CryptoKeyIAMMember(
      `${name}-gke-use`,
      { cryptoKeyId: key.id, role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter', member: agent.member },
      { parent: this },
    );

    this.keyId = key.id;
    this.registerOutputs({ keyId: this.keyId });
  }
}
