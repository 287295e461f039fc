/** `npm run lab`: the stack with real control planes, routers, DNS and Cassandra. */
import { USAGE, readArguments } from './arguments';
import { LabError } from './core/errors';
import { takeDown } from './core/ledger';
import { say } from './core/say';
import { fault } from './fault';
import { readLab } from './labState';
import { mistakes } from './mistakes/run';
import { status } from './status';
import { up } from './up';
import { verify } from './verify/verify';

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = readArguments(argv);
    switch (args.command) {
      case 'help':
        process.stdout.write(`${USAGE}\n`);
        return 0;
      case 'up':
        await up(args);
        return 0;
      case 'down':
        await takeDown(say);
        say('nothing of the lab is left');
        return 0;
      case 'status':
        await status(readLab());
        return 0;
      case 'verify':
        return (await verify(readLab())) ? 0 : 1;
      case 'mistakes':
        return (await mistakes(args.state, args.rest)) ? 0 : 1;
      case 'fault':
        await fault(readLab(), args.rest);
        return 0;
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
