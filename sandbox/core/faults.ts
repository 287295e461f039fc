import * as fs from 'node:fs';
import { CloudError } from './errors';

/** A fault to inject: which operation on what goes wrong, how, and how often. */
export interface Fault {
  readonly operation: 'create' | 'read' | 'update' | 'delete';
  /** Pulumi type token; `*` stands for any run of characters. */
  readonly type: string;
  /** Logical name of the resource; any if absent; `*` as in `type`. */
  readonly name?: string;
  /**
   * `fail`: the cloud answers with an error. `stall`: it acts only after `seconds`. `crash`: the provider's process
   * ends before the cloud is called. `stallAfter`, `crashAfter`: the same when the cloud has done it, before the answer.
   */
  readonly action: 'fail' | 'stall' | 'stallAfter' | 'crash' | 'crashAfter';
  readonly message?: string;
  readonly seconds?: number;
  /** How many times; 1 unless set. */
  readonly times?: number;
}

export type Moment = 'before' | 'after';

/**
 * Faults from a file that holds a JSON list of `Fault`. The file is read at every operation and a fault that has
 * struck is counted down in it, so that a crash does not strike again when the program runs again.
 */
export class Faults {
  constructor(private readonly file: string | undefined) {}

  async strike(moment: Moment, operation: Fault['operation'], type: string, name: string): Promise<void> {
    const fault = this.take(moment, operation, type, name);
    if (!fault) return;
    if (fault.action === 'fail') throw new CloudError('InternalError', fault.message ?? 'injected fault');
    if (fault.action.startsWith('stall')) return sleep((fault.seconds ?? 30) * 1000);
    process.stderr.write(`local clouds: injected crash at ${operation} of ${type} ${name}\n`);
    process.exit(70);
  }

  private take(moment: Moment, operation: string, type: string, name: string): Fault | undefined {
    if (!this.file || !fs.existsSync(this.file)) return undefined;
    const faults = JSON.parse(fs.readFileSync(this.file, 'utf8')) as Fault[];
    const index = faults.findIndex(
      (fault) =>
        (fault.times ?? 1) > 0 &&
        fault.operation === operation &&
        fault.action.endsWith('After') === (moment === 'after') &&
        matches(fault.type, type) &&
        matches(fault.name ?? '*', name),
    );
    const fault = faults[index];
    if (!fault) return undefined;
    faults[index] = { ...fault, times: (fault.times ?? 1) - 1 };
    fs.writeFileSync(this.file, JSON.stringify(faults, null, 1));
    return fault;
  }
}

function matches(pattern: string, subject: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(subject);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
