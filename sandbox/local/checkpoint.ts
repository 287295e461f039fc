import * as fs from 'node:fs';

/**
 * Mends the checkpoint of a stack whose engine was killed while it wrote: the file backend writes a file of
 * attributes, which it can do without and of which half stops it, and keeps the checkpoint before as `.bak`.
 */
export function mendCheckpoint(file: string, say: (line: string) => void): void {
  for (const attributes of [`${file}.attrs`, `${file}.bak.attrs`]) {
    if (fs.existsSync(attributes) && !isJson(attributes)) fs.rmSync(attributes);
  }
  if (!fs.existsSync(file) || isJson(file)) return;
  const before = `${file}.bak`;
  if (!fs.existsSync(before) || !isJson(before)) throw new Error(`${file} is cut off, and there is none before it`);
  fs.copyFileSync(before, file);
  say('an earlier run was killed while it wrote its state: the state before that is taken');
}

function isJson(file: string): boolean {
  try {
    JSON.parse(fs.readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
