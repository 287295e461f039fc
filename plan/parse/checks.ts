/** Checks between settings, other than those about addresses. */
import { count } from '../count';
import { type Draft, unreadable } from '../draft';
import { nearest } from '../nearest';
import { type Problem, showValue } from '../problem';
import type { Settings, SiteSettings } from '../settings';
import { checkMachines } from './machines';
import { bytesOf } from './values';

/** A StatefulSet's name, `-` and a ten-character hash become a label of its pods, which ends at 63 characters. */
const MAX_STATEFUL_SET = 52;

type Check = (settings: Draft<Settings>) => Problem[];

/** Every problem of these kinds in what could be read of the settings, in order of the settings' keys. */
export function checkSettings(settings: Draft<Settings>): Problem[] {
  const checks: Check[] = [checkSiteCount, checkUniqueNames, checkReferences, checkAdmitted];
  return [
    ...checks.flatMap((check) => check(settings)),
    ...(settings.sites ?? []).flatMap((site, index) => checkSite(settings, site, `sites[${index}]`)),
  ];
}

function problem(
  key: string,
  value: unknown,
  message: string,
  remedy: string,
  rule?: string,
  source?: string,
): Problem {
  return { key, value: showValue(value), message, remedy, ...(rule === undefined ? {} : { rule, source }) };
}

function checkSiteCount({ sites }: Draft<Settings>): Problem[] {
  return sites?.length === 0 ? [problem('sites', sites, 'is empty', 'list at least one site')] : [];
}

/** Site names make namespaces and resource names, datacenter names make replication: both are unique. */
function checkUniqueNames({ sites = [] }: Draft<Settings>): Problem[] {
  const names = sites.map((site) => site.name);
  const datacenters = sites.map((site) => site.datacenter);
  return sites.flatMap((site, index) => {
    const key = `sites[${index}]`;
    const name = earlier(names, index);
    const datacenter = earlier(datacenters, index);
    // A datacenter that was not named has the site's name, and a new name of the site gives it another.
    const follows = name !== undefined && site.datacenter === site.name;
    return [
      ...(name === undefined
        ? []
        : [problem(`${key}.name`, site.name, `is the name of sites[${name}] as well`, 'rename one of them')]),
      ...(datacenter === undefined || follows
        ? []
        : [
            problem(
              `${key}.datacenter`,
              site.datacenter,
              `is the datacenter of sites[${datacenter}] as well`,
              'name each datacenter differently',
            ),
          ]),
    ];
  });
}

/** Position of the first entry that is the same as the one at `index`, if that is not the entry itself. */
function earlier(entries: readonly (string | undefined)[], index: number): number | undefined {
  const entry = entries[index];
  const first = entry === undefined ? index : entries.indexOf(entry);
  return first < index ? first : undefined;
}

/** Sites named elsewhere in the settings exist, and no two links join the same sites. */
function checkReferences({ sites = [], links = [], cassandra }: Draft<Settings>): Problem[] {
  const pairs = links.map((link) => (link.sites === undefined ? undefined : [...link.sites].sort().join('--')));
  return [
    ...links.flatMap((link, index) => {
      const key = `links[${index}].sites`;
      const first = earlier(pairs, index);
      return [
        ...(link.sites ?? []).flatMap((name, end) => checkSiteName(sites, name, `${key}[${end}]`)),
        ...(first === undefined
          ? []
          : [problem(key, link.sites, `is the pair of links[${first}] as well`, 'remove one of them')]),
      ];
    }),
    ...(cassandra?.firstSite === undefined ? [] : checkSiteName(sites, cassandra.firstSite, 'cassandra.firstSite')),
  ];
}

function checkSiteName(sites: readonly Draft<SiteSettings>[], name: string, key: string): Problem[] {
  const names = sites.flatMap((site) => site.name ?? []);
  // A site whose own name cannot be read would make every mention of it a second problem.
  if (names.includes(name) || names.length < sites.length) {
    return [];
  }
  const near = nearest(name, names);
  const remedy = near === undefined ? `name one of ${names.join(', ')}` : `did you mean ${near}?`;
  return [problem(key, name, 'is not a site', remedy)];
}

/** Without admitted ranges only GKE's DNS endpoint reaches a control plane. */
function checkAdmitted({ access, sites = [] }: Draft<Settings>): Problem[] {
  if (access?.admittedRanges?.length !== 0 || unreadable(access, 'gkeDnsEndpoint')) {
    return [];
  }
  const eks = sites.filter((site) => site.cloud === 'aws').length;
  if (access.gkeDnsEndpoint === true && eks === 0) {
    return [];
  }
  const reason =
    access.gkeDnsEndpoint === true ? `but ${eks} site(s) run on EKS` : 'and access.gkeDnsEndpoint is not true';
  const remedy = 'list the ranges from which you and your pipelines run pulumi';
  return [problem('access.admittedRanges', [], `is empty, ${reason}`, remedy)];
}

function checkSite(settings: Draft<Settings>, site: Draft<SiteSettings>, key: string): Problem[] {
  return [
    ...checkZones(site, key),
    ...checkNodes(site, key),
    ...checkMachines(site, key),
    ...checkMemory(site, key),
    ...checkNameLengths(settings, site, key),
  ];
}

/** Zones belong to the region; a site has one to six, and EKS needs two. */
function checkZones(site: Draft<SiteSettings>, key: string): Problem[] {
  const { cloud, region, zones } = site;
  if (zones === undefined) {
    return [];
  }
  const problems: Problem[] = [];
  const form = cloud === 'aws' ? `${region}a to ${region}h` : `${region}-a`;
  const valid = cloud === 'aws' ? /^[a-h]$/ : /^-[a-z]$/;
  zones.forEach((zone, index) => {
    const suffix = region !== undefined && zone.startsWith(region) ? zone.slice(region.length) : undefined;
    if (region !== undefined && cloud !== undefined && (suffix === undefined || !valid.test(suffix))) {
      problems.push(problem(`${key}.zones[${index}]`, zone, `is not a zone of ${region}`, `write zones like ${form}`));
    }
  });
  if (zones.length < 1 || zones.length > 6) {
    problems.push(problem(`${key}.zones`, zones, `has ${count(zones.length, 'zone')}`, 'list one to six zones'));
  } else if (cloud === 'aws' && zones.length < 2) {
    problems.push(
      problem(
        `${key}.zones`,
        zones,
        'has one zone',
        'list at least two zones',
        'EKS cluster subnets',
        'Amazon EKS user guide, VPC and subnet requirements',
      ),
    );
  }
  return problems;
}

/** The operator puts one Cassandra node on a Kubernetes node. */
function checkNodes(site: Draft<SiteSettings>, key: string): Problem[] {
  const { nodes, cassandra } = site;
  const problems: Problem[] = [];
  if (nodes?.perZone !== undefined && cassandra?.nodesPerRack !== undefined && nodes.perZone < cassandra.nodesPerRack) {
    problems.push(
      problem(
        `${key}.nodes.perZone`,
        nodes.perZone,
        `is less than cassandra.nodesPerRack ${cassandra.nodesPerRack}: each Kubernetes node takes one Cassandra node`,
        `set it to at least ${cassandra.nodesPerRack}`,
      ),
    );
  }
  if (nodes?.perZone !== undefined && nodes.maxPerZone !== undefined && nodes.maxPerZone < nodes.perZone) {
    problems.push(
      problem(
        `${key}.nodes.maxPerZone`,
        nodes.maxPerZone,
        `is less than perZone ${nodes.perZone}`,
        `set it to at least ${nodes.perZone}`,
      ),
    );
  }
  return problems;
}

/** Cassandra uses as much memory outside its heap as in it: buffers, compression and the page cache. */
function checkMemory({ cassandra }: Draft<SiteSettings>, key: string): Problem[] {
  if (cassandra?.memory === undefined || cassandra.heap === undefined) {
    return [];
  }
  return bytesOf(cassandra.heap) * 2 > bytesOf(cassandra.memory)
    ? [
        problem(
          `${key}.cassandra.heap`,
          cassandra.heap,
          `is more than half of memory ${cassandra.memory}`,
          'lower heap or raise memory',
        ),
      ]
    : [];
}

/**
 * The operator's StatefulSet of each rack is named after cluster, datacenter and rack. Every other name
 * it derives has more room.
 */
function checkNameLengths(
  { cluster }: Draft<Settings>,
  { datacenter, zones = [] }: Draft<SiteSettings>,
  key: string,
): Problem[] {
  const [longestZone] = [...zones].sort((a, b) => b.length - a.length);
  if (cluster === undefined || datacenter === undefined || longestZone === undefined) {
    return [];
  }
  const name = `${cluster}-${datacenter}-${longestZone}-sts`;
  return name.length <= MAX_STATEFUL_SET
    ? []
    : [
        problem(
          `${key}.datacenter`,
          datacenter,
          `makes the name ${name} of ${name.length} characters where Kubernetes allows ${MAX_STATEFUL_SET}`,
          `shorten the datacenter or the cluster by ${name.length - MAX_STATEFUL_SET}`,
          'StatefulSet names',
          'Kubernetes documentation, labels; the controller-revision-hash label of StatefulSet pods',
        ),
      ];
}
