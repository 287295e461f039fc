/** Which of this machine's programs stands in for a container's image. */
import type { Json } from '../kubernetes/objects';
import type { Tools } from '../tools/tools';
import { cassandraCommand } from './cassandra';

/** A container as the agent runs it. */
export type Program =
  /** A process. */
  | { readonly kind: 'process'; readonly command: readonly string[]; readonly extraPath?: string }
  /** Work that the agent does itself, at once. */
  | { readonly kind: 'configBuilder' }
  /** Nothing to do here, e.g. a log forwarder. */
  | { readonly kind: 'idle' };

/**
 * @param configFolder where the config builder of the same pod wrote
 * @returns why the lab cannot run the image, in place of a program
 */
export function programOf(container: Json, tools: Tools, configFolder: () => string): Program | string {
  const image = container.image as string;
  if (container.name === 'server-config-init') return { kind: 'configBuilder' };
  // It copies the image's default configuration, which the lab's config builder brings itself.
  if (container.name === 'server-config-init-base') return { kind: 'idle' };
  if (container.name === 'server-system-logger') return { kind: 'idle' };
  if (container.name === 'cassandra') return { kind: 'process', command: cassandraCommand(tools, configFolder()) };
  if (container.command !== undefined) {
    return { kind: 'process', command: [...container.command, ...(container.args ?? [])], extraPath: tools.cqlsh };
  }
  if (image.includes('/coredns')) return { kind: 'process', command: [tools.coredns, ...(container.args ?? [])] };
  if (image.includes('/cass-operator')) {
    return { kind: 'process', command: [tools.cassOperator, ...(container.args ?? [])] };
  }
  return `the lab has no program for image ${image}`;
}
