/** What rules about addresses have in common. */
import type { Problem } from '../problem';
import type { RangedSite, SiteRange } from '../ranges';

/** A rule of a cloud or a project, by its name and the document it was read in. */
export interface Rule {
  readonly name: string;
  readonly source: string;
}

/**
 * A range that breaks a rule. `predicate` continues a sentence whose subject is the range, e.g.
 * `is smaller than /28`; a range that follows from a slot is named before it.
 */
export function broken(rule: Rule, range: SiteRange, predicate: string, remedy: string): Problem {
  const pinned = range.value === range.cidr.toString();
  return {
    key: range.key,
    value: range.value,
    message: pinned ? predicate : `gives ${range.role} ${range.cidr}, which ${predicate}`,
    remedy,
    rule: rule.name,
    source: rule.source,
  };
}

/** Ranges that stand in a list, without the ones that could not be read. */
export function present(...ranges: readonly (SiteRange | undefined)[]): SiteRange[] {
  return ranges.filter((range) => range !== undefined);
}

/** A control plane inside the nodes' range is a part of it, not a second range. */
export function outerControlPlane({ controlPlane, nodes }: RangedSite): SiteRange | undefined {
  return controlPlane !== undefined && nodes?.cidr.contains(controlPlane.cidr) === true ? undefined : controlPlane;
}
