/** The configuration that a datacenter takes from its Secret. */
import type { Stack } from '../edit';

/** Changes the configuration that a datacenter takes from its Secret. */
export function configure(
  s: Stack,
  datacenter: 'dc1' | 'dc2',
  edit: (config: Record<string, Record<string, unknown>>) => void,
): void {
  const key = `Secret::xcloud-${datacenter}-settings`;
  const encoded = s.get(key, 'data.config');
  if (typeof encoded !== 'string') return;
  const config = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, Record<string, unknown>>;
  edit(config);
  s.set(key, 'data', { config: Buffer.from(JSON.stringify(config)).toString('base64') });
}

export const HIDDEN = 'the configuration, which is in a Secret with a password that is made during the update';
