/** What was looked at, and whether it is as it should be. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found; for a failure, what was expected as well. */
  readonly detail: string;
}

export function check(name: string, ok: boolean, detail: string): Check {
  return { name, ok, detail };
}

export function renderCheck({ name, ok, detail }: Check): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`;
}
