import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFlow } from '../../reachability/arguments';
import type { Report } from '../../reachability';

const root = join(__dirname, '..', '..');
const fixture = join(__dirname, 'fixtures', 'plain-vpn.json');

function reach(args: readonly string[], input = '') {
  const command = [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(root, 'reachability', 'cli.ts'), ...args];
  return spawnSync(process.execPath, command, { input, encoding: 'utf8' });
}

describe('the reach command', function () {
  this.timeout(30_000);

  it('prints the report alone on standard output, flows in the order asked, and fails on a blocked one', () => {
    const flows = ['10.20.0.10,10.10.1.10,9999/tcp', '10.10.1.10,10.20.0.10,7000/tcp', '10.10.1.10,10.20.0.10,icmp'];
    const run = reach(['--state', fixture, '--json', ...flows.flatMap((flow) => ['--flow', flow])]);
    const report = JSON.parse(run.stdout) as Report;
    assert.deepEqual(
      report.flows.map((flow) => [flow.source, flow.destination, flow.port, flow.protocol, flow.verdict]),
      [
        ['10.20.0.10', '10.10.1.10', 9999, 'tcp', 'blocked'],
        ['10.10.1.10', '10.20.0.10', 7000, 'tcp', 'reachable'],
        ['10.10.1.10', '10.20.0.10', 0, 'icmp', 'reachable'],
      ],
    );
    const [blocked, reachable] = report.flows;
    assert.deepEqual(Object.keys(blocked?.blockedAt ?? {}), ['hop', 'urn', 'rule', 'remedy']);
    assert.equal(reachable?.blockedAt, null);
    assert.deepEqual(Object.keys(report), ['flows', 'sessions', 'findings']);
    for (const session of report.sessions)
      assert.deepEqual(Object.keys(session), ['urn', 'tunnel', 'local', 'peer', 'state', 'learned', 'blockedAt']);
    assert.equal(report.sessions.length, 8);
    for (const hop of reachable?.path ?? []) assert.deepEqual(Object.keys(hop), ['hop', 'urn', 'why']);
    assert.equal(run.stderr, '');
    assert.equal(run.status, 1);
  });

  it('succeeds when everything asked is reachable, reading standard input', () => {
    const run = reach(['--flow', '10.10.1.10,10.20.0.10,7000/tcp'], readFileSync(fixture, 'utf8'));
    assert.match(run.stdout, /1 reachable, 0 blocked, 0 undetermined/);
    assert.match(run.stdout, /^SESSION OVER +LOCAL +PEER +STATE +LEARNS$/m);
    assert.equal(run.status, 0);
  });

  for (const [what, args, input, message] of [
    ['a file that is not there', ['--state', '/nowhere.json'], '', /cannot be read \(ENOENT\)/],
    ['input that is no export', ['--state', '-'], 'hello', /not JSON/],
    [
      'a flow without a port',
      ['--state', fixture, '--flow', '10.0.0.1,10.0.0.2,tcp'],
      '',
      /--flow 10.0.0.1,10.0.0.2,tcp/,
    ],
    ['a stack without resources', ['--state', '-'], '{"version":3,"deployment":{}}', /no resources/],
    [
      'an export that breaks off',
      ['--state', '-'],
      '{"version":3,"deployment":{"resources":[{"urn":"urn:p',
      /not JSON/,
    ],
    ['an unknown option', ['--states', 'x'], '', /states/],
  ] as const) {
    it(`exits with 2 and a message, without a stack trace, on ${what}`, () => {
      const run = reach(args, input);
      assert.equal(run.status, 2);
      assert.match(run.stderr, message);
      assert.doesNotMatch(run.stderr, /\n {4}at /);
      assert.equal(run.stdout, '');
    });
  }

  it('explains itself', () => {
    const run = reach(['--help']);
    assert.equal(run.status, 0);
    assert.match(run.stdout, /--flow/);
  });
});

describe('a flow on the command line', () => {
  it('is read with spaces and in any case', () => {
    assert.deepEqual(parseFlow('10.0.0.1, 10.0.0.2, 53/UDP'), {
      source: '10.0.0.1',
      destination: '10.0.0.2',
      port: 53,
      protocol: 'udp',
    });
  });

  for (const text of [
    '',
    '10.0.0.1,10.0.0.2',
    'a,10.0.0.2,1/tcp',
    '10.0.0.1,10.0.0.2,0/tcp',
    '10.0.0.1,10.0.0.2,65536/udp',
    '10.0.0.1,10.0.0.2,1/gre',
    '10.0.0.1,10.0.0.2,1/tcp,x',
  ]) {
    it(`is refused as ${JSON.stringify(text)}`, () => {
      assert.equal(typeof parseFlow(text), 'string');
    });
  }
});
