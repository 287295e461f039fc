import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import type { ClusterIdentity } from './identity';
import { datacenterSecrets } from './names';

export interface SiteSecretsArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  readonly identity: ClusterIdentity;
  /** Everything that must exist before objects of the site's namespace. */
  readonly namespace: readonly pulumi.Resource[];
}

/** The cluster's identity as Secrets in one site's namespace. */
export class SiteSecrets extends pulumi.ComponentResource {
  readonly certificateAuthority: pulumi.Resource;
  readonly keystorePassword: pulumi.Resource;
  readonly superuser: pulumi.Resource;

  constructor(name: string, args: SiteSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:SiteSecrets', name, {}, opts);
    const { site, cluster, identity } = args;
    const names = datacenterSecrets(cluster, site.plan.datacenter);
    // The namespace holds them.
    const child = { parent: this, provider: site.provider, dependsOn: [...args.namespace] };
    const metadata = (secret: string) => ({ name: secret, namespace: site.plan.namespace });

    this.certificateAuthority = new kubernetes.core.v1.Secret(
      `${name}-ca`,
      {
        metadata: metadata(names.certificateAuthority),
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': base64(identity.caCertificate), 'tls.key': base64(identity.caKey) },
      },
      child,
    );
    this.keystorePassword = new kubernetes.core.v1.Secret(
      `${name}-keystore-password`,
      {
        metadata: metadata(names.keystorePassword),
        type: 'Opaque',
        data: { password: base64(identity.keystorePassword) },
      },
      child,
    );
    this.superuser = new kubernetes.core.v1.Secret(
      `${name}-superuser`,
      {
        metadata: metadata(names.superuser),
        type: 'Opaque',
        data: { username: base64(identity.superuserName), password: base64(identity.superuserPassword) },
      },
      child,
    );
    this.registerOutputs({});
  }
}

/**
 * A value as Secret `data` wants it. `data` and not `stringData`: the server turns the latter into the
 * former, and a refresh would see a difference.
 */
export function base64(value: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(value).apply((text) => Buffer.from(text, 'utf8').toString('base64')));
}
