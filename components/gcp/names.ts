import { shortened } from '../names';

/** Longest name Compute Engine takes (RFC 1035 label). */
const COMPUTE_LIMIT = 63;

/** Gives the name of one role of a site or link, at most `limit` characters long. */
export type Namer = (role: string, limit?: number) => string;

/**
 * Names for the Google Cloud resources of one owner (a site or a link) of a stack.
 *
 * Explicit names, because Google Cloud's names are its identifiers: they stand in self links,
 * firewall tags and alert filters, and have to be known at the first preview. Cluster and owner are
 * part of each, so that several stacks and sites can share a project.
 */
export function namesOf(cluster: string, owner: string): Namer {
  return (role, limit = COMPUTE_LIMIT) => gcpName([cluster, owner, role], limit);
}

/**
 * Joins parts to a name that Google Cloud accepts: lower-case letters, digits and hyphens, a letter
 * first, no hyphen last, at most `limit` characters.
 */
export function gcpName(parts: readonly string[], limit: number = COMPUTE_LIMIT): string {
  const joined = parts.join('-').toLowerCase();
  return shortened(/^[a-z]/.test(joined) ? joined : `n-${joined}`, limit);
}

/**
 * Labels from the stack's tags. Google Cloud takes lower-case letters, digits, `_` and `-` only, at
 * most 63 characters, and keys that begin with a letter ("Requirements for labels", Resource Manager
 * guide); AWS takes nearly everything, so tags written for both are rewritten here.
 */
export function gcpLabels(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [labelKey(key), labelText(value)]));
}

function labelKey(key: string): string {
  const text = labelText(key);
  return /^[a-z]/.test(text) ? text : labelText(`tag-${text}`);
}

function labelText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, COMPUTE_LIMIT);
}
