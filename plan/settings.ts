/** The validated settings of a stack. Made by `parseSettings` only. */
import type { Cloud } from './types';

export interface Settings {
  /** Cassandra `cluster_name`; a DNS label of 2 to 32 characters. */
  readonly cluster: string;
  readonly connectivity: 'native' | 'overlay';
  readonly dns: 'forward';
  /** Where `slot` sites take their ranges from. */
  readonly pool: PoolSettings;
  readonly link: LinkSettings;
  /** Used with `connectivity: overlay` only; the defaults of `parseSettings` unless set. */
  readonly overlay?: OverlaySettings;
  /** Links by their two site names; by default the one between the only two sites. */
  readonly links: readonly LinkPair[];
  readonly cassandra: CassandraSettings;
  readonly operators: OperatorSettings;
  readonly access: AccessSettings;
  readonly alerts: AlertSettings;
  /** Tags and labels put on everything that takes them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Protects networks, clusters and datacenters from being deleted. */
  readonly protect: boolean;
  /** In the order the settings gave them. */
  readonly sites: readonly SiteSettings[];
}

export interface PoolSettings {
  /** Canonical private IPv4 range. */
  readonly range: string;
  /** Prefix length of one slot; a slot is cut into four quarters: nodes, pods, services, spare. */
  readonly prefix: number;
}

export interface LinkSettings {
  readonly awsGateway: 'virtualPrivate' | 'transit';
}

export interface OverlaySettings {
  /** Canonical IPv4 range, /19 or larger, of which each site takes a /20 of virtual pod addresses. */
  readonly virtualPool: string;
}

export interface LinkPair {
  readonly sites: readonly [string, string];
  /** /28 in 169.254.0.0/16 whose four /30s are the tunnels' inside ranges. */
  readonly tunnels?: string;
}

export interface CassandraSettings {
  /** Cassandra version, e.g. `5.0.9`. */
  readonly version: string;
  /** Replicas per datacenter. */
  readonly replicationFactor: number;
  /** Application keyspaces, created and replicated to every datacenter. */
  readonly keyspaces: readonly string[];
  /** Site whose datacenter starts first; the first by name unless set. */
  readonly firstSite?: string;
  /** `phi_convict_threshold`, 8 to 16. */
  readonly phiConvictThreshold: number;
}

export interface OperatorSettings {
  readonly cassOperator: ChartSettings;
  readonly certManager: ChartSettings;
  readonly awsLoadBalancerController: ChartSettings;
}

/** Where a Helm chart comes from; a local path or another repository serves air-gapped use. */
export interface ChartSettings {
  readonly chart: string;
  readonly repository?: string;
  readonly version: string;
}

export interface AccessSettings {
  /** Ranges admitted to the public endpoints of the control planes; never 0.0.0.0/0. */
  readonly admittedRanges: readonly string[];
  /** IAM principal ARNs that get cluster-admin on EKS besides the creator. */
  readonly awsAdmins: readonly string[];
  /** Reach GKE through its DNS endpoint instead of the admitted ranges. */
  readonly gkeDnsEndpoint: boolean;
}

export interface AlertSettings {
  /** SNS topic ARN for CloudWatch alarms. */
  readonly snsTopicArn?: string;
  /** Cloud Monitoring notification channel names. */
  readonly notificationChannels: readonly string[];
}

interface SiteSettingsBase {
  readonly name: string;
  readonly region: string;
  /** Zone names, each one rack. */
  readonly zones: readonly string[];
  readonly datacenter: string;
  /** Either pinned ranges or a slot of the pool; exactly one of the two is set. */
  readonly ranges?: PinnedRanges;
  readonly slot?: number;
  readonly asn?: number;
  /** /20 of virtual pod addresses, with `connectivity: overlay`; by slot or name from the pool unless set. */
  readonly virtual?: string;
  readonly kubernetesVersion: string;
  readonly nodes: NodeSettings;
  readonly cassandra: SiteCassandraSettings;
  /** Weekly window in UTC in which the cloud may upgrade. */
  readonly maintenance: MaintenanceSettings;
}

export interface AwsSiteSettings extends SiteSettingsBase {
  readonly cloud: 'aws';
  /** Account the site must be in; a guard against wrong credentials. */
  readonly accountId?: string;
  /** EKS add-on versions by add-on name; the cluster version's default unless set. */
  readonly addonVersions: Readonly<Record<string, string>>;
}

export interface GcpSiteSettings extends SiteSettingsBase {
  readonly cloud: 'gcp';
  readonly project: string;
  /** GKE release channel. */
  readonly channel: 'RAPID' | 'REGULAR' | 'STABLE' | 'EXTENDED';
}

export type SiteSettings = AwsSiteSettings | GcpSiteSettings;

export interface PinnedRanges {
  readonly nodes: string;
  readonly pods: string;
  readonly services: string;
  /** GCP only, exactly /28; the last /28 of `nodes` unless set. */
  readonly controlPlane?: string;
}

export interface NodeSettings {
  /** EC2 instance type or GCE machine type. */
  readonly machineType: string;
  /** Nodes in each zone. */
  readonly perZone: number;
  /** Upper bound of each zone's autoscaling. */
  readonly maxPerZone: number;
  readonly diskGiB: number;
  /** EKS `amiType` or GKE `imageType`. */
  readonly image: string;
  /** Pods one node can hold: 8 to 110 on GKE, 110 or 250 with prefixes on EKS. */
  readonly maxPods: number;
}

export interface SiteCassandraSettings {
  /** Cassandra nodes in each rack. */
  readonly nodesPerRack: number;
  /** Kubernetes quantities. */
  readonly cpu: string;
  readonly memory: string;
  readonly heap: string;
  readonly storage: string;
  /** StorageClass; one of this program's own unless set. */
  readonly storageClass?: string;
}

export interface MaintenanceSettings {
  readonly day: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
  /** Hour in UTC, 0 to 23. */
  readonly startHour: number;
}

export type { Cloud };
