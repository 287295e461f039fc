/** What settings can say and a plan can hold, but this program cannot provision yet. */
import { type Problem, showValue } from './problem';
import type { Settings } from './settings';

/** One problem for each part of valid settings that is planned but not provisioned; none if all is. */
export function unsupported(settings: Settings): readonly Problem[] {
  return [...overlay(settings), ...siteCombination(settings), ...sameCloudLinks(settings), ...missingLink(settings)];
}

const PAIR = 'use one AWS site and one GCP site';

function overlay({ connectivity }: Settings): Problem[] {
  return connectivity === 'overlay'
    ? [notYet('connectivity', connectivity, 'reaches pods by virtual addresses', 'use native')]
    : [];
}

function siteCombination({ sites }: Settings): Problem[] {
  const names = sites.map((site) => site.name).join(', ');
  if (sites.length > 2) {
    return [notYet('sites', names, `are ${sites.length} sites`, PAIR)];
  }
  const [a, b] = sites;
  return a !== undefined && b !== undefined && a.cloud === b.cloud
    ? [notYet('sites', names, `are two sites of one cloud, ${a.cloud}`, PAIR)]
    : [];
}

function sameCloudLinks({ sites, links }: Settings): Problem[] {
  const clouds = new Map(sites.map((site) => [site.name, site.cloud]));
  return links.flatMap((link, index) => {
    const [a, b] = link.sites;
    return clouds.get(a) === clouds.get(b)
      ? [notYet(`links[${index}].sites`, showValue(link.sites), 'links sites of one cloud', 'link AWS with GCP sites')]
      : [];
  });
}

/** Two sites that are not linked would become two clusters of one name. */
function missingLink({ sites, links }: Settings): Problem[] {
  const [a, b] = sites;
  return sites.length === 2 && a?.cloud !== b?.cloud && links.length === 0
    ? [notYet('links', '[]', 'leaves the two sites without a link', 'remove links, or list the two sites')]
    : [];
}

function notYet(key: string, value: string, message: string, remedy: string): Problem {
  return { key, value, message: `${message}, which is planned but not provisioned yet`, remedy };
}
