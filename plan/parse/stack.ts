/** Decoders and defaults of the settings that hold for the whole stack. */
import type {
  AccessSettings,
  AlertSettings,
  CassandraSettings,
  ChartSettings,
  LinkPair,
  LinkSettings,
  OperatorSettings,
  OverlaySettings,
  PoolSettings,
} from '../settings';
import { Cidr } from '../cidr';
import type { Draft } from '../draft';
import { DEFAULT_OVERLAY } from '../virtual';
import {
  type At,
  type Decoder,
  boolean,
  defaulted,
  integer,
  listOf,
  mapOf,
  nested,
  object,
  oneOf,
  optional,
  pattern,
  refine,
  refuse,
  required,
  setOf,
  text,
} from './schema';
import { cassandraVersion, range } from './values';

const DEFAULT_POOL: PoolSettings = { range: '10.64.0.0/10', prefix: 14 };

/** Prefix length from 8 (all of 10/8) to 24 (quarters of /26, too small for a site, which the size rules then say). */
export const pool = object<PoolSettings>({
  range: defaulted(range, DEFAULT_POOL.range),
  prefix: defaulted(integer(8, 24), DEFAULT_POOL.prefix),
});

const DEFAULT_LINK: LinkSettings = { awsGateway: 'virtualPrivate' };

export const link = object<LinkSettings>({
  awsGateway: defaulted(oneOf('virtualPrivate', 'transit'), DEFAULT_LINK.awsGateway),
});

export const overlay = object<OverlaySettings>({
  virtualPool: defaulted(range, DEFAULT_OVERLAY.virtualPool),
});

const linkPair = object<LinkPair>({
  sites: required(sitePair, 'name the two sites as a list'),
  tunnels: optional(range),
});

/** A link that cannot be read keeps its place, so that the keys of the links after it stay right. */
export const links = listOf<Draft<LinkPair>>((value, at) => linkPair(value, at) ?? {});

function sitePair(value: unknown, at: At): readonly [string, string] | undefined {
  const names = listOf(text('write a site name'))(value, at);
  if (names === undefined) {
    return undefined;
  }
  const [a, b] = names;
  if (a === undefined || b === undefined || names.length !== 2) {
    return refuse(at, value, `names ${names.length} sites`, 'name exactly two sites');
  }
  return a === b ? refuse(at, value, 'links a site with itself', 'name two different sites') : [a, b];
}

const DEFAULT_CASSANDRA: CassandraSettings = {
  version: '5.0.9',
  replicationFactor: 3,
  keyspaces: [],
  phiConvictThreshold: 12,
};

/** Words that CQL does not take as names without quotes (Cassandra documentation, CQL appendix A). */
const CQL_RESERVED = new Set(
  (
    'add allow alter and apply asc authorize batch begin by columnfamily create default delete desc describe drop ' +
    'entries execute from full grant if in index infinity insert into is keyspace limit materialized mbean mbeans ' +
    'modify nan norecursive not null of on or order primary rename replace revoke schema select set table to token ' +
    'truncate unlogged unset update use using view where with'
  ).split(' '),
);

const keyspace: Decoder<string> = refine(
  pattern(
    /^[a-z][a-z0-9_]{0,47}$/,
    'is not a keyspace name that works without quotes',
    'use up to 48 lower-case letters, digits and underscores, a letter first',
  ),
  (name) => {
    if (name === 'system' || name.startsWith('system_')) {
      return { message: "is one of Cassandra's own keyspaces", remedy: 'choose another name' };
    }
    return CQL_RESERVED.has(name) ? { message: 'is a reserved word of CQL', remedy: 'choose another name' } : undefined;
  },
);

export const cassandra = object<CassandraSettings>({
  version: defaulted(cassandraVersion, DEFAULT_CASSANDRA.version),
  replicationFactor: defaulted(integer(1, 9), DEFAULT_CASSANDRA.replicationFactor),
  keyspaces: defaulted(setOf(keyspace), DEFAULT_CASSANDRA.keyspaces),
  firstSite: optional(text('name one of the sites')),
  phiConvictThreshold: defaulted(integer(8, 16), DEFAULT_CASSANDRA.phiConvictThreshold),
});

const DEFAULT_OPERATORS = {
  cassOperator: { chart: 'cass-operator', repository: 'https://helm.k8ssandra.io/stable', version: '0.62.0' },
  certManager: { chart: 'cert-manager', repository: 'https://charts.jetstack.io', version: 'v1.21.2' },
  awsLoadBalancerController: {
    chart: 'aws-load-balancer-controller',
    repository: 'https://aws.github.io/eks-charts',
    version: '1.14.0',
  },
} as const satisfies OperatorSettings;

/**
 * A chart with its defaults. Another chart (a path, an OCI reference) brings no default repository
 * with it: air-gapped use would otherwise still ask the internet.
 */
function chart(standard: Required<ChartSettings>): Decoder<Draft<ChartSettings>> {
  const decode = object<ChartSettings>({
    chart: defaulted(text('name a chart'), standard.chart),
    repository: optional(
      pattern(/^(https?|oci):\/\/\S+$/, 'is not the address of a Helm repository', 'start it with https:// or oci://'),
    ),
    version: defaulted(
      pattern(
        /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/,
        'is not a chart version',
        `write an exact version such as ${standard.version}`,
      ),
      standard.version,
    ),
  });
  return (value, at) => {
    const decoded = decode(value, at);
    if (decoded?.chart === undefined) {
      return decoded;
    }
    if (/^(\.{0,2}\/|oci:\/\/)/.test(decoded.chart) && decoded.repository !== undefined) {
      const remedy = 'remove the repository, or give the name of a chart in it';
      return refuse(
        { ...at, key: `${at.key}.repository` },
        decoded.repository,
        'is not used for a path or an OCI chart',
        remedy,
      );
    }
    return decoded.chart === standard.chart
      ? { ...decoded, repository: decoded.repository ?? standard.repository }
      : decoded;
  };
}

export const operators = object<OperatorSettings>({
  cassOperator: nested(chart(DEFAULT_OPERATORS.cassOperator)),
  certManager: nested(chart(DEFAULT_OPERATORS.certManager)),
  awsLoadBalancerController: nested(chart(DEFAULT_OPERATORS.awsLoadBalancerController)),
});

/** Shorter prefixes are what one writes to admit everybody; 0.0.0.0/1 and 128.0.0.0/1 are 0.0.0.0/0 in two steps. */
const SHORTEST_ADMITTED = 8;

const admittedRange: Decoder<string> = refine(range, (cidr) => {
  const { prefix } = Cidr.parse(cidr);
  return prefix < SHORTEST_ADMITTED
    ? {
        message: `admits ${prefix === 0 ? 'the whole internet' : 'a large part of the internet'} to the control planes`,
        remedy: `list the ranges from which you and your pipelines run pulumi, each /${SHORTEST_ADMITTED} or longer`,
      }
    : undefined;
});

const principal = pattern(
  /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/\S+$/,
  'is not the ARN of an IAM user or role',
  'write it like arn:aws:iam::123456789012:role/admin',
);

export const access = object<AccessSettings>({
  admittedRanges: required(setOf(admittedRange), 'list the ranges from which you and your pipelines run pulumi'),
  awsAdmins: defaulted(setOf(principal), []),
  gkeDnsEndpoint: defaulted(boolean, false),
});

export const alerts = object<AlertSettings>({
  snsTopicArn: optional(
    pattern(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      'is not the ARN of an SNS topic',
      'write it like arn:aws:sns:eu-west-1:123456789012:alarms',
    ),
  ),
  notificationChannels: defaulted(
    setOf(
      pattern(
        /^projects\/[^/\s]+\/notificationChannels\/[^/\s]+$/,
        'is not a notification channel of Cloud Monitoring',
        'write it like projects/my-project/notificationChannels/1234567890',
      ),
    ),
    [],
  ),
});

/** AWS takes 50 tags on a resource; ten are left for this program, its controllers and the user's own. */
const MAX_TAGS = 40;

const tagName = refine(
  pattern(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'cannot be both an AWS tag and a Google Cloud label',
    'use up to 63 lower-case letters, digits, underscores and hyphens, a letter first',
  ),
  (name) =>
    /^(aws|goog)/.test(name)
      ? { message: 'starts with a prefix that the clouds keep for themselves', remedy: 'choose another name' }
      : undefined,
);

const tagValue: Decoder<string> = (value, at) =>
  value === ''
    ? ''
    : pattern(
        /^[a-z0-9_-]{1,63}$/,
        'cannot be the value of a Google Cloud label',
        'use up to 63 lower-case letters, digits, underscores and hyphens',
      )(value, at);

export const tags: Decoder<Readonly<Record<string, string>>> = refine(mapOf(tagName, tagValue), (map) =>
  Object.keys(map).length > MAX_TAGS
    ? { message: `has ${Object.keys(map).length} tags`, remedy: `keep to ${MAX_TAGS}` }
    : undefined,
);
