import { ProviderEngine } from '../../../sandbox/core/engine';
import { CloudError, InitializationFailed } from '../../../sandbox/core/errors';
import type { Props } from '../../../sandbox/core/values';
import type { World } from '../../../sandbox/core/world';
import type { Clouds, EksView, GkeView } from '../../../sandbox/kubernetes/clouds';
import { kubernetesProvider } from '../../../sandbox/kubernetes/provider';
import type { KubernetesSession } from '../../../sandbox/kubernetes/session';
import { calm, temporaryWorld } from '../harness';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const EKS_SERVER = 'https://EKS1.eu-west-1.eks.example';
export const GKE_SERVER = 'https://203.0.113.9';

/** Two clouds of one cluster each, whose controllers' doings can be read. */
export class FakeClouds implements Clouds {
  eks: Mutable<EksView> | undefined = {
    name: 'east',
    region: 'eu-west-1',
    vpcId: 'vpc-1',
    version: '1.33',
    serviceCidr: '172.20.0.0/16',
    nodeGroups: ['a', 'b', 'c'].map((zone) => ({
      name: `nodes-${zone}`,
      zoneNames: [`eu-west-1${zone}`],
      desiredSize: 1,
      instanceType: 'm7i.xlarge',
      labels: {},
    })),
    addons: ['vpc-cni', 'coredns', 'kube-proxy', 'aws-ebs-csi-driver', 'eks-pod-identity-agent'].map((name) => ({
      name,
      configuration: {},
    })),
    podIdentityAssociations: [
      { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller', roleArn: 'arn:aws:iam::1:role/lbc' },
    ],
  };
  gke: Mutable<GkeView> | undefined = {
    dnsName: GKE_SERVER.replace('https://', ''),
    name: 'west',
    location: 'europe-west4',
    version: '1.33.4-gke.1',
    servicesCidr: '172.21.0.0/16',
    nodePools: [
      {
        name: 'pool',
        zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
        nodesPerZone: 1,
        machineType: 'n2-standard-4',
        labels: {},
      },
    ],
    managedPrometheus: true,
    firewallAdmits: (port) => this.openPorts.includes(port),
  };
  openPorts = [443, 10250, 9443];
  readonly loadBalancers = new Map<string, readonly string[]>();
  readonly disks = new Set<string>();
  private serial = 0;

  findEksCluster(_world: World, endpoint: string) {
    return endpoint === EKS_SERVER ? this.eks : undefined;
  }

  findGkeCluster(_world: World, endpoint: string) {
    return endpoint === GKE_SERVER ? this.gke : undefined;
  }

  createNetworkLoadBalancer(_world: World, request: Parameters<Clouds['createNetworkLoadBalancer']>[1]) {
    const addresses = request.privateAddresses ?? request.subnets.map((_, i) => `10.100.9.${10 + i}`);
    if (addresses.includes('10.100.9.1'))
      throw new CloudError('InvalidParameterValue', 'Address 10.100.9.1 is reserved');
    const arn = `arn:nlb/${(this.serial += 1)}`;
    this.loadBalancers.set(arn, addresses);
    return { arn, addresses, dnsName: `${request.name}.elb.eu-west-1.amazonaws.com` };
  }

  deleteNetworkLoadBalancer(_world: World, arn: string): void {
    this.loadBalancers.delete(arn);
  }

  createForwardingRule(_world: World, request: Parameters<Clouds['createForwardingRule']>[1]) {
    const ip = request.address ?? '10.150.9.10';
    this.loadBalancers.set(request.name, [ip]);
    return { ip, name: request.name };
  }

  deleteForwardingRule(_world: World, name: string): void {
    this.loadBalancers.delete(name);
  }

  createVolume(): { volumeId: string } {
    const volumeId = `vol-${(this.serial += 1)}`;
    this.disks.add(volumeId);
    return { volumeId };
  }

  deleteVolume(_world: World, volumeId: string): void {
    this.disks.delete(volumeId);
  }

  createDisk(): { name: string } {
    const name = `pvc-${(this.serial += 1)}`;
    this.disks.add(name);
    return { name };
  }

  deleteDisk(_world: World, name: string): void {
    this.disks.delete(name);
  }
}

/** What the engine keeps of a resource. */
export interface Kept {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
}

/** A provider for one of the clusters, driven as the engine drives it. */
export class Driver {
  readonly engine: ProviderEngine<KubernetesSession>;
  private readonly session: KubernetesSession;

  constructor(world: World, clouds: Clouds, server: string, config: Props = {}) {
    const provider = kubernetesProvider(world, clouds);
    const kubeconfig = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'it', cluster: { server } }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'me' } }],
      'current-context': 'it',
    });
    this.session = provider.configure({ kubeconfig, ...config }) as KubernetesSession;
    this.engine = new ProviderEngine(provider, calm, () => this.session);
  }

  check(token: string, name: string, given: Props, olds: Props = {}): Props {
    const { inputs, failures } = this.engine.check(urnOf(token, name), olds, withKind(token, given));
    if (failures.length > 0) {
      throw new CloudError('Check', failures.map(({ property, reason }) => `${property}: ${reason}`).join('; '));
    }
    return inputs;
  }

  preview(token: string, name: string, given: Props): Props {
    return this.engine.previewCreate(urnOf(token, name), this.check(token, name, given));
  }

  async create(token: string, name: string, given: Props): Promise<Kept> {
    const inputs = this.check(token, name, given);
    const urn = urnOf(token, name);
    return { urn, inputs, ...(await this.engine.create(urn, inputs)) };
  }

  diff(kept: Kept, given: Props) {
    const token = kept.urn.split('::')[2] ?? '';
    const name = kept.urn.split('::')[3] ?? '';
    return this.engine.diff(kept.urn, kept.inputs, this.check(token, name, given, kept.inputs));
  }

  async update(kept: Kept, given: Props): Promise<Kept> {
    const token = kept.urn.split('::')[2] ?? '';
    const inputs = this.check(token, kept.urn.split('::')[3] ?? '', given, kept.inputs);
    return { ...kept, inputs, outputs: await this.engine.update(kept.urn, kept.id, inputs) };
  }

  async delete(kept: { readonly urn: string; readonly id: string }): Promise<void> {
    await this.engine.delete(kept.urn, kept.id);
  }

  async read(kept: Kept) {
    return this.engine.read(kept.urn, kept.id, kept);
  }
}

export function urnOf(token: string, name: string): string {
  return `urn:pulumi:dev::it::${token}::${name}`;
}

/** The SDK's classes put their apiVersion and kind into the inputs. */
function withKind(token: string, given: Props): Props {
  const [, version = '', kind = ''] = token.split(':');
  if (version.startsWith('helm.sh')) return given;
  return { apiVersion: version.replace(/^core\//, ''), kind: kind.replace(/Patch$/, ''), ...given };
}

/** The message of a refusal, with all reasons of an object that did not become ready. */
export async function refusal(action: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof action === 'function' ? action() : action);
  } catch (error) {
    if (error instanceof InitializationFailed) return error.reasons.join('\n');
    if (error instanceof CloudError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Both clouds with a provider for each cluster; the parts of a world that tests use. */
export interface Setting {
  readonly world: World;
  readonly clouds: FakeClouds;
  readonly eks: Driver;
  readonly gke: Driver;
}

export function setting(config: Props = {}): Setting {
  const world = temporaryWorld();
  const clouds = new FakeClouds();
  const driver = (server: string) => new Driver(world, clouds, server, config);
  return { world, clouds, eks: driver(EKS_SERVER), gke: driver(GKE_SERVER) };
}

export const TOKENS = {
  namespace: 'kubernetes:core/v1:Namespace',
  configMap: 'kubernetes:core/v1:ConfigMap',
  configMapPatch: 'kubernetes:core/v1:ConfigMapPatch',
  secret: 'kubernetes:core/v1:Secret',
  service: 'kubernetes:core/v1:Service',
  endpoints: 'kubernetes:core/v1:Endpoints',
  deployment: 'kubernetes:apps/v1:Deployment',
  job: 'kubernetes:batch/v1:Job',
  storageClass: 'kubernetes:storage.k8s.io/v1:StorageClass',
  release: 'kubernetes:helm.sh/v3:Release',
  certificate: 'kubernetes:cert-manager.io/v1:Certificate',
  issuer: 'kubernetes:cert-manager.io/v1:Issuer',
  datacenter: 'kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter',
  task: 'kubernetes:control.k8ssandra.io/v1alpha1:CassandraTask',
} as const;

export function namespace(driver: Driver, name: string): Promise<Kept> {
  return driver.create(TOKENS.namespace, `namespace-${name}`, { metadata: { name } });
}

/** A chart as the program of a user would install it. */
export function chart(name: string, namespaceName: string, values: Props = {}): Props {
  const repositories: Record<string, [string, string]> = {
    'cert-manager': ['https://charts.jetstack.io', 'v1.18.2'],
    'cass-operator': ['https://helm.k8ssandra.io/stable', '0.62.0'],
    'aws-load-balancer-controller': ['https://aws.github.io/eks-charts', '1.14.0'],
  };
  const [repo = '', version = ''] = repositories[name] ?? [];
  return { chart: name, name, namespace: namespaceName, version, repositoryOpts: { repo }, values };
}

export const CONTROLLER_VALUES: Props = {
  clusterName: 'east',
  region: 'eu-west-1',
  vpcId: 'vpc-1',
  enableServiceMutatorWebhook: false,
};

export function installController(driver: Driver, values: Props = CONTROLLER_VALUES): Promise<Kept> {
  return driver.create(TOKENS.release, 'controller', chart('aws-load-balancer-controller', 'kube-system', values));
}

export async function installCertManager(driver: Driver): Promise<Kept> {
  await namespace(driver, 'cert-manager');
  return driver.create(TOKENS.release, 'cm', chart('cert-manager', 'cert-manager', { crds: { enabled: true } }));
}

export async function installOperator(
  driver: Driver,
  values: Props = { global: { clusterScoped: true } },
): Promise<Kept> {
  await namespace(driver, 'cass-operator');
  return driver.create(TOKENS.release, 'operator', chart('cass-operator', 'cass-operator', values));
}
