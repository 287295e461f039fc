import type { Plan, Settings } from '../plan';
import type { SiteLink } from './cassandra/cluster';
import { AwsVpnGateway } from './link/awsGateway';
import { GcpVpnGateway } from './link/gcpGateway';
import { VpnLink } from './link/vpnLink';
import type { Sites } from './sites';

/**
 * Links the sites as planned: one VPN gateway for each site that has a link, one VPN for each link. They
 * wait for networks only, never for a cluster.
 */
export function linkSites(plan: Plan, settings: Settings, sites: Sites): SiteLink[] {
  const awsGateways = new Map(
    sites.aws
      .filter((site) => plan.links.some(({ aws }) => aws === site.plan.name))
      .map((site) => [
        site.plan.name,
        new AwsVpnGateway(`${site.plan.name}-vpn`, {
          plan: site.plan,
          network: site.network,
          kind: settings.link.awsGateway,
        }),
      ]),
  );
  const gcpGateways = new Map(
    sites.gcp
      .filter((site) => plan.links.some(({ gcp }) => gcp === site.plan.name))
      .map((site) => [
        site.plan.name,
        new GcpVpnGateway(`${site.plan.name}-vpn`, { plan: site.plan, stack: settings, network: site.network }),
      ]),
  );
  return plan.links.map((link) => {
    const awsGateway = end(awsGateways, link.aws, link.name);
    const gcpGateway = end(gcpGateways, link.gcp, link.name);
    const { ready } = new VpnLink(link.name, { plan: link, stack: settings, awsGateway, gcpGateway });
    return { sites: [link.aws, link.gcp], ready };
  });
}

function end<T>(gateways: ReadonlyMap<string, T>, site: string, link: string): T {
  const gateway = gateways.get(site);
  if (gateway === undefined) throw new Error(`link ${link} ends at ${site}, which is not a site of that cloud`);
  return gateway;
}
