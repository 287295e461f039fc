import { type Range, formatRange, isPrivate } from '../../reachability/ip';
import { type SecurityGroup } from '../../reachability/model/aws/securityGroups';
import type { FirewallRule } from '../../reachability/model/gcp/firewall';
import { type PortMatch, admitsPort } from '../../reachability/model/ports';
import { UNKNOWN } from '../../reachability/resources/value';
import { eksClusters, gkeClusters, nodeGroupsOf } from '../clusters';
import { flagAt } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

interface Settings {
  readonly ports: readonly number[];
}

/**
 * No security group and no firewall rule admits public addresses to Cassandra's ports, and nodes have no public address
 * to be reached at. In a group that is not a Kubernetes cluster's a port such as 8080 may be anything, so there only the
 * internode, JMX and native ports count.
 */
export const cassandraNotPublic: Rule<Settings> = {
  name: 'cassandra-not-public',
  description: "No firewall admits public addresses to Cassandra's ports, and nodes have no public addresses.",
  level: 'mandatory',
  settings: {
    ports: {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 65535 },
      default: [7000, 7001, 7199, 8080, 9000, 9042, 9103, 9142],
      description: 'TCP ports of Cassandra pods: internode, JMX, management API, metrics, CQL.',
    },
  },
  judge: (stack, { ports }) => [...openGroups(stack, ports), ...openFirewalls(stack, ports), ...publicNodes(stack)],
};

/** Ports that mean Cassandra wherever they are open. */
const ONLY_CASSANDRA = [7000, 7001, 7199, 9042, 9142];

function openGroups(stack: Stack, ports: readonly number[]): Finding[] {
  const ofClusters = new Set<SecurityGroup>(
    eksClusters(stack).flatMap(({ zones }) =>
      zones.flatMap(({ nodeGroups, podGroups }) => [...nodeGroups, ...podGroups]),
    ),
  );
  return stack.model.groups.all.flatMap((group) => {
    const concerned = ofClusters.has(group) ? ports : ports.filter((port) => ONLY_CASSANDRA.includes(port));
    return group.ingress.flatMap(({ urn, match, ranges, unknown }) => {
      const holder = stack.inventory.get(urn);
      const open = opened(match, concerned);
      if (holder === undefined || open.length === 0) return [];
      if (unknown !== undefined) return [undecided(holder, unknown, 'the source')];
      return ranges.filter(isPublic).map((range) => exposed(holder, open, range));
    });
  });
}

function openFirewalls(stack: Stack, ports: readonly number[]): Finding[] {
  const withCluster = new Set(gkeClusters(stack).map(({ network }) => network));
  return [...stack.model.firewalls].flatMap(([network, rules]) => {
    const concerned = withCluster.has(network) ? ports : ports.filter((port) => ONLY_CASSANDRA.includes(port));
    return rules.filter(admits).flatMap(({ urn, matches, ranges, unknown }) => {
      const holder = stack.inventory.get(urn);
      const open = concerned.filter((port) => matches.some((match) => opened(match, [port]).length > 0));
      if (holder === undefined || open.length === 0) return [];
      if (unknown !== undefined) return [undecided(holder, unknown, 'the source')];
      return ranges.filter(isPublic).map((range) => exposed(holder, open, range));
    });
  });
}

function admits({ direction, allow, disabled }: FirewallRule): boolean {
  return direction === 'INGRESS' && allow && !disabled;
}

function opened(match: PortMatch, ports: readonly number[]): number[] {
  return ports.filter((port) => admitsPort(match, { protocol: 'tcp', port }));
}

/** A range with any address that the Internet routes. */
function isPublic(range: Range): boolean {
  return !isPrivate(range.first) || !isPrivate(range.last);
}

function exposed(holder: Parameters<typeof broken>[0], ports: readonly number[], range: Range): Finding {
  const message = `${holder.name} admits public addresses ${formatRange(range)} to ${ports.join(', ')}`;
  return broken(holder, message, 'admit the ranges of the other sites only', { value: formatRange(range) });
}

function publicNodes(stack: Stack): Finding[] {
  const aws = eksClusters(stack).flatMap((cluster) => {
    const subnets = nodeGroupsOf(stack, cluster).flatMap(
      (group) => stack.inventory.resolveAll(group, 'subnetIds', 'aws:ec2/subnet:Subnet').resources,
    );
    return [...new Set(subnets)].flatMap((subnet) => {
      const mapped = flagAt(subnet, 'mapPublicIpOnLaunch');
      if (mapped === UNKNOWN) return [undecided(subnet, 'mapPublicIpOnLaunch', 'whether nodes get public addresses')];
      if (mapped !== true) return [];
      const message = `nodes in ${subnet.name} get public addresses`;
      return [
        broken(subnet, message, 'use a private subnet behind a NAT gateway', { property: 'mapPublicIpOnLaunch' }),
      ];
    });
  });
  const gcp = gkeClusters(stack).flatMap(({ resource }) => {
    const nodes = flagAt(resource, 'privateClusterConfig.enablePrivateNodes');
    if (nodes === UNKNOWN)
      return [undecided(resource, 'privateClusterConfig.enablePrivateNodes', 'whether nodes are private')];
    if (nodes === true) return [];
    const message = `nodes of ${resource.name} get public addresses`;
    return [
      broken(resource, message, 'set enablePrivateNodes', { property: 'privateClusterConfig.enablePrivateNodes' }),
    ];
  });
  return [...aws, ...gcp];
}
