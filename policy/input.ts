/** Reading what command lines are given: exports, previews and configuration. */
import { fstatSync, readFileSync } from 'node:fs';
import { UnusableInput } from '../reachability';

/**
 * The text of a file; `-` for standard input.
 *
 * @param hint what to do when there is no such file.
 */
export async function readInput(path: string, hint = ''): Promise<string> {
  if (path === '-') return readStandardInput();
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UnusableInput(`${path} cannot be read (${String(error.code)})${hint}`);
  }
}

/** Whether something is piped in, or a file redirected: a terminal and /dev/null are no input. */
export function isPiped(): boolean {
  const stat = fstatSync(0);
  return stat.isFIFO() || stat.isFile();
}

/** @throws UnusableInput for text that is not a JSON object. */
export function parseObject(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnusableInput(`${what} is not JSON (${error.message})`);
  }
  throw new UnusableInput(`${what} is not a JSON object`);
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
