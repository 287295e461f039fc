import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesSite } from '../kubernetesSite';
import { siteCorefile } from './corefile';

export interface SiteCoreDnsArgs {
  readonly site: KubernetesSite;
}

/** Namespace of the site's own CoreDNS. */
export const DNS_NAMESPACE = 'site-dns';
/** Labels of its pods. */
export const DNS_LABELS = { app: 'site-dns' } as const;

const IMAGE = 'registry.k8s.io/coredns/coredns:v1.12.1';
const REPLICAS = 2;
/**
 * The image's own user, by number: it names it (`nonroot`), and the kubelet starts no container of a named user
 * under `runAsNonRoot` (CoreDNS #7542).
 */
const NON_ROOT_USER = 65532;

/**
 * A CoreDNS of the program's own that serves the site's Cassandra namespace to the peers, where the
 * cluster has no CoreDNS that could (GKE): two replicas in different zones.
 */
export class SiteCoreDns extends pulumi.ComponentResource {
  /** Its pods answer. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SiteCoreDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:dns:SiteCoreDns', name, {}, opts);
    const { site } = args;
    const child = { parent: this, provider: site.provider };

    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: DNS_NAMESPACE } },
      child,
    );
    // The namespace holds everything below.
    const inNamespace = { ...child, dependsOn: [namespace] };
    const metadata = { name: DNS_NAMESPACE, namespace: DNS_NAMESPACE };

    const access = readAccess(name, child, inNamespace);
    const config = new kubernetes.core.v1.ConfigMap(
      `${name}-config`,
      { metadata, data: { Corefile: siteCorefile(site.plan) } },
      inNamespace,
    );
    const budget = new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata, spec: { minAvailable: 1, selector: { matchLabels: DNS_LABELS } } },
      inNamespace,
    );
    const deployment = new kubernetes.apps.v1.Deployment(
      `${name}-deployment`,
      { metadata: { ...metadata, labels: DNS_LABELS }, spec: deploymentSpec() },
      {
        ...child,
        dependsOn: [
          namespace,
          // It does not become ready before it may list what it serves.
          ...access,
          // Mounted.
          config,
          // From the first pod on, an upgrade takes one at a time.
          budget,
          // Its pods need somewhere to run.
          ...site.nodes,
        ],
      },
    );

    this.ready = [deployment];
    this.registerOutputs({});
  }
}

/**
 * What CoreDNS's `kubernetes` plugin lists and watches: services, namespaces and EndpointSlices; pods only
 * with `pods verified`. It asks for all namespaces and filters afterwards (its `namespaces` option), so a
 * Role in one namespace is refused and it has to be a ClusterRole. (CoreDNS, `plugin/kubernetes/controller.go`)
 */
function readAccess(name: string, child: pulumi.CustomResourceOptions, inNamespace: pulumi.CustomResourceOptions) {
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata: { name: DNS_NAMESPACE, namespace: DNS_NAMESPACE } },
    inNamespace,
  );
  const role = new kubernetes.rbac.v1.ClusterRole(
    `${name}-role`,
    {
      metadata: { name: DNS_NAMESPACE },
      rules: [
        { apiGroups: [''], resources: ['services', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    child,
  );
  const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-binding`,
    {
      metadata: { name: DNS_NAMESPACE },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: DNS_NAMESPACE },
      subjects: [{ kind: 'ServiceAccount', name: DNS_NAMESPACE, namespace: DNS_NAMESPACE }],
    },
    // A binding to what is not there yet would be accepted and mean nothing until it is.
    { ...child, dependsOn: [account, role] },
  );
  return [account, binding];
}

function deploymentSpec(): kubernetes.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: REPLICAS,
    selector: { matchLabels: DNS_LABELS },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
    template: {
      metadata: { labels: DNS_LABELS },
      spec: {
        serviceAccountName: DNS_NAMESPACE,
        // Losing a zone must not lose the names in the others.
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: DNS_LABELS },
          },
        ],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: NON_ROOT_USER,
          runAsGroup: NON_ROOT_USER,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'coredns',
            image: IMAGE,
            args: ['-conf', '/etc/coredns/Corefile'],
            ports: [
              { name: 'dns', containerPort: 53, protocol: 'UDP' },
              { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
            ],
            livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 10, failureThreshold: 5 },
            readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
            resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '170Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
            },
            volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
          },
        ],
        volumes: [{ name: 'config', configMap: { name: DNS_NAMESPACE } }],
      },
    },
  };
}
