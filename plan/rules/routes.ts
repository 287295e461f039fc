/** Limits on the number of routes that links bring. */
import type { Draft } from '../draft';
import type { Problem } from '../problem';
import type { Settings } from '../settings';

/** Prefixes that each kind of AWS gateway takes over BGP (AWS Site-to-Site VPN user guide, quotas). */
const MAX_PREFIXES = { virtualPrivate: 100, transit: 1000 } as const;

/** An AWS site learns the nodes' and, natively, the pods' range of every site it is linked with. */
export function checkRoutes({ sites = [], links = [], link, connectivity }: Draft<Settings>): Problem[] {
  const gateway = link?.awsGateway;
  if (gateway === undefined) {
    return [];
  }
  const perPeer = connectivity === 'overlay' ? 1 : 2;
  return sites.flatMap((site) => {
    if (site.cloud !== 'aws' || site.name === undefined) {
      return [];
    }
    const { name } = site;
    const prefixes = links.filter((pair) => pair.sites?.includes(name)).length * perPeer;
    return prefixes <= MAX_PREFIXES[gateway]
      ? []
      : [
          {
            key: 'link.awsGateway',
            value: gateway,
            message: `takes ${MAX_PREFIXES[gateway]} prefixes, and ${name} would learn ${prefixes} over its links`,
            remedy: gateway === 'virtualPrivate' ? 'use transit, or fewer links' : 'use fewer links',
            rule: 'routes of a VPN gateway',
            source: 'AWS Site-to-Site VPN user guide, quotas',
          },
        ];
  });
}
