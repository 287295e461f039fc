/** The proof, asked as a command and never looked into. */
import { LabError } from '../core/errors';
import { projectDirectory } from '../core/paths';
import { run } from '../core/run';

/** What `npm run reach -- --json` says. */
export interface Proof {
  readonly flows: readonly Flow[];
  readonly sessions: readonly ProvenSession[];
}

export interface Flow {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly protocol: string;
  readonly purpose?: string;
  readonly verdict: 'reachable' | 'blocked' | 'undetermined';
  readonly path: readonly { readonly hop: string; readonly why: string }[];
  /** Why it is blocked. */
  readonly blockedAt?: { readonly hop: string; readonly rule: string } | null;
}

/** One end of a BGP session. */
export interface ProvenSession {
  readonly urn: string;
  /** Inside address of this end; null where the resources do not tell it. */
  readonly local: string | null;
  readonly state: 'established' | 'down' | 'undetermined';
  readonly learned: readonly string[];
}

/** @param asked flows as `reach --flow` takes them; none means all that the stack needs */
export async function askProof(state: string, asked: readonly string[] = []): Promise<Proof> {
  const options = ['--state', state, '--json', ...asked.flatMap((flow) => ['--flow', flow])];
  const { stdout, stderr } = await run('npm', ['run', '--silent', 'reach', '--', ...options], {
    cwd: projectDirectory,
  });
  if (!stdout.trimStart().startsWith('{')) throw new LabError(`npm run reach gave no verdicts: ${stderr.trim()}`);
  return JSON.parse(stdout) as Proof;
}
