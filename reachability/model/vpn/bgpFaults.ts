/** Whether the BGP session over a tunnel can come up, or static routing is set up on both sides. */
import {
  type Range,
  contains,
  formatAddress,
  formatRange,
  mustRange,
  overlaps,
  parseAddress,
  parseRange,
} from '../../ip';
import { ROUTER } from '../gcp/router';
import type { Resource } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type AwsTunnelEnd, nameOf } from './awsEnd';
import { type Fault, type Finder, blocked, undetermined } from './fault';
import { type GcpTunnelEnd, HA_GATEWAY } from './gcpEnd';

export function bgpFaults(
  finder: Finder,
  aws: AwsTunnelEnd,
  gcp: GcpTunnelEnd,
  routing: 'bgp' | 'static',
  assumed: string[],
): Fault[] {
  if (routing === 'static') return staticFaults(aws, gcp);
  return [
    ...sessionFaults(finder, aws, gcp),
    ...insideFaults(finder, aws, gcp, assumed),
    ...asnFaults(finder, aws, gcp),
  ];
}

function staticFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  if (gcp.gateway?.type === HA_GATEWAY) {
    const why = 'a tunnel of an HA VPN gateway needs a Cloud Router interface and a BGP peer';
    return [
      blocked('bgp', 'router-interface', gcp.tunnel.urn, why, 'Add a RouterInterface and a RouterPeer for the tunnel'),
    ];
  }
  if (aws.connection.flag('staticRoutesOnly') === true) return [];
  const why = `${aws.connection.name} expects BGP, but the tunnel has no Cloud Router`;
  return [
    blocked(
      'bgp',
      'static-routes-only',
      aws.connection.urn,
      why,
      'Set staticRoutesOnly, or give the tunnel a Cloud Router',
    ),
  ];
}

function sessionFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const faults: Fault[] = [];
  const fault = (rule: string, urn: string, why: string, remedy: string): void => {
    faults.push(blocked('bgp', rule, urn, why, remedy));
  };
  if (aws.connection.flag('staticRoutesOnly') === true) {
    const why = `${aws.connection.name} has static routes only and speaks no BGP`;
    fault('static-routes-only', aws.connection.urn, why, 'Set staticRoutesOnly to false');
  }
  if (gcp.interface === undefined) {
    fault(
      'router-interface',
      gcp.tunnel.urn,
      'no Cloud Router interface uses the tunnel',
      'Add a RouterInterface with this vpnTunnel',
    );
    return faults;
  }
  if (gcp.router === undefined) {
    fault(
      'router-interface',
      gcp.interface.urn,
      'the interface is on no Cloud Router of the input',
      'Set router to the name of the Cloud Router',
    );
    return faults;
  }
  if (gcp.network !== undefined && gcp.router.network !== undefined && gcp.network !== gcp.router.network) {
    fault(
      'router-network',
      gcp.router.resource.urn,
      'the Cloud Router is in another network than the VPN gateway',
      'Put both into one network',
    );
  }
  if (gcp.region !== undefined && gcp.router.region !== undefined && gcp.region !== gcp.router.region) {
    const why = `the Cloud Router is in ${gcp.router.region}, the tunnel in ${gcp.region}`;
    fault('router-region', gcp.router.resource.urn, why, 'Put both into one region');
  }
  if (gcp.peer === undefined) {
    fault('router-peer', gcp.interface.urn, 'the interface has no BGP peer', 'Add a RouterPeer on this interface');
  } else if (gcp.peer.flag('enable') === false) {
    fault('router-peer', gcp.peer.urn, 'the BGP peer is switched off', 'Set enable to true');
  }
  return [...faults, ...ownRouterFaults(finder, gcp), ...peerFaults(gcp)];
}

/** Google's API, `vpnTunnels.insert`: the interface of a tunnel is on the router that the tunnel names. */
function ownRouterFaults({ inventory }: Finder, { tunnel, router }: GcpTunnelEnd): Fault[] {
  const named = inventory.find(tunnel, 'router', ROUTER);
  if (named === undefined || named === router?.resource) return [];
  const why = `the tunnel names ${named.name}, its interface is on ${router?.resource.name ?? 'another router'}`;
  return [blocked('bgp', 'router-mismatch', tunnel.urn, why, 'Name the Cloud Router whose interface uses the tunnel')];
}

/** Settings of a BGP peer that AWS's end has nothing to answer with. */
function peerFaults({ peer }: GcpTunnelEnd): Fault[] {
  if (peer === undefined) return [];
  const faults: Fault[] = [];
  if (peer.value('md5AuthenticationKey') !== undefined) {
    const why = 'the BGP peer wants MD5 authentication, which AWS Site-to-Site VPN does not offer';
    faults.push(blocked('bgp', 'md5-authentication', peer.urn, why, 'Leave md5AuthenticationKey out'));
  }
  if (peer.flag('enableIpv4') === false) {
    const why = 'the BGP session exchanges no IPv4 prefixes';
    faults.push(blocked('bgp', 'ipv4-off', peer.urn, why, 'Set enableIpv4 to true'));
  }
  const policies = ['importPolicies', 'exportPolicies'].find((property) => hasItems(peer, property));
  if (policies !== undefined) faults.push(undetermined('bgp', peer.urn, `what ${policies} let through`));
  return faults;
}

function hasItems(peer: Resource, property: string): boolean {
  const list = peer.list(property);
  return Array.isArray(list) && list.length > 0;
}

/** S2S guide, "Tunnel options": /30 blocks that AWS keeps for itself. */
const REFUSED = [
  '169.254.0.0/30',
  '169.254.1.0/30',
  '169.254.2.0/30',
  '169.254.3.0/30',
  '169.254.4.0/30',
  '169.254.5.0/30',
  '169.254.169.252/30',
].map(mustRange);

const LINK_LOCAL = mustRange('169.254.0.0/16');

/** AWS takes the first address of the /30, its customer gateway the second. */
function insideFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  if (gcp.interface === undefined || gcp.peer === undefined) return [];
  const inside = insideRange(aws);
  if (inside === undefined) {
    assumed.push(`the inside addresses of ${gcp.interface.name} are those that AWS gives ${nameOf(aws)}`);
    return [];
  }
  const faults: Fault[] = [];
  const differ = (urn: string, property: string, found: string, wanted: string): void => {
    const why = `${property} is ${found}, but ${nameOf(aws)} uses ${wanted}`;
    faults.push(blocked('bgp', 'inside-address', urn, why, `Set ${property} to ${wanted}`));
  };
  if (inside.prefix !== 30 || !contains(LINK_LOCAL, inside) || REFUSED.some((refused) => overlaps(refused, inside))) {
    const why = `AWS refuses ${formatRange(inside)} as an inside range`;
    faults.push(
      blocked('bgp', 'inside-range', aws.connection.urn, why, 'Use a /30 of 169.254.0.0/16 that AWS does not keep'),
    );
  }
  faults.push(...sharedRangeFaults(finder, aws, inside));
  const customer = formatAddress(inside.first + 2);
  const amazon = formatAddress(inside.first + 1);
  const ipRange = gcp.interface.text('ipRange');
  if (typeof ipRange === 'string' && ipRange !== `${customer}/30`)
    differ(gcp.interface.urn, 'ipRange', ipRange, `${customer}/30`);
  const peerAddress = gcp.peer.text('peerIpAddress');
  if (typeof peerAddress === 'string' && peerAddress !== amazon)
    differ(gcp.peer.urn, 'peerIpAddress', peerAddress, amazon);
  const own = gcp.peer.text('ipAddress');
  if (typeof own === 'string' && own !== customer) differ(gcp.peer.urn, 'ipAddress', own, customer);
  return faults;
}

/** The range that was asked for, or the one that holds the addresses AWS answered. */
export function insideRange(aws: AwsTunnelEnd): Range | undefined {
  if (aws.inside !== undefined && aws.inside !== UNKNOWN) return aws.inside;
  const address = parseAddress(aws.connection.knownText(`tunnel${aws.number}VgwInsideAddress`) ?? '');
  return address === undefined ? undefined : parseRange(`${formatAddress(address - (address % 4))}/30`);
}

/** Two tunnels of one gateway or one Cloud Router must not share an inside range. */
function sharedRangeFaults(finder: Finder, aws: AwsTunnelEnd, inside: Range): Fault[] {
  const own = finder.pairs.find((pair) => pair.aws === aws);
  const other = finder.pairs.find((pair) => {
    if (pair.aws === aws || pair.aws.inside === undefined || pair.aws.inside === UNKNOWN) return false;
    const together =
      pair.aws.gateway === aws.gateway || (own?.gcp.router !== undefined && pair.gcp.router === own.gcp.router);
    return together && overlaps(pair.aws.inside, inside);
  });
  if (other === undefined) return [];
  const why = `${nameOf(aws)} and ${nameOf(other.aws)} share the inside range ${formatRange(inside)}`;
  return [blocked('bgp', 'inside-range', aws.connection.urn, why, 'Give every tunnel its own /30')];
}

/** RFC 6996: the private AS numbers, which both clouds ask for here. */
function isPrivateAsn(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}

/** Each side must expect the number that the other presents; equal numbers would make every route look like a loop. */
function asnFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const faults: Fault[] = [];
  if (
    gcp.router === undefined ||
    aws.gateway === undefined ||
    gcp.peer === undefined ||
    aws.customerGateway === undefined
  )
    return faults;
  const router = gcp.router.resource;
  const gateway = aws.gateway.resource;
  const googleAsn = gcp.router.asn;
  const amazonAsn = aws.gateway.asn;
  if (googleAsn === undefined)
    return [blocked('bgp', 'no-asn', router.urn, 'the Cloud Router has no AS number, so no BGP', 'Set bgp.asn')];
  if (googleAsn === UNKNOWN) return [undetermined('bgp', router.urn, 'bgp.asn')];
  if (amazonAsn === UNKNOWN) return [undetermined('bgp', gateway.urn, 'amazonSideAsn')];
  const differ = (urn: string, property: string, found: number, wanted: number, whose: string): void => {
    const why = `${property} is ${found}, but ${whose} is ${wanted}`;
    faults.push(blocked('bgp', 'asn-mismatch', urn, why, `Set ${property} to ${wanted}`));
  };
  const expectedGoogle = customerAsn(aws.customerGateway);
  if (typeof expectedGoogle === 'number' && expectedGoogle !== googleAsn) {
    // When every customer gateway of the router disagrees with it, the router is the one that is alone.
    const lonely = finder.pairs
      .filter((pair) => pair.gcp.router === gcp.router && pair.aws.customerGateway !== undefined)
      .every((pair) => customerAsn(pair.aws.customerGateway as Resource) === expectedGoogle);
    const many =
      new Set(finder.pairs.filter((pair) => pair.gcp.router === gcp.router).map((pair) => pair.aws.customerGateway))
        .size > 1;
    if (lonely && many) differ(router.urn, 'bgp.asn', googleAsn, expectedGoogle, 'what every customer gateway expects');
    else differ(aws.customerGateway.urn, 'bgpAsn', expectedGoogle, googleAsn, router.name);
  }
  const expectedAmazon = gcp.peer.number('peerAsn');
  if (expectedAmazon === UNKNOWN) return [...faults, undetermined('bgp', gcp.peer.urn, 'peerAsn')];
  if (expectedAmazon !== undefined && expectedAmazon !== amazonAsn) {
    const peers = finder.pairs
      .filter((pair) => pair.aws.gateway === aws.gateway)
      .map((pair) => pair.gcp.peer?.number('peerAsn'));
    if (peers.length > 1 && peers.every((asn) => asn === expectedAmazon))
      differ(gateway.urn, 'amazonSideAsn', amazonAsn, expectedAmazon, 'what every peer expects');
    else differ(gcp.peer.urn, 'peerAsn', expectedAmazon, amazonAsn, gateway.name);
  }
  if (googleAsn === amazonAsn) {
    const why = `both sides are AS ${googleAsn}: each takes the other's routes for a loop`;
    faults.push(blocked('bgp', 'asn-equal', router.urn, why, 'Give the sides different AS numbers'));
  }
  for (const [urn, asn] of [
    [router.urn, googleAsn],
    [gateway.urn, amazonAsn],
  ] as const) {
    if (!isPrivateAsn(asn))
      faults.push(
        blocked(
          'bgp',
          'asn-range',
          urn,
          `AS ${asn} is not private (RFC 6996)`,
          'Use 64512-65534 or 4200000000-4294967294',
        ),
      );
  }
  return faults;
}

/** AS number of a customer gateway that names none (S2S guide, "Customer gateway options"). */
const DEFAULT_CUSTOMER_ASN = 65000;

function customerAsn(gateway: Resource): number | typeof UNKNOWN | undefined {
  return gateway.number('bgpAsn') ?? gateway.number('bgpAsnExtended') ?? DEFAULT_CUSTOMER_ASN;
}
