import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { CassandraCluster } from '../../../components/cassandra/cluster';
import type { InternalLoadBalancer, KubernetesSite } from '../../../components/kubernetesSite';
import type { SiteSettings, Settings } from '../../../plan/settings';
import type { SitePlan } from '../../../plan/types';
import { awsPlan, awsSettings } from '../fixtures';
import { gcpPlan, gcpSettings, linkedSettings } from '../fixturesGcp';
import { type Computed, type Recording, type Registered, register } from '../recorder';

/** Stages of a site, each one resource, so that a test can ask what waits for which. */
export type Stage = 'nodes' | 'storage' | 'loadBalancers' | 'webhooks';

/** A site made of its stages alone. */
export function standIn(plan: SitePlan, settings: SiteSettings): KubernetesSite {
  const provider = new kubernetes.Provider(`${plan.name}-kubernetes`, { kubeconfig: '{}' });
  const stage = (name: Stage) => [
    new kubernetes.core.v1.ConfigMap(`${plan.name}-${name}`, { metadata: { name } }, { provider }),
  ];
  return {
    plan,
    settings,
    provider,
    kubeconfig: pulumi.secret('{}'),
    endpoint: pulumi.output('https://cluster.example'),
    nodes: stage('nodes'),
    storage: stage('storage'),
    storageClass: 'cassandra-data',
    loadBalancers: stage('loadBalancers'),
    webhooks: stage('webhooks'),
    internalLoadBalancer: (role): InternalLoadBalancer =>
      plan.cloud === 'aws'
        ? { annotations: { addresses: plan[role].addresses.join() }, loadBalancerClass: 'nlb', mixedProtocols: true }
        : { annotations: { type: 'Internal' }, loadBalancerIP: plan[role].addresses[0], mixedProtocols: false },
  };
}

export const standInAws = (): KubernetesSite => standIn(awsPlan, awsSettings);
export const standInGcp = (): KubernetesSite => standIn(gcpPlan, gcpSettings);

/** Values that must never be readable in a resource. */
export const SECRETS = { caKey: 'S3cretOfCa', superuser: 'S3cretOfSuperuser', keystore: 'S3cretOfStores' } as const;

const computed: Computed = (type, name) => {
  switch (type) {
    case 'tls:index/privateKey:PrivateKey':
      return { privateKeyPem: pulumi.secret(SECRETS.caKey) };
    case 'tls:index/selfSignedCert:SelfSignedCert':
      return { certPem: 'CA-CERTIFICATE-PEM' };
    case 'random:index/randomPassword:RandomPassword':
      return { result: pulumi.secret(name.endsWith('superuser') ? SECRETS.superuser : SECRETS.keystore) };
    default:
      return {};
  }
};

export interface ClusterOptions {
  readonly settings?: Partial<Settings['cassandra']>;
  readonly protect?: boolean;
  readonly preview?: boolean;
  /** The AWS site alone, without peers. */
  readonly alone?: boolean;
  /** Sites in the other order, as the settings might give them. */
  readonly reversed?: boolean;
  /** What the state remembers of each rack: how many zones there were when its own came. */
  readonly ages?: (name: string) => number;
}

/** The whole Cassandra layer over two linked stand-ins. */
export async function clusterOverTwoSites(options: ClusterOptions = {}): Promise<Recording> {
  return register(
    () => {
      const aws = options.alone ? standIn(withoutPeers(awsPlan), awsSettings) : standInAws();
      const sites = options.alone ? [aws] : [aws, standInGcp()];
      const link = new kubernetes.core.v1.ConfigMap('link', {}, { provider: aws.provider });
      new CassandraCluster('xcloud', {
        cluster: 'xcloud',
        settings: { ...linkedSettings.cassandra, ...options.settings },
        charts: linkedSettings.operators,
        sites: options.reversed ? [...sites].reverse() : sites,
        links: options.alone ? [] : [{ sites: [awsPlan.name, gcpPlan.name], ready: [link] }],
        protect: options.protect ?? false,
      });
    },
    {
      computed: (type, name) =>
        type === 'pulumi:index:Stash' && options.ages ? { output: options.ages(name) } : computed(type, name),
      preview: options.preview,
    },
  );
}

function withoutPeers(plan: SitePlan): SitePlan {
  return { ...plan, peers: [], snatExclusions: [], firewallSources: [], remoteSeeds: [] };
}

export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

/** A registered resource as the Kubernetes object it is. */
export function asObject(resource: Registered): KubernetesObject {
  return resource.inputs as unknown as KubernetesObject;
}

export const CASSANDRA_DATACENTER = 'kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter';
export const CASSANDRA_TASK = 'kubernetes:control.k8ssandra.io/v1alpha1:CassandraTask';
export const JOB = 'kubernetes:batch/v1:Job';
export const SERVICE = 'kubernetes:core/v1:Service';
export const ENDPOINTS = 'kubernetes:core/v1:Endpoints';
export const SECRET = 'kubernetes:core/v1:Secret';
export const RELEASE = 'kubernetes:helm.sh/v3:Release';
