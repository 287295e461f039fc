import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Record<string, string>;
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >
  >;
}

const path = resolve(__dirname, '../../.github/workflows/preview.yml');
const text = readFileSync(path, 'utf8');
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe('the preview workflow', () => {
  it('pins every action to a commit, with its version beside it', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    assert.ok(used.length >= 5);
    for (const action of used) {
      assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      assert.match(text, new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+`));
    }
  });

  it('has no right but those its one job names', () => {
    assert.deepEqual(workflow.permissions, {});
    assert.deepEqual(
      Object.values(workflow.jobs).map(({ permissions }) => permissions),
      [{ contents: 'read', 'id-token': 'write', 'pull-requests': 'write', 'security-events': 'write' }],
    );
  });

  it('puts nothing of the event into a script', () => {
    for (const { run = '' } of steps) assert.doesNotMatch(run, /\$\{\{/);
  });

  it('calls commands that the package has', () => {
    const scripts = JSON.parse(readFileSync(join(path, '../../../package.json'), 'utf8')) as { scripts: object };
    const called = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run --silent ([\w-]+)/g)].map(([, name]) => name ?? ''),
    );
    assert.deepEqual(
      called.filter((name) => !(name in scripts.scripts)),
      [],
    );
    assert.deepEqual(called, ['pull-request', 'policy']);
  });
});
