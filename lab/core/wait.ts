import { LabError } from './errors';

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks again until there is an answer.
 *
 * @param what named in the error when the time is over
 * @param seconds how long to ask
 * @param ask undefined means not yet, `NotYet` says why
 * @throws LabError with the last reason after `seconds`
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | NotYet>,
  interval = 500,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let reason = '';
  for (;;) {
    const answer = await ask();
    if (answer instanceof NotYet) reason = answer.reason;
    else if (answer !== undefined) return answer;
    if (Date.now() >= end) throw new LabError(`${what}: not within ${seconds} s${reason === '' ? '' : ` (${reason})`}`);
    await sleep(interval);
  }
}

/** Why something is not there yet. */
export class NotYet {
  constructor(readonly reason: string) {}
}
