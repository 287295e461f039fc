import * as pulumi from '@pulumi/pulumi';
import { type Origins, type Plan, type Settings, checkOrigins, originsOf } from '../plan';
import { problemReport } from './config';

/**
 * Remembers in the state what each site was made with, and ends the program where the settings would change it:
 * the engine would replace networks and clusters, and with them the data, or get stuck between the old ones and
 * the new. Everything of a site waits for this.
 *
 * A `Stash` keeps the first value it was given as its output, for as long as the site exists.
 */
export function keepOrigins(plan: Plan, settings: Settings): pulumi.Output<Partial<Origins>> {
  const { sites, datacenters } = originsOf(settings, plan);
  const kept = <T>(values: Readonly<Record<string, T>>, suffix: string) =>
    Object.fromEntries(
      Object.entries(values).map(([name, input]) => [
        name,
        // Without it a refused update would still show as a change of the input, in the state and in the next preview.
        new pulumi.Stash(`${name}-${suffix}`, { input }, { ignoreChanges: ['input'] }).output as pulumi.Output<T>,
      ]),
    );
  return pulumi
    .output({ sites: pulumi.all(kept(sites, 'origin')), datacenters: pulumi.all(kept(datacenters, 'home')) })
    .apply((was) => {
      const problems = checkOrigins(was, settings, plan);
      if (problems.length === 0) return was;
      // Whoever waits for this would put words of its own before the list.
      void pulumi.log.error(problemReport(problems));
      throw new pulumi.RunError('the settings would change sites that exist: nothing of them is registered');
    });
}
