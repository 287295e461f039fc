import type { Props } from './values';

/** An answer of a cloud's API that refuses an operation, in the cloud's own words and codes. */
export class CloudError extends Error {
  constructor(
    /** The cloud's error code, e.g. `InvalidVpc.Range` or `googleapi: Error 409`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'CloudError';
  }
}

/**
 * A resource that was created or updated but did not become what was asked: the engine keeps its state and
 * shows the reasons, and the next `up` goes on from there.
 */
export class InitializationFailed extends Error {
  constructor(
    readonly id: string,
    readonly inputs: Props,
    readonly outputs: Props,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join('\n'));
    this.name = 'InitializationFailed';
  }
}
