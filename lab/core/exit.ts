import { LabError } from './errors';

/** Ends the process with the code that the work returns; what a person can put right is told without a stack trace. */
export function exitWith(work: () => Promise<number>): void {
  void work()
    .catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    })
    .then((code) => process.exit(code));
}
