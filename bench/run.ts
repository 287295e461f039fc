/** `npm run bench`: measures, writes docs/figures.md and fails where a figure is worse than promised. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { HELP, readArguments } from './arguments';
import { engineFigures } from './engine';
import { sectionOf, withSection } from './figures';
import { LAB_TITLE, labFigures } from './lab';
import { overlapFigures, planFigures } from './plan';
import { reachFigures } from './reach';

const FIGURES = path.resolve(__dirname, '../docs/figures.md');
const MAX_OVERLAP_RATIO = 1.5;
const MAX_PREVIEW_RATIO = 1.3;
const MAX_POLICY_SECONDS = 1;

async function all(): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say('bench: plan');
  const plan = planFigures();
  const overlap = overlapFigures();
  const engine = await engineFigures(say);
  say('bench: proof');
  const proof = reachFigures(engine.resources);
  const text = [heading(), plan, overlap.text, engine.text, proof].join('\n\n');
  const lab = fs.existsSync(FIGURES) ? sectionOf(fs.readFileSync(FIGURES, 'utf8'), LAB_TITLE) : undefined;
  fs.writeFileSync(FIGURES, lab === undefined ? `${text}\n` : withSection(text, LAB_TITLE, lab));
  process.stdout.write(`${text}\n`);
  const promises = [
    { what: 'overlap check over plain sort-and-sweep', value: overlap.ratio, most: MAX_OVERLAP_RATIO },
    { what: 'preview over flat', value: engine.previewRatio, most: MAX_PREVIEW_RATIO },
    { what: 'seconds the policy pack adds', value: engine.policySeconds, most: MAX_POLICY_SECONDS },
  ];
  const broken = promises.filter(({ value, most }) => !(value <= most));
  for (const { what, value, most } of broken) say(`bench: ${what}: ${value.toFixed(2)}, promised at most ${most}`);
  return broken.length === 0 ? 0 : 1;
}

async function lab(): Promise<number> {
  const section = await labFigures((line) => process.stderr.write(`${line}\n`));
  fs.writeFileSync(FIGURES, withSection(fs.readFileSync(FIGURES, 'utf8'), LAB_TITLE, section));
  process.stdout.write(`${section}\n`);
  return 0;
}

function heading(): string {
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return [
    '# Figures',
    '',
    'Made by `npm run bench`; medians of several runs on one machine.',
    '',
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Machine: ${os.cpus().length} cores (${cpu}), ${memory} GiB, ${os.type()} ${os.release()}`,
    `- Node ${process.version}, ${packageVersions().join(', ')}`,
  ].join('\n');
}

function packageVersions(): string[] {
  return ['@pulumi/pulumi', '@pulumi/aws', '@pulumi/gcp', '@pulumi/kubernetes'].map((name) => {
    const file = path.resolve(__dirname, '../node_modules', name, 'package.json');
    return `${name} ${(JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version}`;
  });
}

async function main(argv: readonly string[]): Promise<number> {
  switch (readArguments(argv)) {
    case 'help':
      process.stdout.write(`${HELP}\n`);
      return 0;
    case 'all':
      return all();
    case 'lab':
      return lab();
    case undefined:
      process.stderr.write(`bench: there is no ${argv.join(' ')}\n\n${HELP}\n`);
      return 2;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`bench: ${error.message}\n`);
    process.exitCode = 1;
  },
);
