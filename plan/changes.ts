/** What a living stack can become only in steps, or not at all: changes that are refused before anything is touched. */
import type { Problem } from './problem';
import type { Settings, SiteSettings } from './settings';
import { bytesOf } from './parse/values';

/** Where a stack stands, as far as the next change is judged by it. An output of the stack. */
export interface Standing {
  /** Site whose datacenter started the ring. */
  readonly first: string;
  readonly cassandraVersion: string;
  readonly replicationFactor: number;
  readonly sites: Readonly<Record<string, SiteStanding>>;
}

export interface SiteStanding {
  readonly cloud: SiteSettings['cloud'];
  readonly zones: readonly string[];
  readonly kubernetesVersion: string;
  readonly nodesPerRack: number;
  readonly storage: string;
  /** Empty for the program's own. */
  readonly storageClass: string;
}

/** The site whose datacenter starts a ring that does not exist yet: the first by name unless set. */
export function firstSiteOf({ cassandra, sites }: Settings): string {
  return cassandra.firstSite ?? sites.map(({ name }) => name).sort()[0] ?? '';
}

/** What the settings ask for. */
export function standingOf(settings: Settings): Standing {
  const { version, replicationFactor } = settings.cassandra;
  const sites = settings.sites.map((site): [string, SiteStanding] => [
    site.name,
    {
      cloud: site.cloud,
      zones: [...site.zones].sort(),
      kubernetesVersion: site.kubernetesVersion,
      nodesPerRack: site.cassandra.nodesPerRack,
      storage: site.cassandra.storage,
      storageClass: site.cassandra.storageClass ?? '',
    },
  ]);
  return {
    first: firstSiteOf(settings),
    cassandraVersion: version,
    replicationFactor,
    sites: Object.fromEntries(sites),
  };
}

/** Every step that cannot be taken from where a stack stands to its settings; a new stack takes any. */
export function checkChanges(was: Standing | undefined, settings: Settings): Problem[] {
  if (was === undefined) return [];
  return [
    ...checkFirst(was, settings),
    ...checkCassandraVersion(was, settings),
    ...settings.sites.flatMap((site, index) => {
      const before = was.sites[site.name];
      if (before === undefined || before.cloud !== site.cloud) return [];
      const at = `sites[${index}]`;
      return [
        ...checkZones(before, site, at),
        ...checkKubernetes(before, site, at),
        ...checkReplicas(was, before, settings, site, at),
        ...checkNodes(before, site, at),
        ...checkStorage(before, site, at),
      ];
    }),
  ];
}

/**
 * Only one datacenter ever starts a ring. Another one in its place, as when a site is added whose name comes first,
 * would start a second ring, and the one that holds the data would be told to stream from it.
 */
function checkFirst(was: Standing, settings: Settings): Problem[] {
  const living = settings.sites.map(({ name }) => name).filter((name) => name in was.sites);
  const first = firstSiteOf(settings);
  const [keeps] = living.includes(was.first) ? [was.first] : [...living].sort();
  return keeps === undefined || keeps === first
    ? []
    : [
        {
          key: 'cassandra.firstSite',
          value: settings.cassandra.firstSite ?? '',
          message: `would make ${first} start the ring, which exists at ${keeps}`,
          remedy: `set it to ${keeps}`,
        },
      ];
}

/** Cassandra does not read what a later version wrote (Cassandra, NEWS.txt, upgrading). */
function checkCassandraVersion(was: Standing, { cassandra: { version } }: Settings): Problem[] {
  return compared(minorOf(version), minorOf(was.cassandraVersion)) >= 0
    ? []
    : [
        {
          key: 'cassandra.version',
          value: version,
          message: `was ${was.cassandraVersion}, whose data an older version does not read`,
          remedy: 'put it back',
          rule: 'no downgrade',
          source: 'Cassandra, NEWS.txt',
        },
      ];
}

/** A zone is a rack, and the operator removes none (cass-operator, `ValidateDatacenterFieldChanges`). */
function checkZones(was: SiteStanding, { zones }: SiteSettings, at: string): Problem[] {
  const removed = was.zones.filter((zone) => !zones.includes(zone));
  return removed.length === 0
    ? []
    : [
        {
          key: `${at}.zones`,
          value: zones.join(', '),
          message: `removes ${removed.join(', ')}, whose rack holds data`,
          remedy: 'put it back; zones can be added only',
          rule: 'racks stay',
          source: 'cass-operator, webhook of CassandraDatacenter',
        },
      ];
}

/** Control planes go up by one minor version at a time and never down; GKE's provider passes over a lower one in silence. */
function checkKubernetes(was: SiteStanding, { cloud, kubernetesVersion }: SiteSettings, at: string): Problem[] {
  const [before, now] = [was.kubernetesVersion, kubernetesVersion].map(minorOf) as [number[], number[]];
  const steps = (now[1] ?? 0) - (before[1] ?? 0);
  if (steps === 0 || steps === 1) return [];
  const next = `${before[0]}.${(before[1] ?? 0) + 1}`;
  return [
    {
      key: `${at}.kubernetesVersion`,
      value: kubernetesVersion,
      message: `was ${was.kubernetesVersion}: ${steps > 1 ? 'skips a minor version' : 'goes back'}`,
      remedy: steps > 1 ? `set it to ${next} first` : 'put it back',
      rule: 'one minor version at a time',
      source: cloud === 'aws' ? 'Amazon EKS user guide, update the cluster version' : 'GKE, upgrading clusters',
    },
  ];
}

/** Cassandra lets no node leave that is needed for the replicas there are (`nodetool decommission`, without `--force`). */
function checkReplicas(
  was: Standing,
  before: SiteStanding,
  { cassandra: { replicationFactor } }: Settings,
  { zones, cassandra: { nodesPerRack } }: SiteSettings,
  at: string,
): Problem[] {
  // A zone that is missing is a problem of its own.
  const size = Math.max(zones.length, before.zones.length) * nodesPerRack;
  const held = Math.min(was.replicationFactor, before.zones.length * before.nodesPerRack);
  return size >= held
    ? []
    : [
        {
          key: `${at}.cassandra.nodesPerRack`,
          value: String(nodesPerRack),
          message: `leaves ${size} nodes for the ${held} replicas they hold`,
          remedy:
            replicationFactor > size
              ? `set cassandra.replicationFactor to ${size} and bring that up first`
              : 'bring the lower cassandra.replicationFactor up first',
        },
      ];
}

/**
 * EKS takes nodes away at once, whatever runs on them, and before the datacenter has let its own go: machines are
 * updated first. GKE's autoscaler takes empty ones only.
 */
function checkNodes(was: SiteStanding, { cloud, nodes, cassandra }: SiteSettings, at: string): Problem[] {
  return cloud !== 'aws' || cassandra.nodesPerRack >= was.nodesPerRack || nodes.perZone >= was.nodesPerRack
    ? []
    : [
        {
          key: `${at}.nodes.perZone`,
          value: String(nodes.perZone),
          message: `takes machines away from under ${was.nodesPerRack} Cassandra nodes in each rack`,
          remedy: `set it to ${was.nodesPerRack} until the datacenter is smaller, then lower it`,
          rule: 'scaling down node groups',
          source: 'Amazon EKS user guide, managed node groups',
        },
      ];
}

/** Volumes grow and never shrink, and stay of their class (Kubernetes, persistent volumes; the operator's webhook). */
function checkStorage(
  was: SiteStanding,
  { cassandra: { storage, storageClass = '' } }: SiteSettings,
  at: string,
): Problem[] {
  const source = 'Kubernetes, persistent volumes';
  return [
    ...(bytesOf(storage) >= bytesOf(was.storage)
      ? []
      : [
          {
            key: `${at}.cassandra.storage`,
            value: storage,
            message: `was ${was.storage}, and volumes do not shrink`,
            remedy: 'put it back',
            rule: 'volume size',
            source,
          },
        ]),
    ...(storageClass === was.storageClass
      ? []
      : [
          {
            key: `${at}.cassandra.storageClass`,
            value: storageClass,
            message: `was ${was.storageClass || "this program's own class"}, and volumes stay of their class`,
            remedy: was.storageClass === '' ? 'remove it' : 'put it back',
            rule: 'volume class',
            source,
          },
        ]),
  ];
}

/** Major and minor of a version. */
function minorOf(version: string): number[] {
  return version.split('.').slice(0, 2).map(Number);
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
