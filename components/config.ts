import * as pulumi from '@pulumi/pulumi';
import { type Loaded, type Problem, SettingsError, formatProblem, loadConfiguration, unsupported } from '../plan';

/** Rules of the plan to let through, separated by commas: for tests of what judges a stack after its settings. */
const UNCHECKED = 'MULTICLOUD_CASSANDRA_UNCHECKED';

/**
 * The stack's settings and its plan. Ends the program with a `pulumi.RunError` that lists every problem of
 * the configuration, a line each, before anything is registered; warnings go to the log.
 */
export function loadStack(): Pick<Loaded, 'settings' | 'plan'> {
  try {
    const unchecked = (process.env[UNCHECKED] ?? '').split(',').filter(Boolean);
    const { settings, plan, warnings } = loadConfiguration(pulumi.runtime.allConfig(), unchecked);
    // The program does not wait for its log; the engine keeps the order.
    if (unchecked.length > 0) void pulumi.log.warn(`${UNCHECKED}: not checked: ${unchecked.join(', ')}`);
    const notYet = unsupported(settings);
    if (notYet.length > 0) throw new SettingsError(notYet);
    for (const warning of warnings) {
      void pulumi.log.warn(formatProblem(warning));
    }
    return { settings, plan };
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(problemReport(error.problems));
    throw error;
  }
}

/** All problems of a configuration, as the engine prints them: a line each. */
export function problemReport(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [
    `${count} in the configuration of stack ${pulumi.getStack()}:`,
    ...problems.map((problem) => `  ${formatProblem(problem)}`),
  ].join('\n');
}
