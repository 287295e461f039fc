import { list, text, type Props } from '../../core/values';
import { alreadyExists, badRequest, invalidField } from '../errors';
import { nodeTag } from '../container/clusterInfo';
import { COLLECTIONS, nameOf, pathOf, projectOf, selfLinkOf } from '../names';
import type { GcpSession } from '../session';
import { ipInUse, lowestFree, requireUsable, subnetworkAt } from './address';
import { holdersOf, reservedAddress } from './addressesInUse';

const { token: RULE } = COLLECTIONS.forwardingRules;
const SHARED = 'SHARED_LOADBALANCER_VIP';

/** An internal passthrough load balancer's front end, as GKE asks for it. */
export interface RuleRequest {
  readonly project: string;
  readonly region: string;
  readonly name: string;
  /** Paths. */
  readonly network: string;
  readonly subnetwork: string;
  /** The address to listen at; any free one unless set. */
  readonly address?: string;
  readonly protocol: string;
  readonly ports: readonly string[];
  /** Whether the address must be one that rules may share. */
  readonly requireShared: boolean;
  readonly cluster: { readonly id: string; readonly name: string };
}

/** Makes a forwarding rule; gives its path and address. */
export function insertRule(cloud: GcpSession, request: RuleRequest): { path: string; address: string } {
  const { project, region, name, network, subnetwork, protocol, ports } = request;
  const path = pathOf('forwardingRules', project, region, name);
  if (cloud.get(RULE, path)) throw alreadyExists(path);
  if (!['TCP', 'UDP', 'L3_DEFAULT'].includes(protocol)) {
    throw invalidField('IPProtocol', protocol, 'Internal passthrough load balancers carry TCP, UDP or L3_DEFAULT.');
  }
  if (ports.length > 5) throw invalidField('ports', ports.length, 'A forwarding rule lists at most 5 ports.');
  const home = subnetworkAt(cloud, subnetwork);
  const address = request.address ?? lowestFree(cloud, network, home.range, subnetwork);
  requireUsable('IPAddress', address, home.range, subnetwork);
  const reserved = reservedAddress(cloud, network, address);
  const purpose = reserved && text(reserved.outputs, 'purpose');
  if (request.requireShared && purpose !== SHARED) {
    throw invalidField('IPAddress', address, `Only an address of purpose ${SHARED} is shared by rules.`);
  }
  requireShareable(cloud, request, address, purpose);
  const inputs: Props = {
    name,
    project,
    region,
    network,
    subnetwork,
    ...(reserved ? { reservedAddress: reserved.id } : {}),
    ipProtocol: protocol,
    ports: [...ports],
    loadBalancingScheme: 'INTERNAL',
  };
  cloud.put(RULE, path, inputs, { ...inputs, ipAddress: address, selfLink: selfLinkOf(path) });
  admitClients(cloud, request, address);
  if (reserved) setUsers(cloud, reserved.id);
  return { path, address };
}

export function deleteRule(cloud: GcpSession, path: string): void {
  const reserved = text(cloud.get(RULE, path)?.inputs, 'reservedAddress');
  cloud.remove(RULE, path);
  cloud.remove(COLLECTIONS.firewalls.token, firewallPath(projectOf(path), nameOf(path)));
  if (reserved) setUsers(cloud, reserved);
}

/** The load balancer's firewall rule (GKE documentation, "Automatically created firewall rules", Service of type LoadBalancer). */
function admitClients(cloud: GcpSession, request: RuleRequest, address: string): void {
  const { project, name, network, protocol, ports, cluster } = request;
  const path = firewallPath(project, name);
  const inputs: Props = {
    name: nameOf(path),
    project,
    network,
    direction: 'INGRESS',
    priority: 999,
    sourceRanges: ['0.0.0.0/0'],
    destinationRanges: [`${address}/32`],
    targetTags: [nodeTag(cluster)],
    allows: [protocol === 'L3_DEFAULT' ? { protocol: 'all' } : { protocol: protocol.toLowerCase(), ports: [...ports] }],
  };
  cloud.put(COLLECTIONS.firewalls.token, path, inputs, { ...inputs, madeFor: name, selfLink: selfLinkOf(path) });
}

function firewallPath(project: string, rule: string): string {
  return pathOf('firewalls', project, 'global', `${rule.slice(0, 60)}-fw`);
}

/**
 * Who else may be at an address: another rule of other ports or another protocol, where the address is reserved
 * with the purpose SHARED_LOADBALANCER_VIP (Cloud Load Balancing, "Forwarding rules that share an IP address").
 */
function requireShareable(cloud: GcpSession, request: RuleRequest, address: string, purpose: string | undefined): void {
  for (const holder of holdersOf(cloud, request.network, address)) {
    if (holder.token === COLLECTIONS.addresses.token) continue;
    if (holder.token !== RULE || purpose !== SHARED) throw ipInUse(address, holder.id);
    const sameProtocol = text(holder.outputs, 'ipProtocol') === request.protocol;
    const shared = list(holder.outputs, 'ports').find((port) => request.ports.includes(String(port)));
    if (sameProtocol && (shared !== undefined || request.ports.length === 0)) {
      throw badRequest(
        `Forwarding rule '${holder.id}' already serves ${request.protocol} port ${String(shared)} of ${address}`,
      );
    }
  }
}

/** An address shows which rules use it, and is IN_USE while one does. */
function setUsers(cloud: GcpSession, path: string): void {
  const address = cloud.get(COLLECTIONS.addresses.token, path);
  if (!address) return;
  const users = cloud.store.all(RULE).filter(({ inputs }) => text(inputs, 'reservedAddress') === path);
  const outputs = { ...address.outputs, users: users.map(({ id }) => selfLinkOf(id)) };
  cloud.put(COLLECTIONS.addresses.token, path, address.inputs, outputs);
}
