/** What each side learns from the other over its tunnels. */
import { PrefixTable, type Range } from '../ip';
import { type Inventory, push } from '../resources/inventory';
import type { Resource } from '../resources/resource';
import type { Unknown } from '../resources/value';
import { type AwsGateway, type TransitAttachment, type TransitRouteTable, VPN_CONNECTION } from './aws/gateways';
import type { GcpNetwork } from './gcp/network';
import { type Advertisement, advertisementOf } from './gcp/router';
import { rangeOfValue } from './ranges';
import { type Fault, blocked } from './vpn/fault';
import type { VpnTunnel } from './vpn/tunnels';

/** S2S guide, "Site-to-Site VPN quotas": dynamic routes that a connection takes, by the gateway it ends at. */
const PREFIX_LIMITS = { virtualPrivate: 100, transit: 1000 } as const;

export interface TransitHop {
  /** Undefined for a blackhole. */
  readonly attachment: TransitAttachment | undefined;
  /** A static route, which stands before propagated ones. */
  readonly written: boolean;
  /** Resource that made the route: a static route, or the propagated attachment. */
  readonly urn: string;
}

/** A prefix that AWS advertises. */
export interface Advertised {
  readonly range: Range;
  /** The resource that it comes from. */
  readonly urn: string;
  /** AS of the router that AWS heard it from; undefined for what is AWS's own. */
  readonly heardFrom?: number | Unknown | undefined;
}

export class Routing {
  readonly tunnelsOfGateway = new Map<AwsGateway, VpnTunnel[]>();
  readonly tunnelsOfNetwork = new Map<GcpNetwork, VpnTunnel[]>();
  /** What AWS hears over each connection: the prefix and the tunnel that carries it. */
  private readonly heardByAws = new Map<Resource, [Range, VpnTunnel][]>();
  private readonly virtualPrivateTables = new Map<AwsGateway, PrefixTable<VpnTunnel>>();
  private readonly connectionTables = new Map<Resource, PrefixTable<VpnTunnel>>();
  private readonly transitTables = new Map<TransitRouteTable, PrefixTable<TransitHop>>();
  private readonly networkTables = new Map<GcpNetwork, PrefixTable<VpnTunnel>>();
  private readonly advertisements = new Map<VpnTunnel, Advertisement>();
  private readonly faults = new Map<VpnTunnel, Fault>();

  constructor(
    private readonly inventory: Inventory,
    tunnels: readonly VpnTunnel[],
  ) {
    for (const tunnel of tunnels) {
      if (tunnel.aws.gateway !== undefined) push(this.tunnelsOfGateway, tunnel.aws.gateway, tunnel);
      if (tunnel.gcp.network !== undefined) push(this.tunnelsOfNetwork, tunnel.gcp.network, tunnel);
      const heard = this.heardFromGoogle(tunnel);
      const fault = tunnel.faults[0] ?? this.limitFault(tunnel);
      if (fault !== undefined) this.faults.set(tunnel, fault);
      // A session that is down teaches nothing.
      else for (const range of heard) push(this.heardByAws, tunnel.aws.connection, [range, tunnel]);
    }
    for (const [connection, heard] of this.heardByAws) {
      const table = new PrefixTable<VpnTunnel>();
      for (const [range, tunnel] of heard) table.add(range, tunnel);
      this.connectionTables.set(connection, table);
    }
    for (const [gateway, own] of this.tunnelsOfGateway) {
      const table = new PrefixTable<VpnTunnel>();
      const connections = new Set(own.map((tunnel) => tunnel.aws.connection));
      for (const connection of connections) {
        for (const [range, tunnel] of this.heardByAws.get(connection) ?? []) table.add(range, tunnel);
      }
      this.virtualPrivateTables.set(gateway, table);
    }
    for (const tunnel of tunnels) if (!this.faults.has(tunnel)) this.learnOnGoogle(tunnel);
  }

  /** The first thing that keeps a tunnel down, BGP limits included. */
  faultOf(tunnel: VpnTunnel): Fault | undefined {
    return this.faults.get(tunnel);
  }

  /** What Google advertises over a tunnel; undefined without a BGP session. */
  advertisement(tunnel: VpnTunnel): Advertisement | undefined {
    return this.advertisements.get(tunnel);
  }

  /** Routes that a virtual private gateway learned from its tunnels. */
  learnedBy(gateway: AwsGateway): PrefixTable<VpnTunnel> {
    return this.virtualPrivateTables.get(gateway) ?? new PrefixTable<VpnTunnel>();
  }

  /** Routes that a transit gateway learned over one VPN connection. */
  learnedOver(connection: Resource): PrefixTable<VpnTunnel> {
    return this.connectionTables.get(connection) ?? new PrefixTable<VpnTunnel>();
  }

  /** Prefixes that AWS hears over one VPN connection. */
  heardOver(connection: Resource): readonly Range[] {
    return (this.heardByAws.get(connection) ?? []).map(([range]) => range);
  }

  /** Dynamic routes of a Google network. */
  learnedIn(network: GcpNetwork): PrefixTable<VpnTunnel> {
    return this.networkTables.get(network) ?? new PrefixTable<VpnTunnel>();
  }

  /** Routes of a transit gateway route table, by prefix. */
  transitTable(table: TransitRouteTable): PrefixTable<TransitHop> {
    const known = this.transitTables.get(table);
    if (known !== undefined) return known;
    const routes = new PrefixTable<TransitHop>();
    for (const { range, urn, attachment } of table.statics) routes.add(range, { attachment, urn, written: true });
    for (const attachment of table.propagations) {
      for (const range of this.propagatedBy(attachment))
        routes.add(range, { attachment, urn: attachment.resource.urn, written: false });
    }
    this.transitTables.set(table, routes);
    return routes;
  }

  /**
   * Prefixes that a Cloud Router takes of what AWS advertises over a tunnel: not those that it or another router of its
   * AS told AWS over another connection, whose path holds its own AS (RFC 4271, section 9.1.2).
   */
  learnedByGoogle(tunnel: VpnTunnel): readonly Advertised[] {
    const own = tunnel.gcp.router?.asn;
    return this.advertisedByAws(tunnel).filter(({ heardFrom }) => heardFrom === undefined || heardFrom !== own);
  }

  /** Prefixes that AWS advertises over a tunnel. */
  advertisedByAws(tunnel: VpnTunnel): readonly Advertised[] {
    const gateway = tunnel.aws.gateway;
    if (gateway === undefined) return [];
    // S2S guide, "Route tables and AWS Site-to-Site VPN": a virtual private gateway advertises its VPC's CIDR blocks.
    if (gateway.kind === 'virtualPrivate') return gateway.vpc?.cidrs ?? [];
    // Transit Gateway guide: it advertises the routes of the table that the VPN attachment is associated with.
    const attachment = gateway.attachments.find((candidate) => candidate.resource === tunnel.aws.connection);
    const table = attachment?.association;
    if (table === undefined) return [];
    return [
      ...table.statics.filter((route) => route.attachment !== undefined),
      ...table.propagations
        .filter((source) => source.resource !== tunnel.aws.connection)
        .flatMap((source) =>
          this.propagatedBy(source).map((range): Advertised => ({
            range,
            urn: source.resource.urn,
            heardFrom: this.heardByAws.get(source.resource)?.[0]?.[1].gcp.router?.asn,
          })),
        ),
    ];
  }

  private limitFault(tunnel: VpnTunnel): Fault | undefined {
    const gateway = tunnel.aws.gateway;
    const advertised = this.advertisements.get(tunnel);
    if (gateway === undefined || advertised === undefined) return undefined;
    const limit = PREFIX_LIMITS[gateway.kind];
    const count = advertised.ranges.length;
    if (count <= limit) return undefined;
    const why = `${count} prefixes are advertised, ${gateway.resource.name} takes ${limit} and then closes the session`;
    return blocked('bgp', 'prefix-limit', advertised.decidedBy.urn, why, 'Advertise fewer, larger prefixes');
  }

  private propagatedBy(attachment: TransitAttachment): Range[] {
    if (attachment.vpc !== undefined) return attachment.vpc.cidrs.map(({ range }) => range);
    const heard = this.heardByAws.get(attachment.resource) ?? [];
    return [...new Map(heard.map(([range]) => [`${range.first}/${range.prefix}`, range])).values()];
  }

  private heardFromGoogle(tunnel: VpnTunnel): Range[] {
    if (tunnel.routing === 'static') {
      return this.inventory
        .all('aws:ec2/vpnConnectionRoute:VpnConnectionRoute')
        .filter((route) => this.inventory.find(route, 'vpnConnectionId', VPN_CONNECTION) === tunnel.aws.connection)
        .map((route) => rangeOfValue(route.value('destinationCidrBlock')))
        .filter((range) => range !== undefined);
    }
    if (tunnel.gcp.peer === undefined || tunnel.gcp.router === undefined) return [];
    const advertisement = advertisementOf(tunnel.gcp.peer, tunnel.gcp.router);
    this.advertisements.set(tunnel, advertisement);
    return advertisement.ranges.map(({ range }) => range);
  }

  private learnOnGoogle(tunnel: VpnTunnel): void {
    const network = tunnel.gcp.network;
    if (network === undefined || tunnel.routing === 'static') return;
    let table = this.networkTables.get(network);
    if (table === undefined) this.networkTables.set(network, (table = new PrefixTable()));
    for (const { range } of this.learnedByGoogle(tunnel)) table.add(range, tunnel);
  }
}
