/** `npm run lab`: the stack with real control planes, routers, DNS and Cassandra. */
import * as path from 'node:path';
import { USAGE, readArguments } from './arguments';
import { exitWith } from './core/exit';
import { say } from './core/say';
import { endWorld, runInWorld, startWorld, worldRuns } from './core/world';
import { LabError } from './core/errors';
import { checkDelay } from './network/delay';
import { prepare } from './prepare';
import { checkRequirements, findSystemPrograms } from './requirements';

const INSIDE = path.join(__dirname, 'inside.ts');

async function main(argv: readonly string[]): Promise<number> {
  findSystemPrograms();
  const args = readArguments(argv);
  switch (args.command) {
    case 'help':
      process.stdout.write(`${USAGE}\n`);
      return 0;
    case 'up':
      await refuseASecond();
      if (args.delay !== undefined) await checkDelay();
      await prepare(args);
      return runInWorld(INSIDE, argv);
    case 'mistakes':
      return mistakes(argv);
    case 'down':
      await endWorld();
      say('nothing of the lab is left');
      return 0;
    default:
      return runInWorld(INSIDE, argv);
  }
}

async function refuseASecond(): Promise<void> {
  await checkRequirements();
  if (worldRuns()) throw new LabError('the lab is up; take it down first: npm run lab -- down');
}

/** In a world of their own, which nothing is left of. */
async function mistakes(argv: readonly string[]): Promise<number> {
  await refuseASecond();
  await startWorld();
  try {
    return await runInWorld(INSIDE, argv);
  } finally {
    await endWorld();
  }
}

exitWith(() => main(process.argv.slice(2)));
