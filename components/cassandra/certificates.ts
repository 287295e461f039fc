import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import { datacenterSecrets, datacenterServices } from './names';
import type { SiteSecrets } from './siteSecrets';

export interface CertificatesArgs {
  readonly site: KubernetesSite;
  readonly cluster: string;
  readonly secrets: SiteSecrets;
  /** cert-manager, ready to issue. */
  readonly certManager: readonly pulumi.Resource[];
}

/**
 * The site's issuer and the certificate its Cassandra nodes show to each other and to clients.
 *
 * One certificate per datacenter: cert-manager renews it and Cassandra reloads the stores when their
 * files change, so no node restarts. Both sites sign with the same CA.
 */
export class Certificates extends pulumi.ComponentResource {
  /** The stores can be mounted. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:Certificates', name, {}, opts);
    const { site, cluster, secrets } = args;
    const { datacenter, namespace } = site.plan;
    const names = datacenterSecrets(cluster, datacenter);
    const child = { parent: this, provider: site.provider };
    const untilReady = { 'pulumi.com/waitFor': 'condition=Ready' };

    const issuer = new kubernetes.apiextensions.CustomResource(
      `${name}-issuer`,
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Issuer',
        metadata: { name: `${cluster}-internode`, namespace, annotations: untilReady },
        spec: { ca: { secretName: names.certificateAuthority } },
      },
      {
        ...child,
        dependsOn: [
          // Its kind and its webhook come from there.
          ...args.certManager,
          // It is not ready while its key is missing.
          secrets.certificateAuthority,
        ],
      },
    );

    const certificate = new kubernetes.apiextensions.CustomResource(
      `${name}-certificate`,
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: names.internodeTls, namespace, annotations: untilReady },
        spec: {
          secretName: names.internodeTls,
          commonName: `${cluster}-${datacenter}`,
          dnsNames: certificateNames(cluster, datacenter, namespace, site.plan.gateway.service),
          duration: '2160h',
          renewBefore: '720h',
          // Internode connections are opened by either side, with client certificates required.
          usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
          privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
          keystores: {
            pkcs12: {
              create: true,
              profile: 'Modern2023',
              passwordSecretRef: { name: names.keystorePassword, key: 'password' },
            },
          },
          issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: `${cluster}-internode` },
        },
      },
      {
        ...child,
        dependsOn: [
          // It signs.
          issuer,
          // It locks the stores.
          secrets.keystorePassword,
        ],
      },
    );

    this.ready = [certificate];
    this.registerOutputs({});
  }
}

/** Names under which clients and nodes reach the datacenter, for those who verify them. */
export function certificateNames(cluster: string, datacenter: string, namespace: string, gateway: string): string[] {
  const services = datacenterServices(cluster, datacenter);
  const zone = `${namespace}.svc.cluster.local`;
  return [
    `*.${services.allPods}.${zone}`,
    `${services.allPods}.${zone}`,
    `${services.clients}.${zone}`,
    `${services.seeds}.${zone}`,
    `${gateway}.${zone}`,
  ];
}
