import type { ObjectShape } from '../../schema/schema';
import { at, flag, number, object, text, type Props } from '../../core/values';
import type { ClusterState } from '../state';
import { certManager } from './certManager';
import { CASS_OPERATOR } from './cassOperator';
import { CERT_MANAGER } from './certManager';
import { LOAD_BALANCER_CONTROLLER } from './loadBalancerController';
import { isDefined } from './definitions';
import { fullName } from './releases';
import { keys } from './values';

/** A release about to be installed. */
export interface Installation {
  readonly name: string;
  readonly namespace: string;
  readonly values: Props;
}

/** A chart that the local cloud can install. */
export interface Chart {
  readonly name: string;
  /** Keys of its values; Helm itself ignores others, which is how a misspelt value is lost. */
  readonly values: ObjectShape;
  /** Version of the program that a version of the chart installs. */
  appVersion(version: string, values: Props): string;
  /** Names and replicas of its Deployments. */
  workloads(release: Installation): readonly { readonly name: string; readonly replicas: number }[];
  /** Whether it brings CustomResourceDefinitions; whether they go with the release, and of which API group. */
  definitions?(values: Props): { readonly installed: boolean; readonly removed?: string };
  /** Why its templates or hooks fail, or its pods do not start. */
  problem?(release: Installation, state: ClusterState): string | undefined;
}

const RESOURCES = 'resources nodeSelector affinity tolerations topologySpreadConstraints podLabels podAnnotations';
const SERVICE_ACCOUNT = keys('create name annotations labels automountServiceAccountToken imagePullSecrets');
const IMAGE = keys('registry repository tag digest pullPolicy name');

/** jetstack/cert-manager, `values.yaml` (v1.12 and later). */
const CERT_MANAGER_WORKLOAD = keys(
  `${RESOURCES} replicaCount strategy podDisruptionBudget securityContext containerSecurityContext extraArgs extraEnv
   featureGates livenessProbe readinessProbe deploymentAnnotations serviceAnnotations serviceLabels enableServiceLinks
   volumes volumeMounts automountServiceAccountToken serviceIPFamilyPolicy serviceIPFamilies config`,
  { image: IMAGE, serviceAccount: SERVICE_ACCOUNT },
);

const certManagerChart: Chart = {
  name: CERT_MANAGER,
  values: keys(
    `${Object.keys(CERT_MANAGER_WORKLOAD.fields).join(' ')} installCRDs maxConcurrentChallenges clusterResourceNamespace
     namespace fullnameOverride nameOverride enableCertificateOwnerRef dns01RecursiveNameservers imageRegistry
     dns01RecursiveNameserversOnly disableAutoApproval approveSignerNames ingressShim http_proxy https_proxy no_proxy
     podDnsPolicy podDnsConfig hostAliases prometheus extraObjects creator enabled imageNamespace`,
    {
      image: IMAGE,
      serviceAccount: SERVICE_ACCOUNT,
      crds: keys('enabled keep'),
      global: keys(
        'imagePullSecrets commonLabels revisionHistoryLimit priorityClassName podSecurityPolicy logLevel logFormat hostUsers nodeSelector',
        {
          rbac: keys('create aggregateClusterRoles disableHTTPChallengesRole'),
          leaderElection: keys('namespace leaseDuration renewDeadline retryPeriod'),
        },
      ),
      webhook: keys(
        `${Object.keys(CERT_MANAGER_WORKLOAD.fields).join(' ')} timeoutSeconds securePort hostNetwork serviceType
         loadBalancerIP url networkPolicy mutatingWebhookConfigurationAnnotations mutatingWebhookConfiguration
         validatingWebhookConfigurationAnnotations validatingWebhookConfiguration`,
        { image: IMAGE, serviceAccount: SERVICE_ACCOUNT },
      ),
      cainjector: keys(`${Object.keys(CERT_MANAGER_WORKLOAD.fields).join(' ')} enabled`, {
        image: IMAGE,
        serviceAccount: SERVICE_ACCOUNT,
      }),
      acmesolver: keys('', { image: IMAGE }),
      startupapicheck: keys(
        `${Object.keys(CERT_MANAGER_WORKLOAD.fields).join(' ')} enabled timeout backoffLimit jobAnnotations rbac`,
        { image: IMAGE, serviceAccount: SERVICE_ACCOUNT },
      ),
    },
  ),
  appVersion: (version) => (version.startsWith('v') ? version : `v${version}`),
  workloads: ({ name, values }) => {
    const full = fullName(CERT_MANAGER, name, { values });
    return [
      { name: full, replicas: number(values, 'replicaCount') ?? 1 },
      { name: `${full}-webhook`, replicas: number(values, 'webhook', 'replicaCount') ?? 1 },
      ...(flag(values, 'cainjector', 'enabled') === false
        ? []
        : [{ name: `${full}-cainjector`, replicas: number(values, 'cainjector', 'replicaCount') ?? 1 }]),
    ];
  },
  // "crds.keep": the definitions stay when the release goes, unless it is told otherwise.
  definitions: (values) => ({
    installed: flag(values, 'crds', 'enabled') === true || flag(values, 'installCRDs') === true,
    ...(flag(values, 'crds', 'keep') === false ? { removed: 'cert-manager.io' } : {}),
  }),
  problem: ({ values }, state) => {
    if (flag(values, 'startupapicheck', 'enabled') === false) return undefined;
    if (!isDefined(state, CERT_MANAGER)) {
      return 'failed post-install: 1 error occurred:\n\t* job cert-manager-startupapicheck failed: BackoffLimitExceeded (the cert-manager CRDs are not yet installed on the Kubernetes API server)';
    }
    const port = number(values, 'webhook', 'securePort') ?? certManager.webhookPort;
    return state.cluster.kind === 'gke' && !state.cluster.cloud.firewallAdmits(port)
      ? 'failed post-install: 1 error occurred:\n\t* job cert-manager-startupapicheck failed: BackoffLimitExceeded (the cert-manager webhook: context deadline exceeded)'
      : undefined;
  },
};

/** k8ssandra/cass-operator, the chart's README. */
const cassOperatorChart: Chart = {
  name: CASS_OPERATOR,
  values: keys(
    `nameOverride fullnameOverride commonLabels commonAnnotations replicaCount imagePullSecrets podAnnotations
     podSecurityContext securityContext resources nodeSelector tolerations affinity metrics disableCertManagerCheck
     openshift imageConfig imageConfigOverride vmwarePSPEnabled`,
    {
      global: keys('watchNamespaces commonAnnotations commonLabels imageConfig', {
        clusterScoped: 'boolean',
        clusterScopedResources: 'boolean',
      }),
      admissionWebhooks: keys('certificateSecret customCertificate', { enabled: 'boolean' }),
      image: keys('repositoryOverride registryOverride', IMAGE.fields),
      serviceAccount: SERVICE_ACCOUNT,
    },
  ),
  appVersion: (_version, values) => (text(values, 'image', 'tag') ?? 'v1.28.0').replace(/^v/, ''),
  workloads: ({ name, values }) => [
    { name: fullName(CASS_OPERATOR, name, { values }), replicas: number(values, 'replicaCount') ?? 1 },
  ],
  definitions: () => ({ installed: true }),
  problem: ({ values }, state) => {
    if (flag(values, 'admissionWebhooks', 'enabled') === false) return undefined;
    if (flag(values, 'disableCertManagerCheck') !== true && !certManager.served(state)) {
      return 'execution error at (cass-operator/templates/certificates.yaml:2:4): cert-manager is required to be installed for cass-operator unless admissionWebhooks are disabled: no matches for kind "Certificate" in version "cert-manager.io/v1"';
    }
    return certManager.working(state)
      ? undefined
      : 'failed calling webhook "webhook.cert-manager.io": no endpoints available for service "cert-manager-webhook"';
  },
};

/** eks/aws-load-balancer-controller, `values.yaml`. */
const loadBalancerControllerChart: Chart = {
  name: LOAD_BALANCER_CONTROLLER,
  values: keys(
    `replicaCount revisionHistoryLimit imagePullSecrets nameOverride fullnameOverride podSecurityContext securityContext
     terminationGracePeriodSeconds ${RESOURCES} priorityClassName runtimeClassName configureDefaultAffinity updateStrategy
     serviceAnnotations deploymentAnnotations additionalLabels enableCertManager clusterName ingressClass
     createIngressClassResource region vpcId vpcTags awsApiEndpoints awsApiThrottle awsMaxRetries defaultTargetType
     defaultLoadBalancerScheme enablePodReadinessGateInject enableShield enableWaf enableWafv2
     ingressMaxConcurrentReconciles logLevel metricsBindAddr webhookConfig webhookBindPort webhookTLS
     webhookNamespaceSelectors webhookCertDir webhookCertFile webhookKeyFile keepTLSSecret serviceMaxConcurrentReconciles
     targetgroupbindingMaxConcurrentReconciles targetgroupbindingMaxExponentialBackoffDelay syncPeriod watchNamespace
     disableIngressClassAnnotation disableIngressGroupNameAnnotation tolerateNonExistentBackendService
     tolerateNonExistentBackendAction defaultSSLPolicy livenessProbe readinessProbe env envFrom envSecretName hostNetwork
     dnsPolicy extraVolumeMounts extraVolumes defaultTags podDisruptionBudget externalManagedTags enableEndpointSlices
     enableBackendSecurityGroup enableManageBackendSecurityGroupRules backendSecurityGroup maxTargetsPerTargetGroup
     disableRestrictedSecurityGroupRules controllerConfig certManagement certDiscovery objectSelector serviceMonitor
     clusterSecretsPermissions ingressClassConfig serviceMutatorWebhookConfig podMutatorWebhookConfig autoscaling
     serviceTargetENISGTags loadBalancerClass creator enableLeaderElection lbStabilizationMonitorInterval`,
    {
      image: IMAGE,
      serviceAccount: SERVICE_ACCOUNT,
      rbac: keys('create'),
      cluster: keys('dnsDomain'),
      ingressClassParams: keys('create name spec'),
      enableServiceMutatorWebhook: 'boolean',
    },
  ),
  appVersion: (version) => version.replace(/^v?1\./, 'v2.'),
  workloads: ({ name, values }) => [
    { name: fullName(LOAD_BALANCER_CONTROLLER, name, { values }), replicas: number(values, 'replicaCount') ?? 2 },
  ],
  problem: loadBalancerControllerProblem,
};

/** What keeps the controller from starting: the cluster's name, credentials for AWS, and the VPC it works in. */
function loadBalancerControllerProblem(
  { name, namespace, values }: Installation,
  state: ClusterState,
): string | undefined {
  const { cluster } = state;
  if (cluster.kind !== 'eks') return 'unable to create AWS clients: this cluster does not run on EC2';
  const clusterName = text(values, 'clusterName');
  if (!clusterName) {
    return 'execution error at (aws-load-balancer-controller/templates/deployment.yaml:62:28): Chart cannot be installed without a valid clusterName!';
  }
  if (clusterName !== cluster.cloud.name)
    return `the controller is told another cluster's name: ${clusterName} is not ${cluster.cloud.name}`;
  const account = text(values, 'serviceAccount', 'name') || fullName(LOAD_BALANCER_CONTROLLER, name, { values });
  const identity = cluster.cloud.podIdentityAssociations.some(
    (it) => it.namespace === namespace && it.serviceAccount === account,
  );
  const agent = cluster.cloud.addons.some((addon) => addon.name === 'eks-pod-identity-agent');
  const annotated = at(values, 'serviceAccount', 'annotations', 'eks.amazonaws.com/role-arn') !== undefined;
  if (!(identity && agent) && !annotated) {
    return `CrashLoopBackOff: no credentials: service account ${namespace}/${account} has neither a pod identity association (with the agent add-on) nor an IAM role annotation`;
  }
  const vpcId = text(values, 'vpcId');
  if (vpcId !== undefined && vpcId !== cluster.cloud.vpcId)
    return `the controller is told another VPC: ${vpcId} is not ${cluster.cloud.vpcId}`;
  const region = text(values, 'region');
  if (region !== undefined && region !== cluster.cloud.region)
    return `the controller is told another region: ${region} is not ${cluster.cloud.region}`;
  if ((vpcId === undefined || region === undefined) && Object.keys(object(values, 'vpcTags')).length === 0) {
    return 'CrashLoopBackOff: failed to fetch VPC ID from instance metadata: EC2MetadataError (set vpcId and region)';
  }
  return undefined;
}

const CHARTS = [certManagerChart, cassOperatorChart, loadBalancerControllerChart];

export function chartNamed(name: string): Chart | undefined {
  return CHARTS.find((chart) => chart.name === name);
}

export function chartNames(): string[] {
  return CHARTS.map((chart) => chart.name);
}
