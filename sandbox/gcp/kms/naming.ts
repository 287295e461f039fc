import type { ResourceType } from '../../core/resourceType';
import type { Subject } from '../../core/resourceType';
import { text, type Props } from '../../core/values';
import { hex, type GcpSession } from '../session';

const MAX_LENGTH = 63;

/**
 * Names what the program leaves unnamed. A name in Cloud KMS can never be used again, so where the real provider
 * draws a new one by chance, this takes the first that nothing of the type ever had.
 */
export function unusedName(token: string): NonNullable<ResourceType<GcpSession>['complete']> {
  return (inputs: Props, olds: Props, subject: Subject, cloud: GcpSession | undefined) => {
    if (inputs.name !== undefined) return inputs;
    const taken = new Set(cloud?.store.all(token).map((stored) => text(stored.inputs, 'name')));
    const stem = subject.name.slice(0, MAX_LENGTH - 8);
    let attempt = 0;
    let name = text(olds, 'name');
    while (name === undefined) {
      const candidate = `${stem}-${hex(`${subject.urn}/${attempt}`, 7)}`;
      if (!taken.has(candidate)) name = candidate;
      attempt += 1;
    }
    return { ...inputs, name };
  };
}
