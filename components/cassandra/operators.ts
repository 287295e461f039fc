import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { OperatorSettings } from '../../plan/settings';
import { chartLocation } from '../charts';
import type { KubernetesSite } from '../kubernetesSite';
import { CERT_MANAGER_NAMESPACE, OPERATOR_NAMESPACE } from './names';

export interface OperatorsArgs {
  readonly site: KubernetesSite;
  readonly charts: OperatorSettings;
}

/** Seconds Helm waits for a release's workloads and hooks. */
const RELEASE_TIMEOUT = 900;

/**
 * cert-manager and cass-operator on one site.
 *
 * Helm releases and not charts, because cert-manager's start-up check is a hook: it ends only when the
 * API server has reached the webhook, which is what everything after it relies on.
 */
export class Operators extends pulumi.ComponentResource {
  /** Certificates are issued and their webhook answers. */
  readonly certManager: readonly pulumi.Resource[];
  /** CassandraDatacenters are admitted and reconciled. */
  readonly cassOperator: readonly pulumi.Resource[];

  constructor(name: string, args: OperatorsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:Operators', name, {}, opts);
    const { site, charts } = args;
    const child = { parent: this, provider: site.provider };

    const certManagerNamespace = operatorNamespace(`${name}-cert-manager-namespace`, CERT_MANAGER_NAMESPACE, child);
    const certManager = new kubernetes.helm.v3.Release(
      `${name}-cert-manager`,
      {
        ...chartLocation(charts.certManager),
        name: 'cert-manager',
        namespace: CERT_MANAGER_NAMESPACE,
        timeout: RELEASE_TIMEOUT,
        values: { crds: { enabled: true } },
      },
      {
        ...child,
        dependsOn: [
          // The release lives in it.
          certManagerNamespace,
          // Its pods need somewhere to run, and its start-up check needs cluster DNS.
          ...site.nodes,
          // The API server must reach its webhook on the nodes, or the start-up check fails the release.
          ...site.webhooks,
        ],
        customTimeouts: { create: '20m', update: '20m', delete: '10m' },
      },
    );

    const operatorNamespaceObject = operatorNamespace(`${name}-cass-operator-namespace`, OPERATOR_NAMESPACE, child);
    const cassOperator = new kubernetes.helm.v3.Release(
      `${name}-cass-operator`,
      {
        ...chartLocation(charts.cassOperator),
        name: 'cass-operator',
        namespace: OPERATOR_NAMESPACE,
        timeout: RELEASE_TIMEOUT,
        values: {
          // By default the operator watches its own namespace only; the datacenter's has a name of its own per site.
          global: { clusterScoped: true },
          admissionWebhooks: { enabled: true },
        },
      },
      {
        ...child,
        dependsOn: [
          // The release lives in it.
          operatorNamespaceObject,
          // The chart asks cert-manager for its webhook's certificate; the pod does not start without it.
          certManager,
          // Its pod needs somewhere to run.
          ...site.nodes,
          // Its webhook has failurePolicy Fail: unreachable, it refuses every CassandraDatacenter.
          ...site.webhooks,
        ],
        customTimeouts: { create: '20m', update: '20m', delete: '10m' },
      },
    );

    this.certManager = [certManager];
    this.cassOperator = [cassOperator];
    this.registerOutputs({});
  }
}

function operatorNamespace(name: string, namespace: string, child: pulumi.CustomResourceOptions) {
  return new kubernetes.core.v1.Namespace(name, { metadata: { name: namespace } }, child);
}
