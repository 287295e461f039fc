/** What is wrong with settings, in words a user can act on. */

/** One mistake. Warnings have the same shape. */
export interface Problem {
  /** Path of the setting without the project prefix, e.g. `sites[0].ranges.pods`. */
  readonly key: string;
  /** The value as it was given, JSON where it is not a text; empty where nothing was given. */
  readonly value: string;
  /** What is wrong, a clause without a full stop. */
  readonly message: string;
  /** What to do about it, an imperative without a full stop. */
  readonly remedy: string;
  /** Name of the rule that was broken and the document it comes from, where it is a cloud's or a project's rule. */
  readonly rule?: string;
  readonly source?: string;
}

/** Settings that cannot be planned; carries every problem that was found, not only the first. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'SettingsError';
  }
}

/** One line: key, value, what is wrong, what to do, and which rule says so. */
export function formatProblem(problem: Problem): string {
  const subject = problem.value === '' ? problem.key : `${problem.key} = ${problem.value}`;
  const origin = [problem.rule, problem.source].filter((part) => part !== undefined).join(', ');
  return `${subject}: ${problem.message}; ${problem.remedy}${origin === '' ? '' : ` [${origin}]`}`;
}

/** Words in the names of values that nobody wants in a log. */
const CONFIDENTIAL = /passw|passphrase|secret|token|credential|psk|private_?key|(shared|api|access)_?key/i;

/** Whether a key that is no setting looks like one for a password or a key. */
export function isConfidential(name: string): boolean {
  return CONFIDENTIAL.test(name);
}

/** The value of a key that is no setting: not shown if it may be confidential. */
export function showGiven(name: string, value: unknown): string {
  return isConfidential(name) ? '(not shown)' : showValue(value);
}

/** A value as a problem shows it: texts bare, everything else as JSON, shortened to one readable line. */
export function showValue(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  const text = typeof value === 'string' && value.trim() !== '' ? value : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
