/**
 * The network that the resources describe, in the words of routers: what both clouds have in common. Each
 * cloud's own rules are in `clouds/`; from here on everything is namespaces, tables, rules and sessions.
 */

/** A router that VPN tunnels can end at. */
export interface VpnRouter {
  /** Short and unique; part of namespace names. */
  readonly name: string;
  readonly cloud: 'aws' | 'gcp';
  readonly urn: string;
  readonly tunnels: readonly TunnelEnd[];
  /** Whether equal BGP routes are used together (ECMP). */
  readonly multipath: boolean;
}

/** One VPC or VPC network: a router to which every interface is attached by a cable of its own. */
export interface VirtualNetwork extends VpnRouter {
  /** Destinations that are inside; whatever nobody has among them is unreachable, never routed out. */
  readonly localRanges: readonly string[];
  /** Routing decisions by source, first match; a source that none matches reaches local ranges only. */
  readonly routingTables: readonly RoutingTable[];
  /** Filters by profile: the group of interfaces that share one set of rules. */
  readonly profiles: readonly Profile[];
  /** Members of security groups that rules name as source or destination, by set name. */
  readonly memberSets: readonly string[];
  /** Stateless filters at the edges of subnets; Google's networks have none. */
  readonly acls: readonly NetworkAcl[];
  readonly mtu: number;
}

/** A transit gateway: a router of its own between VPCs and tunnels; so is a virtual private gateway without a VPC. */
export interface TransitGateway extends VpnRouter {
  readonly attachments: readonly VpcAttachment[];
  readonly tables: readonly TransitTable[];
}

export interface VpcAttachment {
  readonly urn: string;
  /** Name of the network. */
  readonly network: string;
  /** Ranges of the network's subnets in zones where the attachment has no subnet: nothing gets from there to the gateway. */
  readonly unserved: readonly string[];
}

/** A transit gateway route table. */
export interface TransitTable {
  /** Number of the kernel's table. */
  readonly table: number;
  readonly urn: string;
  /** Networks and tunnels, by name, whose packets look here; the tunnels are told what is in it. */
  readonly networks: readonly string[];
  readonly tunnels: readonly string[];
  /** Tunnels that propagate into it, each with all of its connection, which is told nothing of what it said itself. */
  readonly learnsFrom: readonly string[];
  readonly routes: readonly StaticRoute[];
}

export interface RoutingTable {
  /** Number of the kernel's table. */
  readonly table: number;
  readonly urn: string;
  /** Sources that look here. */
  readonly sources: readonly string[];
  /** nftables sets of sources that look here before any other table. */
  readonly members: readonly string[];
  /** Whether routes learnt by BGP are in it. */
  readonly learns: boolean;
  readonly routes: readonly StaticRoute[];
}

/** A route that is written down, not learnt. */
export interface StaticRoute {
  readonly destination: string;
  /** Of equal destinations the lowest wins; `LEARNT_METRIC` tells that of learnt routes. */
  readonly metric: number;
  readonly urn: string;
  readonly to: RouteTarget;
}

export type RouteTarget =
  /** A blackhole, or what the lab has not: the internet, NAT gateways, appliances, peerings. */
  | { readonly kind: 'nowhere' }
  /** The network's virtual private gateway: as it has learnt, and nowhere else. */
  | { readonly kind: 'learnt' }
  /** A transit gateway or a network that is attached to one, by name. */
  | { readonly kind: 'router'; readonly name: string }
  /** Tunnels of the router itself, by name. */
  | { readonly kind: 'tunnels'; readonly names: readonly string[] };

/** Kernel metric of what BIRD has learnt. Google's routes compete by priority: twice a static route's, and this is just after 100. */
export const LEARNT_METRIC = { aws: 100, gcp: 201 } as const;

/** What the interfaces of one set of security groups, or of one set of network tags, let through. */
export interface Profile {
  /** Name of the nftables set of its addresses. */
  readonly name: string;
  /** Sets that its members belong to besides, for rules that name a group. */
  readonly memberOf: readonly string[];
  /** In order of evaluation; the first match decides. */
  readonly ingress: readonly FilterRule[];
  readonly egress: readonly FilterRule[];
  /** What happens to new connections that no rule matches. */
  readonly otherwise: { readonly ingress: 'accept' | 'drop'; readonly egress: 'accept' | 'drop' };
}

export interface FilterRule {
  readonly action: 'accept' | 'drop';
  /** Ranges of the other end; empty with `sets` empty means anybody. */
  readonly ranges: readonly string[];
  /** nftables sets of the other end. */
  readonly sets: readonly string[];
  /** `all`, or a protocol's name or number. */
  readonly protocol: string;
  /** Destination ports, `7000` or `30000-32767`; empty means all. */
  readonly ports: readonly string[];
  /** Google's rules have one; lower comes first. */
  readonly priority?: number;
  readonly urn: string;
}

/** A filter that judges every packet for itself where it crosses the edge of a subnet. */
export interface NetworkAcl {
  readonly urn: string;
  /** Ranges of the subnets that it stands around. */
  readonly subnets: readonly string[];
  /** In order of evaluation; the first match decides, and what none matches is dropped. */
  readonly ingress: readonly FilterRule[];
  readonly egress: readonly FilterRule[];
}

/** One end of a VPN tunnel as its own cloud has it configured; it knows nothing of the other end's resources. */
export interface TunnelEnd {
  /** Short and unique in its network. */
  readonly name: string;
  readonly urn: string;
  /** Public address of this end. */
  readonly outside: string;
  /** Public address that this end dials, and takes IKE from. */
  readonly peerOutside: string;
  readonly presharedKey: string;
  readonly ikeVersions: readonly (1 | 2)[];
  /** strongSwan's proposals, e.g. `aes256-sha256-modp2048`. */
  readonly ikeProposals: readonly string[];
  readonly espProposals: readonly string[];
  readonly ikeLifetime: number;
  readonly espLifetime: number;
  /** Whether this end starts the exchange. */
  readonly initiates: boolean;
  /** Seconds without an answer after which the other end counts as gone. */
  readonly deadPeerTimeout: number;
  /** Largest packet inside the tunnel. */
  readonly mtu: number;
  readonly session: BgpSession | undefined;
}

export interface BgpSession {
  readonly urn: string;
  readonly localAddress: string;
  readonly localAsn: number;
  readonly peerAddress: string;
  readonly peerAsn: number;
  /** Seconds. */
  readonly holdTime: number;
  readonly keepalive: number;
  readonly advertised: readonly string[];
  /** MED of what is advertised. */
  readonly metric: number | undefined;
}

/** A machine of a cluster. */
export interface Machine {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
  /** The subnet or range that pods of machines like it have addresses of. */
  readonly podRange: string;
  /** The part of it that is this machine's own. */
  readonly podBlock: string;
  readonly profile: string;
  readonly podProfile: string;
  /** Destinations for which pod sources are rewritten to the machine's address: everything but these; or none. */
  readonly sourceNat: { readonly except: readonly string[] } | undefined;
}

/** One Kubernetes cluster with its machines. */
export interface Cluster {
  /** Short and unique; part of namespace names and folders. */
  readonly name: string;
  readonly cloud: 'aws' | 'gcp';
  readonly urn: string;
  readonly network: string;
  readonly serviceRange: string;
  /** Address of the control plane inside the network. */
  readonly controlPlane: string;
  readonly controlPlaneProfile: string;
  readonly machines: readonly Machine[];
  /** Whether NetworkPolicies do anything. */
  readonly enforcesPolicies: boolean;
  /** Subnets by the name that load balancer annotations use. */
  readonly subnets: readonly { readonly name: string; readonly range: string }[];
  /** Corefile of a managed CoreDNS, if the cloud brings one. */
  readonly managedCorefile: string | undefined;
}

export interface LabModel {
  readonly networks: readonly VirtualNetwork[];
  readonly transitGateways: readonly TransitGateway[];
  readonly clusters: readonly Cluster[];
}

/** What a VPN connection is told of its route table besides what others said: its routes, but for blackholes. */
export function advertisedOf({ routes }: TransitTable): string[] {
  return [...new Set(routes.filter(({ to }) => to.kind !== 'nowhere').map(({ destination }) => destination))];
}

/** Everything that tunnels can end at. */
export function vpnRouters({ networks, transitGateways }: LabModel): readonly VpnRouter[] {
  return [...networks, ...transitGateways];
}
