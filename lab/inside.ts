/** The part of `npm run lab` that runs in the lab's world; cli.ts makes the world and enters it. */
import { readArguments } from './arguments';
import { exitWith } from './core/exit';
import { fault } from './fault';
import { readLab } from './labState';
import { mistakes } from './mistakes/run';
import { status } from './status';
import { up } from './up';
import { verify } from './verify/verify';

async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  switch (args.command) {
    case 'up':
      await up(readLab(), args);
      return 0;
    case 'status':
      await status(readLab());
      return 0;
    case 'verify':
      return (await verify(readLab(), args.faults)) ? 0 : 1;
    case 'fault':
      await fault(readLab(), args.rest);
      return 0;
    case 'mistakes':
      return (await mistakes(args.state, args.rest)) ? 0 : 1;
    default:
      throw new Error(`${args.command} does not run in the world`);
  }
}

exitWith(() => main(process.argv.slice(2)));
