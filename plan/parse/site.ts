/** Decoders and defaults of a site. */
import type { Draft } from '../draft';
import type {
  AwsSiteSettings,
  GcpSiteSettings,
  MaintenanceSettings,
  NodeSettings,
  PinnedRanges,
  SiteCassandraSettings,
  SiteSettings,
} from '../settings';
import type { Cloud } from '../types';
import {
  type At,
  type Decoder,
  type Field,
  type Fields,
  decodeFields,
  defaulted,
  fromJson,
  integer,
  isObject,
  mapOf,
  nested,
  object,
  oneOf,
  optional,
  pattern,
  refuse,
  required,
  setOf,
  text,
} from './schema';
import { bytes, cpu, kubernetesVersion, label, privateAsn, range } from './values';

const CLOUD_REMEDY = 'use aws or gcp';

/** A site whose cloud is missing or misspelt is still read, as far as the clouds do not differ. */
type KnownCloud = Cloud | 'unknown';

/** In standard support of EKS and in every channel of GKE in late 2026, and what the lab runs. */
const DEFAULT_KUBERNETES_VERSION = '1.35';

/** Longest site name: names derived from it stay within 32 characters on AWS and 63 on Google Cloud. */
const MAX_SITE_NAME = 24;

/** Both clouds name regions after a part of the world and a direction in it. */
const COMPASS = '(north|south|east|west|central|northeast|northwest|southeast|southwest)';

const REGIONS: Readonly<Record<KnownCloud, Decoder<string>>> = {
  aws: pattern(
    new RegExp(`^[a-z]{2,4}(-[a-z]+)?-${COMPASS}-[1-9]$`),
    'is not an AWS region',
    'write it like eu-west-1',
  ),
  gcp: pattern(
    new RegExp(`^[a-z]+-${COMPASS}[1-9]\\d?$`),
    'is not a Google Cloud region',
    'write it like europe-west4',
  ),
  unknown: text('name the region'),
};

const MACHINE_TYPES: Readonly<Record<KnownCloud, Decoder<string>>> = {
  aws: pattern(
    /^[a-z][a-z0-9-]*\d[a-z0-9-]*\.(medium|large|\d{0,3}xlarge|metal(-\d+xl)?)$/,
    'is not an EC2 instance type that can run Cassandra',
    'write it like m6i.2xlarge',
  ),
  gcp: pattern(
    /^([a-z]\d[a-z]?-(standard|highmem|highcpu|megamem|ultramem)-\d+(-lssd)?|[a-z]\d[a-z]?-custom-\d+-\d+(-ext)?)$/,
    'is not a Compute Engine machine type that can run Cassandra',
    'write it like n2-standard-8',
  ),
  unknown: text('name a machine type'),
};

const IMAGES: Readonly<Record<KnownCloud, Decoder<string>>> = {
  aws: oneOf(
    'AL2023_x86_64_STANDARD',
    'AL2023_ARM_64_STANDARD',
    'BOTTLEROCKET_x86_64',
    'BOTTLEROCKET_ARM_64',
    'BOTTLEROCKET_x86_64_FIPS',
    'BOTTLEROCKET_ARM_64_FIPS',
  ),
  gcp: oneOf('COS_CONTAINERD', 'UBUNTU_CONTAINERD'),
  unknown: text('name an image type'),
};

interface NodeDefaults {
  readonly machineType: string;
  readonly image: string;
  readonly maxPods: number;
}

const NODE_DEFAULTS: Readonly<Record<KnownCloud, NodeDefaults | undefined>> = {
  aws: { machineType: 'm6i.2xlarge', image: 'AL2023_x86_64_STANDARD', maxPods: 110 },
  gcp: { machineType: 'n2-standard-8', image: 'COS_CONTAINERD', maxPods: 64 },
  unknown: undefined,
};

/** Pods per node: 8 to 110 on GKE; up to 250 on EKS with prefix delegation (EKS best practices guide). */
const MAX_PODS: Readonly<Record<KnownCloud, Decoder<number>>> = {
  aws: integer(8, 250),
  gcp: integer(8, 110),
  unknown: integer(8, 250),
};

/** Add-ons this program installs; their versions can be pinned. */
const ADDONS = ['vpc-cni', 'eks-pod-identity-agent', 'coredns', 'kube-proxy', 'aws-ebs-csi-driver'] as const;

const pinned = object<PinnedRanges>({
  nodes: required(range, 'give the range of the nodes'),
  pods: required(range, 'give the range of the pods'),
  services: required(range, 'give the range of the Kubernetes services'),
  controlPlane: optional(range),
});

/** `maxPerZone` and the cloud's own defaults depend on other fields and are filled in by `complete`. */
function nodes(cloud: KnownCloud): Decoder<Draft<NodeSettings>> {
  const standard = NODE_DEFAULTS[cloud];
  const fields: Fields<NodeSettings> = {
    machineType: withDefault(MACHINE_TYPES[cloud], standard?.machineType),
    perZone: optional(integer(1, 450)),
    maxPerZone: optional(integer(1, 1000)),
    diskGiB: defaulted(integer(20, 16384), 100),
    image: withDefault(IMAGES[cloud], standard?.image),
    maxPods: withDefault(MAX_PODS[cloud], standard?.maxPods),
  };
  return object(fields);
}

const siteCassandra = object<SiteCassandraSettings>({
  nodesPerRack: defaulted(integer(1, 250), 1),
  cpu: defaulted(cpu, '4'),
  memory: defaulted(bytes('1Gi', '4Ti'), '16Gi'),
  heap: defaulted(bytes('256Mi', '1Ti'), '8Gi'),
  storage: defaulted(bytes('10Gi', '64Ti'), '500Gi'),
  storageClass: optional(
    pattern(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'is not the name of a StorageClass', 'use its Kubernetes name'),
  ),
});

const DEFAULT_MAINTENANCE: MaintenanceSettings = { day: 'sunday', startHour: 3 };

const maintenance = object<MaintenanceSettings>({
  day: defaulted(
    oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'),
    DEFAULT_MAINTENANCE.day,
  ),
  startHour: defaulted(integer(0, 23), DEFAULT_MAINTENANCE.startHour),
});

function withDefault<T>(decode: Decoder<Draft<T>>, value: Draft<T> | undefined): Field<T> {
  return value === undefined ? optional(decode) : defaulted(decode, value);
}

/** Fields of a site in either cloud; the datacenter's name is filled in by `complete`. */
function commonFields(cloud: KnownCloud) {
  return {
    name: required(label(2, MAX_SITE_NAME), 'name the site, such as aws-eu-west-1'),
    region: required(REGIONS[cloud], 'name the region'),
    zones: required(setOf(text('write a zone name')), 'list the zones, each one rack'),
    datacenter: optional(label(2, MAX_SITE_NAME)),
    ranges: optional(pinned),
    slot: optional(integer(0, 65535)),
    asn: optional(privateAsn),
    virtual: optional(range),
    kubernetesVersion: defaulted(kubernetesVersion(cloud), DEFAULT_KUBERNETES_VERSION),
    nodes: nested(nodes(cloud)),
    cassandra: nested(siteCassandra),
    maintenance: nested(maintenance),
  } satisfies Partial<Fields<SiteSettings>>;
}

type Own<Site extends SiteSettings> = Omit<Site, keyof ReturnType<typeof commonFields>>;

const AWS_FIELDS: Fields<Own<AwsSiteSettings>> = {
  cloud: required(oneOf('aws'), CLOUD_REMEDY),
  accountId: optional(
    pattern(/^\d{12}$/, 'is not an AWS account', 'write its twelve digits in quotes, such as "012345678901"'),
  ),
  addonVersions: defaulted(
    mapOf(
      oneOf(...ADDONS),
      pattern(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, 'is not an EKS add-on version', 'write it like v1.20.4-eksbuild.1'),
    ),
    {},
  ),
};

const GCP_FIELDS: Fields<Own<GcpSiteSettings>> = {
  cloud: required(oneOf('gcp'), CLOUD_REMEDY),
  project: required(
    pattern(
      /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      'is not a Google Cloud project id',
      'write the id (6 to 30 characters), not the name or the number',
    ),
    'give the id of the Google Cloud project',
  ),
  channel: defaulted(oneOf('RAPID', 'REGULAR', 'STABLE', 'EXTENDED'), 'REGULAR'),
};

const anything: Field<unknown> = optional<unknown>((value) => value as Draft<unknown>);

/** What is read of a site without a valid cloud: either cloud's own fields may be there and are not judged. */
const UNKNOWN_FIELDS = {
  cloud: required<Cloud>(oneOf('aws', 'gcp'), CLOUD_REMEDY),
  accountId: anything,
  addonVersions: anything,
  project: anything,
  channel: anything,
};

/**
 * A site of either cloud. Always returns something, so that the sites keep their positions and the
 * rules judge whatever of a broken site could be read.
 */
export const site: Decoder<Draft<SiteSettings>> = (value, at) => {
  const given = fromJson(value, '{');
  if (!isObject(given)) {
    refuse(at, value, 'is not a mapping', 'write a mapping with cloud, name, region, zones and either ranges or slot');
    return {};
  }
  checkPlacement(given, at);
  switch (given['cloud']) {
    case 'aws':
      return complete(decodeFields<AwsSiteSettings>({ ...AWS_FIELDS, ...commonFields('aws') }, given, at));
    case 'gcp':
      return complete(decodeFields<GcpSiteSettings>({ ...GCP_FIELDS, ...commonFields('gcp') }, given, at));
    default: {
      const { cloud: _cloud, ...shared } = decodeFields({ ...UNKNOWN_FIELDS, ...commonFields('unknown') }, given, at);
      return complete(shared as Draft<SiteSettings>);
    }
  }
};

/** A site takes its ranges from one place. Judged by what was given, whether or not it could be read. */
function checkPlacement(given: Readonly<Record<string, unknown>>, at: At): void {
  const ranges = given['ranges'] ?? undefined;
  const slot = given['slot'] ?? undefined;
  if (ranges !== undefined && slot !== undefined) {
    refuse(
      { ...at, key: `${at.key}.slot` },
      slot,
      'is given beside ranges',
      'keep either the pinned ranges or the slot',
    );
  }
  if (ranges === undefined && slot === undefined) {
    refuse(
      { ...at, key: `${at.key}.ranges` },
      undefined,
      'is missing',
      'pin nodes, pods and services, or give a slot of the pool',
    );
  }
}

/**
 * Fills in what depends on another field of the same site. The operator puts one Cassandra node on a
 * Kubernetes node, so a zone has as many nodes as its rack unless set, and one more to upgrade with.
 */
function complete(draft: Draft<SiteSettings>): Draft<SiteSettings> {
  const perZone = draft.nodes?.perZone ?? draft.cassandra?.nodesPerRack ?? 1;
  const maxPerZone = draft.nodes?.maxPerZone ?? perZone + 1;
  return {
    ...draft,
    datacenter: draft.datacenter ?? draft.name,
    ...(draft.nodes === undefined ? {} : { nodes: { ...draft.nodes, perZone, maxPerZone } }),
  };
}
