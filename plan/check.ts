/** Everything that only address arithmetic can find out about settings. */
import { checkAsns } from './asn';
import type { Draft } from './draft';
import type { Problem } from './problem';
import { type RangedSite, rangeSites } from './ranges';
import { checkAws } from './rules/aws';
import { checkGcp } from './rules/gcp';
import { checkOverlaps } from './rules/overlap';
import { checkRoutes } from './rules/routes';
import { checkReserved, warnAutoMode } from './rules/reserved';
import type { Settings } from './settings';
import { checkTunnels } from './tunnels';
import { checkVirtual, virtualRange } from './virtual';
import {
  warnAddresses,
  warnHeap,
  warnKubernetes,
  warnLinks,
  warnLocation,
  warnPodDensity,
  warnRacks,
  warnReplicas,
} from './warnings';

/** The sites with their ranges, what is wrong with them, and what deserves a warning. */
export interface Checked {
  readonly sites: readonly RangedSite[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Runs every rule on as much of the settings as there is. */
export function checkAddresses(settings: Draft<Settings>): Checked {
  const ranged = rangeSites(settings);
  const sites = ranged.sites.map((site): RangedSite => {
    const virtual = virtualRange(settings, site);
    return virtual === undefined ? site : { ...site, virtual };
  });
  return {
    sites,
    problems: [
      ...ranged.problems,
      ...sites.flatMap((site) => [...checkReserved(site), ...checkAws(site), ...checkGcp(site)]),
      ...checkVirtual(settings, sites),
      ...checkOverlaps(sites, settings.connectivity === 'overlay', ranged.pool),
      ...checkAsns(settings),
      ...checkTunnels(settings),
      ...checkRoutes(settings),
    ],
    warnings: [
      ...sites.flatMap((site) => [
        ...warnAutoMode(site),
        ...warnLocation(site),
        ...warnAddresses(site),
        ...warnKubernetes(site),
        ...warnRacks(settings, site),
        ...warnReplicas(settings, site),
        ...warnHeap(site),
        ...warnPodDensity(site),
      ]),
      ...warnLinks(settings),
    ],
  };
}
