/** When the command began; it tells its parts that run as processes of their own by this variable. */
export const STARTED = { variable: 'LAB_STARTED', at: Number(process.env['LAB_STARTED'] ?? Date.now()) };

/** Whole seconds since the command began. */
export function secondsSoFar(): number {
  return Math.round((Date.now() - STARTED.at) / 1000);
}

/** A line of progress, with the seconds since the command began. */
export function say(line: string): void {
  process.stdout.write(`${String(secondsSoFar()).padStart(4)} s  ${line}\n`);
}
