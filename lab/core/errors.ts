/** Something that the person at the keyboard can put right; the message says how. Shown without a stack trace. */
export class LabError extends Error {
  /** What the command ends with. */
  readonly exitCode: number = 1;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
  }
}
