/** Service addresses mean something inside their own cluster only: nothing answers them from elsewhere. */
import { contains, formatRange } from '../ip';
import type { Model } from '../model/model';
import type { Finding } from '../verdict';

/** Service ranges that somebody wrote into what a Cloud Router or a BGP peer advertises. */
export function serviceRangeFindings(model: Model): Finding[] {
  const services = model.clusters.all.flatMap((cluster) => (cluster.services === undefined ? [] : [cluster]));
  return model.vpn.tunnels.flatMap((tunnel) => {
    const advertisement = model.routing.advertisement(tunnel);
    if (advertisement?.mode !== 'CUSTOM') return [];
    const { urn, name } = advertisement.decidedBy;
    const written = advertisement.ranges.filter((entry) => entry.urn === urn);
    return services.flatMap(({ services: own, resource }): Finding[] => {
      const advertised = own === undefined ? undefined : written.find(({ range }) => contains(own, range));
      if (advertised === undefined) return [];
      const message = `${name} advertises ${formatRange(advertised.range)}, service addresses of ${resource.name}, which work only inside it`;
      return [{ rule: 'services-advertised', urn, message, remedy: 'Advertise nodes and pods only' }];
    });
  });
}
