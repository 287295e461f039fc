import type { Stored } from '../../core/store';
import { list, text } from '../../core/values';
import { COLLECTIONS, nameOf, placeOf } from '../names';
import { parseRange, type Range } from '../ranges';
import { usesOf } from '../references';
import type { GcpSession } from '../session';

/** A range in use in a VPC network. */
export interface UsedRange {
  readonly range: Range;
  /** The subnetwork that has it. */
  readonly owner: string;
  readonly secondary?: string;
  /** How an error message names it. */
  readonly what: string;
}

/** Every primary and secondary range of a network's subnetworks. */
export function usedRanges(cloud: GcpSession, network: string): UsedRange[] {
  return subnetworksOf(cloud, network).flatMap(rangesOf);
}

export function subnetworksOf(cloud: GcpSession, network: string): Stored[] {
  return cloud.store.all(COLLECTIONS.subnetworks.token).filter((subnetwork) => usesOf(subnetwork).includes(network));
}

export function rangesOf(subnetwork: Stored): UsedRange[] {
  const where = `'${nameOf(subnetwork.id)}' in region '${placeOf(subnetwork.id)}'`;
  const primary = parseRange(text(subnetwork.outputs, 'ipCidrRange') ?? '');
  const found: UsedRange[] = primary
    ? [{ range: primary, owner: subnetwork.id, what: `existing subnetwork ${where}` }]
    : [];
  for (const item of list(subnetwork.outputs, 'secondaryIpRanges')) {
    const secondary = text(item, 'rangeName') ?? '';
    const parsed = parseRange(text(item, 'ipCidrRange') ?? '');
    const what = `secondary range '${secondary}' of existing subnetwork ${where}`;
    if (parsed) found.push({ range: parsed, owner: subnetwork.id, secondary, what });
  }
  return found;
}

/** A named secondary range of a subnetwork. */
export function secondaryRange(subnetwork: Stored, name: string): Range | undefined {
  return rangesOf(subnetwork).find(({ secondary }) => secondary === name)?.range;
}
