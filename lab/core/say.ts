const start = Date.now();

/** A line of progress, with the seconds since the command began. */
export function say(line: string): void {
  process.stdout.write(`${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s  ${line}\n`);
}
