/** `npm run bench`: measures, writes docs/figures.md and fails where a figure is worse than promised. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { engineFigures } from './engine';
import { sectionOf, withSection } from './figures';
import { LAB_TITLE, labFigures } from './lab';
import { overlapFigures, planFigures } from './plan';
import { reachFigures } from './reach';

const HELP = `Usage: npm run bench           measure and write docs/figures.md but for the lab's section (some minutes)
       npm run bench -- lab    bring the lab up, verify it and take it down in both forms (half an hour); writes its section

Fails (exit 1) where a figure is worse than promised: overlap check of 10,000 ranges at most 1.5 times a plain
sort-and-sweep, preview of the default stack at most 1.3 times the same resources written flat, policy pack and proof at
most 1 s more than a preview without.`;

const FIGURES = path.resolve(__dirname, '../docs/figures.md');
const MAX_OVERLAP_RATIO = 1.5;
const MAX_PREVIEW_RATIO = 1.3;
const MAX_POLICY_SECONDS = 1;

async function main(): Promise<number> {
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

if (process.argv.includes('--help')) {
  process.stdout.write(`${HELP}\n`);
} else {
  (process.argv[2] === 'lab' ? lab() : main()).then(
    (code) => {
      process.exitCode = code;
    },
    (error: Error) => {
      process.stderr.write(`bench: ${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
