/** Autonomous system numbers of the sites. */
import { type Draft, unreadable } from './draft';
import { hashBelow } from './hash';
import { type Problem, showValue } from './problem';
import type { Settings } from './settings';

/** The 32-bit private block of RFC 6996, which both clouds accept. */
const FIRST = 4200000000;
const LAST = 4294967294;

/** The site's number: given, or derived from its name alone. */
export function siteAsn(name: string, asn: number | undefined): number {
  return asn ?? FIRST + hashBelow(LAST - FIRST + 1, 'asn', name);
}

/** BGP between two sites needs two numbers, and a third site must not look like one of them. */
export function checkAsns({ sites = [] }: Draft<Settings>): Problem[] {
  const owners = new Map<number, string>();
  const problems: Problem[] = [];
  sites.forEach((site, index) => {
    if (site.name === undefined || unreadable(site, 'asn')) {
      return;
    }
    const asn = siteAsn(site.name, site.asn);
    const owner = owners.get(asn);
    if (owner === undefined) {
      owners.set(asn, site.name);
    } else if (owner !== site.name) {
      problems.push({
        key: `sites[${index}].asn`,
        value: showValue(site.asn),
        message: `${site.asn === undefined ? `derived from the name is ${asn}, which ` : ''}is the number of ${owner} as well`,
        remedy: 'set asn of one of them to another private number',
        rule: 'distinct ASNs',
        source: 'RFC 4271; AWS Site-to-Site VPN user guide; Cloud Router documentation',
      });
    }
  });
  return problems;
}
