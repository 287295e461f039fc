/** What settings can say and a plan can hold, but this program cannot provision yet. */
import { type Problem, showValue } from './problem';
import type { Settings } from './settings';

/** One problem for each part of valid settings that is planned but not provisioned; none if all is. */
export function unsupported(settings: Settings): readonly Problem[] {
  return [
    ...overlay(settings),
    ...siteCombination(settings),
    ...partitions(settings),
    ...sameCloudLinks(settings),
    ...missingLink(settings),
  ];
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

/**
 * Partitions of AWS other than the commercial one: their ARNs and service names differ, and the roles, policies and
 * service names here are the commercial partition's (AWS General Reference, ARNs).
 */
function partitions({ sites }: Settings): Problem[] {
  return sites.flatMap(({ cloud, region }, index) =>
    cloud === 'aws' && /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-/.test(region)
      ? [
          {
            key: `sites[${index}].region`,
            value: region,
            message: 'is outside the commercial partition of AWS, and this program is made for that one',
            remedy: 'use a region such as eu-west-1',
          },
        ]
      : [],
  );
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
