/** Figures of the real engine: the default stack beside an empty program and beside the same resources written flat. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as YAML from 'yaml';
import { ensureEngine, type Engine } from '../sandbox/engine/engine';
import { run } from '../sandbox/engine/run';
import { startClouds, type RunningClouds } from '../sandbox/local/clouds';
import { prepareStack, projectDirectory, type LocalStack } from '../sandbox/local/stack';
import { flatProgram, type Exported } from './flat';
import { measured, median, type Usage } from './measure';
import { table } from './table';

const RUNS = 5;
const STACK = 'bench';

interface Project {
  readonly runtime: unknown;
}

interface Program {
  readonly name: string;
  readonly directory: string;
  readonly options: readonly string[];
  readonly stack: LocalStack;
  readonly clouds: RunningClouds;
}

export interface EngineFigures {
  readonly text: string;
  /** The default stack, once up. */
  readonly resources: readonly Exported[];
  /** Preview of the default stack over the preview of the same resources written flat. */
  readonly previewRatio: number;
  /** Seconds that the policy pack adds to a preview. */
  readonly policySeconds: number;
}

export async function engineFigures(say: (line: string) => void): Promise<EngineFigures> {
  const engine = await ensureEngine(say);
  const root = path.join(projectDirectory, '.local', STACK);
  fs.rmSync(root, { recursive: true, force: true });
  const configFile = path.join(projectDirectory, 'Pulumi.dev.yaml');
  const stack = await prepareStack(engine, STACK, configFile);
  const started: RunningClouds[] = [];
  const program = async (name: string, directory: string, options: string[]): Promise<Program> => {
    const clouds = await startClouds(path.join(root, `clouds-${name}`));
    started.push(clouds);
    return { name, directory, options, stack, clouds };
  };
  try {
    const own = await program('default', projectDirectory, ['--stack', STACK, '--config-file', stack.configFile]);
    say('bench: bringing the default stack up');
    await pulumi(engine, own, ['up', '--yes', '--skip-preview']);
    const resources = await exported(engine, own);
    const flat = await program('flat', writeProgram(root, 'flat', flatProgram(resources)), ['--stack', STACK]);
    const empty = await program('empty', writeProgram(root, 'empty', 'export {};\n'), ['--stack', STACK]);
    for (const other of [flat, empty]) {
      say(`bench: bringing the ${other.name} program up`);
      await initialize(engine, other);
      await pulumi(engine, other, ['up', '--yes', '--skip-preview']);
    }
    return { resources, ...(await compare(engine, { own, flat, empty }, resources.length, say)) };
  } finally {
    for (const clouds of started) await clouds.stop();
  }
}

async function compare(
  engine: Engine,
  { own, flat, empty }: Record<'own' | 'flat' | 'empty', Program>,
  resources: number,
  say: (line: string) => void,
): Promise<Omit<EngineFigures, 'resources'>> {
  const emptyPack = ['--policy-pack', writeEmptyPack(path.join(projectDirectory, '.local', STACK))];
  const pack = ['--policy-pack', path.join(projectDirectory, 'policy')];
  const cases = [
    { label: 'preview, empty program', program: empty, args: ['preview'] },
    { label: 'preview, flat', program: flat, args: ['preview'] },
    { label: 'preview, default stack', program: own, args: ['preview'] },
    { label: 'preview, default stack, a pack without policies', program: own, args: ['preview', ...emptyPack] },
    { label: 'preview, default stack, policy pack', program: own, args: ['preview', ...pack] },
    { label: 'no-op up, empty program', program: empty, args: ['up', '--yes', '--skip-preview'] },
    { label: 'no-op up, flat', program: flat, args: ['up', '--yes', '--skip-preview'] },
    { label: 'no-op up, default stack', program: own, args: ['up', '--yes', '--skip-preview'] },
  ];
  const usages = new Map<string, Usage[]>(cases.map(({ label }) => [label, []]));
  // Rounds over all cases, so that a machine whose speed drifts slows all of them alike.
  for (let round = 0; round <= RUNS; round += 1) {
    say(`bench: round ${round} of ${RUNS}${round === 0 ? ' (not counted)' : ''}`);
    for (const { label, program, args } of cases) {
      const usage = await pulumi(engine, program, args);
      if (round > 0) usages.get(label)?.push(usage);
    }
  }
  const seconds = (label: string) => median((usages.get(label) ?? []).map((usage) => usage.seconds));
  const memory = (label: string) => median((usages.get(label) ?? []).map((usage) => usage.peakMiB));
  const flatOf = (label: string) => (label.startsWith('preview') ? 'preview, flat' : 'no-op up, flat');
  const rows = cases.map(({ label }) => [
    label,
    seconds(label).toFixed(2),
    memory(label).toFixed(0),
    (seconds(label) / seconds(flatOf(label))).toFixed(2),
  ]);
  const header = ['what', 'wall time, s (median)', 'peak memory, MiB (median)', 'time over flat'];
  const alone = seconds('preview, default stack');
  const judged = seconds('preview, default stack, policy pack');
  const packSentence =
    `The policy pack with its proof adds ${(judged - alone).toFixed(2)} s to the preview of the default stack: ` +
    `${(judged / alone).toFixed(2)} times the preview without.`;
  return {
    text: [`## Engine (${resources} resources)`, '', table(header, rows), '', packSentence].join('\n'),
    previewRatio: alone / seconds('preview, flat'),
    policySeconds: judged - alone,
  };
}

function pulumi(engine: Engine, { stack, clouds, options, directory }: Program, args: string[]): Promise<Usage> {
  const env = { ...stack.env, PULUMI_DEBUG_PROVIDERS: clouds.providers };
  return measured(path.join(engine.binDirectory, 'pulumi'), [...args, ...options, '--non-interactive'], env, directory);
}

async function exported(engine: Engine, program: Program): Promise<Exported[]> {
  const { stdout, stderr, code } = await run(
    path.join(engine.binDirectory, 'pulumi'),
    ['stack', 'export', '--show-secrets', '--stack', STACK],
    { cwd: program.directory, env: program.stack.env },
  );
  if (code !== 0) throw new Error(`pulumi stack export: ${stderr}`);
  return (JSON.parse(stdout) as { deployment: { resources: Exported[] } }).deployment.resources;
}

/** A stack of its own in the local backend, without what an interrupted run may have left. */
async function initialize(engine: Engine, { directory, stack }: Program): Promise<void> {
  const binary = path.join(engine.binDirectory, 'pulumi');
  const options = { cwd: directory, env: stack.env };
  const removed = await run(binary, ['stack', 'rm', STACK, '--yes', '--force', '--preserve-config'], options);
  if (removed.code !== 0 && !removed.stderr.includes('no stack named')) {
    throw new Error(`pulumi stack rm: ${removed.stderr}`);
  }
  const made = await run(binary, ['stack', 'init', STACK], options);
  if (made.code !== 0) throw new Error(`pulumi stack init: ${made.stderr}`);
}

/** What any policy pack costs, whatever it judges. */
function writeEmptyPack(root: string): string {
  const directory = path.join(root, 'empty-pack');
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, 'PulumiPolicy.yaml'), YAML.stringify({ runtime: 'nodejs' }));
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: 'empty-pack', version: '0.1.0' }));
  const source = "const { PolicyPack } = require('@pulumi/policy');\nnew PolicyPack('empty', { policies: [] });\n";
  fs.writeFileSync(path.join(directory, 'index.js'), source);
  return directory;
}

/** A project of its own inside this one, so that it loads the same SDKs. */
function writeProgram(root: string, name: string, source: string): string {
  const directory = path.join(root, name);
  fs.mkdirSync(directory, { recursive: true });
  const { runtime } = YAML.parse(fs.readFileSync(path.join(projectDirectory, 'Pulumi.yaml'), 'utf8')) as Project;
  fs.writeFileSync(path.join(directory, 'Pulumi.yaml'), YAML.stringify({ name: `bench-${name}`, runtime }));
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: `bench-${name}`, main: 'index.ts' }));
  fs.writeFileSync(path.join(directory, 'index.ts'), source);
  return directory;
}
