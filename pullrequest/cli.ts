/** `npm run pull-request`: a Markdown comment out of the previews of base and head. */
import { UnusableInput } from '../reachability';
import { parseObject, readInput } from '../policy/input';
import type { PackConfig } from '../policy/report';
import { USAGE, UsageError, readArguments } from './arguments';
import { comment } from './comment';
import { readPreview } from './preview';

/** Exit codes: 0 a comment, 2 unusable input. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { help, base, head, config } = readArguments(argv);
    if (help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const [before, after] = [await preview(base), await preview(head)];
    process.stdout.write(comment(before, after, config === undefined ? {} : await readConfig(config)));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnusableInput)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`);
    return 2;
  }
}

async function preview(path: string) {
  return readPreview(await readInput(path), path);
}

async function readConfig(path: string): Promise<PackConfig> {
  return parseObject(await readInput(path), path) as PackConfig;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
