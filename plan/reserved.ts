/** Ranges that a plan must not use, and why. */
import { Cidr } from './cidr';

export interface ReservedRange {
  readonly cidr: Cidr;
  /** What the range is, after "overlaps 10.0.0.0/8, ". */
  readonly use: string;
  /** Document that says so. */
  readonly source: string;
}

const IANA = 'IANA IPv4 Special-Purpose Address Registry';
const GOOGLE_LB = 'Google Cloud, health check probe IP ranges';
const GOOGLE_API = 'Google Cloud, Private Google Access configuration';

function reserved(range: string, use: string, source: string): ReservedRange {
  return { cidr: Cidr.parse(range), use, source };
}

/** Never part of a site: hosts or the clouds give these ranges a meaning of their own. */
export const RESERVED: readonly ReservedRange[] = [
  reserved('0.0.0.0/8', '"this network" (RFC 791)', IANA),
  reserved('127.0.0.0/8', 'loopback (RFC 1122)', IANA),
  reserved('169.254.0.0/16', 'link-local (RFC 3927), used for tunnels and metadata only', IANA),
  reserved('224.0.0.0/4', 'multicast (RFC 5771)', IANA),
  reserved('240.0.0.0/4', 'reserved for future use and broadcast (RFC 1112)', IANA),
  reserved(
    '172.17.0.0/16',
    'the bridge of Docker on nodes, which answers for it on every node',
    'Amazon VPC user guide, VPC CIDR blocks',
  ),
  reserved('35.199.192.0/19', 'the sources of Cloud DNS forwarding', 'Google Cloud, Cloud DNS forwarding zones'),
  reserved('35.191.0.0/16', "the sources of Google Cloud's health checks", GOOGLE_LB),
  reserved('130.211.0.0/22', "the sources of Google Cloud's health checks", GOOGLE_LB),
  reserved('199.36.153.4/30', 'restricted.googleapis.com', GOOGLE_API),
  reserved('199.36.153.8/30', 'private.googleapis.com', GOOGLE_API),
  reserved(
    '34.118.224.0/20',
    'the default service range of GKE clusters',
    'Google Kubernetes Engine, VPC-native clusters',
  ),
];

/** Ranges that ordinary addresses come from: private (RFC 1918) and shared (RFC 6598). */
export const PRIVATE: readonly Cidr[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(
  (range) => Cidr.parse(range),
);

export function isPrivate(cidr: Cidr): boolean {
  return PRIVATE.some((holder) => holder.contains(cidr));
}

/** RFC 1918 alone. */
export const RFC1918: readonly Cidr[] = PRIVATE.slice(0, 3);

/** Legal, but auto mode networks of Google Cloud take their subnets from it and then cannot be peered. */
export const AUTO_MODE: ReservedRange = reserved(
  '10.128.0.0/9',
  'where auto mode networks of Google Cloud have their subnets',
  'Google Cloud, VPC networks, auto mode IP ranges',
);

/** What holds all inside ranges of tunnels. */
export const TUNNEL_POOL = Cidr.parse('169.254.0.0/16');

const S2S = 'AWS Site-to-Site VPN user guide, tunnel options';

/** Parts of the tunnel pool that one of the two ends refuses or uses. */
export const RESERVED_TUNNELS: readonly ReservedRange[] = [
  ...[0, 1, 2, 3, 4, 5].map((n) => reserved(`169.254.${n}.0/30`, 'refused by AWS', S2S)),
  reserved('169.254.169.252/30', "refused by AWS: holds both clouds' metadata server", S2S),
  reserved('169.254.169.123/32', "Amazon's time service", 'Amazon EC2 user guide, Time Sync Service'),
  reserved('169.254.123.0/24', 'the bridge of Docker on GKE nodes', 'Google Kubernetes Engine, node networking'),
  reserved(
    '169.254.20.10/32',
    'the node-local DNS cache of Kubernetes',
    'Kubernetes documentation, NodeLocal DNSCache',
  ),
  reserved('169.254.170.2/32', 'container credentials on AWS', 'Amazon ECS developer guide, task metadata'),
  reserved('169.254.170.23/32', 'the pod identity agent of EKS', 'Amazon EKS user guide, EKS Pod Identities'),
];
