import type { Plan, Settings, SiteSettings } from '../plan';
import { AwsSite } from './aws/site';
import { GcpSite } from './gcp/site';
import type { KubernetesSite } from './kubernetesSite';
import { keepOrigins } from './origin';

/** The stack's sites, by cloud for what differs and together for what does not. */
export interface Sites {
  readonly aws: readonly AwsSite[];
  readonly gcp: readonly GcpSite[];
  /** In order of their names. */
  readonly all: readonly KubernetesSite[];
}

/** Makes every site of the plan; none waits for another, and none starts where a site would lose what it was made with. */
export function makeSites(plan: Plan, settings: Settings): Sites {
  const aws: AwsSite[] = [];
  const gcp: GcpSite[] = [];
  const unchanged = keepOrigins(plan, settings);
  for (const site of plan.sites) {
    const given = settingsOf(settings, site.name);
    if (site.cloud === 'aws' && given.cloud === 'aws') {
      aws.push(new AwsSite(site.name, { plan: site, settings: given, stack: settings, unchanged }));
    } else if (site.cloud === 'gcp' && given.cloud === 'gcp') {
      gcp.push(new GcpSite(site.name, { plan: site, settings: given, stack: settings, unchanged }));
    } else {
      throw new Error(`site ${site.name} is planned for ${site.cloud} and set for ${given.cloud}`);
    }
  }
  const all = [...aws, ...gcp].sort((a, b) => (a.plan.name < b.plan.name ? -1 : 1));
  return { aws, gcp, all };
}

function settingsOf(settings: Settings, name: string): SiteSettings {
  const found = settings.sites.find((site) => site.name === name);
  if (found === undefined) throw new Error(`site ${name} is planned but has no settings`);
  // In the plan's order: the same zones in another order are no change.
  return { ...found, zones: [...found.zones].sort() };
}
