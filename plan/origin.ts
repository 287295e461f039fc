/** What a site is made with and keeps: to change it is to make another site, and to lose the data of this one. */
import type { Problem } from './problem';
import type { Settings } from './settings';
import type { Plan } from './types';

/** Kept in the stack's state from a site's first deployment on; values by their setting, without the site's key. */
export type SiteOrigin = Readonly<Record<string, string>>;

/** The origins of a stack: of each site by its name, and the site of each datacenter by the datacenter's. */
export interface Origins {
  readonly sites: Readonly<Record<string, SiteOrigin>>;
  readonly datacenters: Readonly<Record<string, string>>;
}

const REMEDY = 'put it back; to change it, destroy the stack and bring it up anew, without its data';

/**
 * What the settings and their plan make: cloud, region and project hold everything; networks, subnets and
 * control planes keep their ranges (Amazon VPC, EKS and GKE API references: immutable, or in use); the names of
 * cluster and datacenter are written into the data (`CassandraDatacenter`: immutable).
 */
export function originsOf(settings: Settings, plan: Plan): Origins {
  const rangeOf = (site: string, role: string): string =>
    plan.ranges.find((range) => range.owner === site && range.role === role)?.cidr ?? '';
  const sites = settings.sites.map((site): [string, SiteOrigin] => [
    site.name,
    {
      cluster: settings.cluster,
      cloud: site.cloud,
      region: site.region,
      datacenter: site.datacenter,
      ...(site.cloud === 'gcp'
        ? { project: site.project, 'ranges.controlPlane': rangeOf(site.name, 'controlPlane') }
        : {}),
      'ranges.nodes': rangeOf(site.name, 'nodes'),
      'ranges.pods': rangeOf(site.name, 'pods'),
      'ranges.services': rangeOf(site.name, 'services'),
    },
  ]);
  return {
    sites: Object.fromEntries(sites),
    datacenters: Object.fromEntries(settings.sites.map(({ name, datacenter }) => [datacenter, name])),
  };
}

/** What settings would change of sites that exist; `was` holds what they were made with, by site and by datacenter. */
export function checkOrigins(was: Partial<Origins>, settings: Settings, plan: Plan): Problem[] {
  const now = originsOf(settings, plan);
  const problems = settings.sites.flatMap(({ name, datacenter, slot }, index) => {
    const key = `sites[${index}]`;
    const home = was.datacenters?.[datacenter];
    return [
      ...(home === undefined || home === name
        ? []
        : [{ key: `${key}.name`, value: name, message: `was ${home} when ${datacenter} was made`, remedy: REMEDY }]),
      ...changed(was.sites?.[name] ?? {}, now.sites[name] ?? {}).map(([setting, before, after]) => {
        const own = setting.startsWith('ranges.') && slot !== undefined ? `${key}.slot` : `${key}.${setting}`;
        const message = `was ${before} when the site was made`;
        return { key: setting === 'cluster' ? setting : own, value: after, message, remedy: REMEDY };
      }),
    ];
  });
  // The cluster's name is of all sites, and one setting.
  return problems.filter(({ key }, index) => key !== 'cluster' || index === problems.findIndex((p) => p.key === key));
}

/** Settings of which both are known and that differ. */
function changed(was: SiteOrigin, now: SiteOrigin): [setting: string, before: string, after: string][] {
  return Object.entries(now).flatMap(([setting, after]): [string, string, string][] => {
    const before = was[setting];
    return before === undefined || before === after ? [] : [[setting, before, after]];
  });
}
