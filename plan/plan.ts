/** Settings to plan. */
import { type Checked, checkAddresses } from './check';
import { placeSite } from './layout/place';
import { completeSettings, decodeSettings } from './parse/settings';
import { type Problem, SettingsError } from './problem';
import { listRanges } from './rangeList';
import type { LinkPair, Settings } from './settings';
import { type Island, planIsland, withPeers } from './sitePlan';
import { linkName, linkRange, planTunnels } from './tunnels';
import type { LinkPlan, Plan } from './types';

/**
 * The plan of these settings: pure, and independent of the order of sites, zones and links. Throws
 * `SettingsError` with every problem that planning finds: ranges that are reserved, do not fit, or
 * overlap.
 */
export function planFor(settings: Settings): Plan {
  const checked = checkAddresses(settings);
  if (checked.problems.length > 0) {
    throw new SettingsError(checked.problems);
  }
  return buildPlan(settings, checked);
}

/** What is legal in these settings but deserves a second look. */
export function warningsFor(settings: Settings): readonly Problem[] {
  return checkAddresses(settings).warnings;
}

/** A stack's configuration, read and planned. */
export interface Loaded {
  readonly settings: Settings;
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
}

/**
 * Reads a stack's configuration and plans it. Throws `SettingsError` with the problems of reading and
 * of planning together: the rules about addresses run on whatever could be read.
 *
 * @param unchecked names of rules about addresses whose problems are let through, so that tests can
 * show what stands behind them
 */
export function loadPlan(raw: Readonly<Record<string, unknown>>, unchecked: readonly string[] = []): Loaded {
  const { draft, problems } = decodeSettings(raw);
  const checked = checkAddresses(draft);
  const refused = checked.problems.filter(({ rule }) => rule === undefined || !unchecked.includes(rule));
  const settings = completeSettings({ draft, problems: [...problems, ...refused] });
  return { settings, plan: buildPlan(settings, checked), warnings: checked.warnings };
}

function buildPlan(settings: Settings, { sites: ranged }: Checked): Plan {
  const rangedByName = new Map(ranged.map((site) => [site.name, site]));
  const placed = [...settings.sites].sort(byName).map((site) => placeSite(site, required(rangedByName, site.name)));
  const islands = new Map(placed.map((site) => [site.settings.name, planIsland(settings, site)]));
  const neighbours = neighboursOf(settings.links);
  const sites = [...islands.values()].map((island) => {
    const peers = [...(neighbours.get(island.name) ?? [])].sort();
    return withPeers(
      island,
      peers.map((name) => required(islands, name)),
    );
  });
  const links = settings.links.flatMap((pair) => planLink(pair, islands)).sort(byName);
  return { cluster: settings.cluster, sites, links, ranges: listRanges(placed, links) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function required<T>(sites: ReadonlyMap<string, T>, name: string): T {
  const site = sites.get(name);
  if (site === undefined) {
    throw new TypeError(`there is no site ${name}: the settings were not made by parseSettings`);
  }
  return site;
}

/** Names of the sites that each site is linked with. */
function neighboursOf(links: readonly LinkPair[]): ReadonlyMap<string, ReadonlySet<string>> {
  const neighbours = new Map<string, Set<string>>();
  const add = (site: string, other: string) => neighbours.set(site, (neighbours.get(site) ?? new Set()).add(other));
  for (const { sites } of links) {
    const [a, b] = sites;
    add(a, b);
    add(b, a);
  }
  return neighbours;
}

/** The VPN of a pair of sites; none between two sites of one cloud, whose networks are joined without one. */
function planLink(pair: LinkPair, islands: ReadonlyMap<string, Island>): LinkPlan[] {
  const ends = pair.sites.map((name) => required(islands, name));
  const aws = ends.find((site) => site.cloud === 'aws');
  const gcp = ends.find((site) => site.cloud === 'gcp');
  if (aws === undefined || gcp === undefined) {
    return [];
  }
  return [
    {
      name: linkName(pair.sites),
      aws: aws.name,
      gcp: gcp.name,
      awsAsn: aws.asn,
      gcpAsn: gcp.asn,
      tunnels: planTunnels(linkRange(pair)),
    },
  ];
}
