/**
 * Whether both ends dial each other's outside address. Google's guide "Create HA VPN connections between Google Cloud
 * and AWS": external interfaces 0 and 1 are the two tunnels of the connection to HA interface 0, 2 and 3 those of
 * the connection to HA interface 1.
 */
import { asText } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type AwsTunnelEnd, nameOf } from './awsEnd';
import { type Fault, type Finder, blocked } from './fault';
import { type GcpTunnelEnd, HA_GATEWAY } from './gcpEnd';
import { insideMatches } from './pair';

export function mappingFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  return [
    ...ownershipFaults(aws, gcp),
    ...awsAddressFaults(finder, aws, gcp, assumed),
    ...gcpAddressFaults(finder, aws, gcp, assumed),
  ];
}

function ownershipFaults(aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault[] {
  const faults: Fault[] = [];
  if (gcp.gateway === undefined) {
    faults.push(
      blocked(
        'tunnel',
        'vpn-gateway',
        gcp.tunnel.urn,
        'the tunnel names no VPN gateway of the input',
        'Set vpnGateway to the HA VPN gateway',
      ),
    );
  }
  if (aws.gateway === undefined) {
    const why = 'the connection ends at no virtual private or transit gateway of the input';
    faults.push(blocked('tunnel', 'vpn-gateway', aws.connection.urn, why, 'Set vpnGatewayId or transitGatewayId'));
  }
  if (aws.customerGateway === undefined) {
    const why = 'the connection names no customer gateway of the input';
    faults.push(blocked('tunnel', 'customer-gateway', aws.connection.urn, why, 'Set customerGatewayId'));
  }
  return faults;
}

/** Google dials the address of AWS's tunnel end. */
function awsAddressFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  const external = gcp.externalGateway;
  if (gcp.peerOutside === undefined) {
    const why =
      external === undefined
        ? 'the tunnel names neither an external VPN gateway of the input nor a peer address'
        : `the external VPN gateway has no interface ${String(gcp.externalInterface)}`;
    const remedy = 'Point the tunnel at an existing interface of the external VPN gateway';
    return [blocked('tunnel', 'external-interface', gcp.tunnel.urn, why, remedy)];
  }
  if (typeof gcp.peerOutside === 'string' && typeof aws.outside === 'string') {
    if (gcp.peerOutside === aws.outside && (insideMatches(gcp, aws) || !matchesAnother(finder, gcp))) return [];
    if (gcp.peerOutside !== aws.outside) {
      const listed =
        external?.objects('interfaces').some((entry) => asText(entry['ipAddress']) === aws.outside) === true;
      const urn = listed || external === undefined ? gcp.tunnel.urn : external.urn;
      const why = `Google dials ${gcp.peerOutside}, but ${nameOf(aws)} is at ${aws.outside}`;
      return [blocked('tunnel', 'peer-address', urn, why, `Give the interface the address ${aws.outside}`)];
    }
    return [crossedFault(finder, aws, gcp)];
  }
  assumed.push(`interface ${String(gcp.externalInterface)} of ${external?.name ?? gcp.tunnel.name} is ${nameOf(aws)}`);
  return [];
}

function matchesAnother(finder: Finder, gcp: GcpTunnelEnd): boolean {
  return finder.pairs.some((pair) => pair.gcp !== gcp && insideMatches(gcp, pair.aws));
}

/** The address leads to one AWS tunnel and the BGP session to another: either the gateway's list or the tunnel's number is crossed. */
function crossedFault(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd): Fault {
  const external = gcp.externalGateway;
  const urn = external === undefined || listIsInOrder(finder, gcp) ? gcp.tunnel.urn : external.urn;
  const why = `external interface ${String(gcp.externalInterface)} is ${nameOf(aws)}, but the BGP session on it is another tunnel's`;
  const remedy = 'List the interfaces as connection A tunnel 1, A 2, B 1, B 2 and use each from its own tunnel';
  return blocked('tunnel', 'interface-mapping', urn, why, remedy);
}

/** Whether interfaces 0, 1 and 2, 3 of the external gateway are tunnels 1 and 2 of the connections to HA interfaces 0 and 1. */
function listIsInOrder(finder: Finder, gcp: GcpTunnelEnd): boolean {
  const addresses = (gcp.externalGateway?.objects('interfaces') ?? []).map((entry) => asText(entry['ipAddress']));
  const own = gatewayAddresses(gcp);
  return addresses.every((address, index) => {
    const end = finder.pairs.find((pair) => pair.aws.outside === address)?.aws;
    const customer = asText(end?.customerGateway?.value('ipAddress'));
    const wanted = own[Math.floor(index / 2)];
    return end?.number === (index % 2) + 1 && (wanted === undefined || customer === wanted);
  });
}

/** Addresses of the HA VPN gateway, by interface. */
function gatewayAddresses(gcp: GcpTunnelEnd): (string | undefined)[] {
  return (gcp.gateway?.objects('vpnInterfaces') ?? []).map((entry) => {
    const text = asText(entry['ipAddress']);
    return typeof text === 'string' ? text : undefined;
  });
}

/** AWS answers only the address of its customer gateway. */
function gcpAddressFaults(finder: Finder, aws: AwsTunnelEnd, gcp: GcpTunnelEnd, assumed: string[]): Fault[] {
  const customer = aws.customerGateway;
  if (customer === undefined || gcp.gateway === undefined) return [];
  const address = asText(customer.value('ipAddress'));
  const end = `interface ${String(gcp.gatewayInterface ?? 0)} of ${gcp.gateway.name}`;
  if (typeof address === 'string' && typeof gcp.outside === 'string') {
    if (address === gcp.outside) return [];
    // An address of the gateway that no other customer gateway has is right, and the tunnel uses the wrong interface.
    const rivals = finder.pairs.some(
      (pair) =>
        pair.aws.customerGateway !== customer && asText(pair.aws.customerGateway?.value('ipAddress')) === address,
    );
    const right = gatewayAddresses(gcp).includes(address) && !rivals;
    const why = `the customer gateway is ${address}, but the tunnel comes from ${gcp.outside}, ${end}`;
    const urn = right ? gcp.tunnel.urn : customer.urn;
    return [
      blocked('tunnel', 'gateway-interface', urn, why, `Use the HA interface whose address the customer gateway has`),
    ];
  }
  const sources = customer.sources('ipAddress');
  if (address === UNKNOWN && sources.length > 0 && !sources.includes(gcp.gateway.urn)) {
    const why = `the customer gateway's address does not come from ${gcp.gateway.name}`;
    return [
      blocked('tunnel', 'gateway-interface', customer.urn, why, `Set ipAddress to an interface of the HA VPN gateway`),
    ];
  }
  assumed.push(`customer gateway ${customer.name} has the address of ${end}`);
  return pairingFaults(gcp);
}

/** Before addresses are known, only the numbers can be compared. */
function pairingFaults(gcp: GcpTunnelEnd): Fault[] {
  const own = gcp.gatewayInterface;
  const external = gcp.externalInterface;
  if (gcp.gateway?.type !== HA_GATEWAY || typeof own !== 'number' || typeof external !== 'number') return [];
  if (gcp.externalGateway?.objects('interfaces').length !== 4) return [];
  if (Math.floor(external / 2) === own) return [];
  const why = `the tunnel joins HA interface ${own} to external interface ${external}`;
  const remedy = 'Use external interfaces 0 and 1 on HA interface 0, and 2 and 3 on HA interface 1';
  return [blocked('tunnel', 'interface-mapping', gcp.tunnel.urn, why, remedy)];
}
