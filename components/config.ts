import * as pulumi from '@pulumi/pulumi';
import { type Loaded, SettingsError, formatProblem, loadPlan, unsupported } from '../plan';

/**
 * The stack's settings and its plan. Ends the program with a `pulumi.RunError` that lists every problem of
 * the configuration, a line each, before anything is registered; warnings go to the log.
 */
export function loadStack(): Pick<Loaded, 'settings' | 'plan'> {
  try {
    const { settings, plan, warnings } = loadPlan(projectConfig());
    const notYet = unsupported(settings);
    if (notYet.length > 0) throw new SettingsError(notYet);
    for (const warning of warnings) {
      // The program does not wait for its log; the engine keeps the order.
      void pulumi.log.warn(formatProblem(warning));
    }
    return { settings, plan };
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(report(error));
    throw error;
  }
}

/**
 * The project's configuration as it was given: values by key, without the project's prefix. Values are
 * strings, holding JSON where the stack file has a structure; the parser judges them. An empty text is how
 * Pulumi.yaml says that a key may be left out, and stands for one that was.
 */
export function projectConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key, value]) => key.startsWith(prefix) && value !== '')
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function report({ problems }: SettingsError): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [
    `${count} in the configuration of stack ${pulumi.getStack()}:`,
    ...problems.map((problem) => `  ${formatProblem(problem)}`),
  ].join('\n');
}
