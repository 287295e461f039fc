import * as pulumi from '@pulumi/pulumi';
import { type Origins, type Plan, type Settings, type Standing, checkChanges, checkOrigins, originsOf } from '../plan';
import { problemReport } from './config';

/**
 * Ends the program where the settings would change what a site keeps, or take a step that cannot be taken from where
 * the stack stands: the engine would replace networks and clusters, and with them the data, or get stuck halfway.
 * Everything of a site waits for this.
 */
export function guardSites(plan: Plan, settings: Settings): pulumi.Output<unknown> {
  return pulumi.all([keptOrigins(plan, settings), lastStanding()]).apply(([origins, standing]) => {
    const renamed = checkOrigins(origins, settings, plan);
    // A site that is another one by now stands nowhere.
    const problems = renamed.length > 0 ? renamed : checkChanges(standing, settings);
    if (problems.length === 0) return;
    // Whoever waits for this would put words of its own before the list.
    void pulumi.log.error(problemReport(problems));
    throw new pulumi.RunError('the settings would change sites that exist: nothing of them is registered');
  });
}

/**
 * Remembers in the state what each site was made with. A `Stash` keeps the first value it was given as its output,
 * for as long as the site exists.
 */
function keptOrigins(plan: Plan, settings: Settings): pulumi.Output<Partial<Origins>> {
  const { sites, datacenters } = originsOf(settings, plan);
  const kept = <T>(values: Readonly<Record<string, T>>, suffix: string) =>
    Object.fromEntries(
      Object.entries(values).map(([name, input]) => [
        name,
        // Without it a refused update would still show as a change of the input, in the state and in the next preview.
        new pulumi.Stash(`${name}-${suffix}`, { input }, { ignoreChanges: ['input'] }).output as pulumi.Output<T>,
      ]),
    );
  return pulumi.output({
    sites: pulumi.all(kept(sites, 'origin')),
    datacenters: pulumi.all(kept(datacenters, 'home')),
  });
}

/**
 * The stack's own output `standing` after its last update that passed; nothing before the first. By the function that
 * stack references are made of: a reference would be a resource, read again in every preview.
 */
function lastStanding(): pulumi.Output<Standing | undefined> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join('/');
  const read = pulumi.runtime.invoke('pulumi:pulumi:readStackOutputs', { name }) as Promise<{
    readonly outputs?: { readonly standing?: Standing };
  }>;
  return pulumi.output(read).apply(({ outputs }) => outputs?.standing as Standing | undefined);
}
