/** Routers of networks and transit gateways: namespaces with their rules, filters and static routes. */
import { addLink, addNamespace, inNamespace, ipBatch, nftables } from '../core/namespace';
import { aclRules } from './acls';
import { filterRules } from './filters';
import type { TransitGateway, VirtualNetwork } from './model';
import { ATTACHMENT, networkNamespace } from './names';
import { memberRules, networkRules, routeLines, transitRules, unservedRules } from './routes';

/** Transit Gateway guide, "Maximum transmission unit (MTU)". */
const TRANSIT_MTU = 8500;

export async function buildRouter(network: VirtualNetwork): Promise<void> {
  const namespace = networkNamespace(network);
  await addNamespace(namespace, true);
  await ipBatch(namespace, networkRules(network));
  await nftables(namespace, ownRules(network));
}

function ownRules(network: VirtualNetwork): string {
  return filterRules(network) + aclRules(network) + memberRules(network);
}

/** The filters of a router that is there already, in place of all of its rules. */
export async function replaceRouterFilters(
  network: VirtualNetwork,
  gateways: readonly TransitGateway[],
): Promise<void> {
  const unserved = gateways.flatMap(({ name, attachments }) =>
    attachments
      .filter((attachment) => attachment.network === network.name)
      .map((own) => unservedRules(name, own.unserved)),
  );
  await nftables(networkNamespace(network), [ownRules(network), ...unserved].join(''));
}

/** A router without filters, with a cable to each attached network. */
export async function buildTransit(gateway: TransitGateway): Promise<void> {
  const namespace = networkNamespace(gateway);
  await addNamespace(namespace, true);
  for (const { network, unserved } of gateway.attachments) {
    const there = networkNamespace({ name: network });
    await addLink({ namespace, device: network }, { namespace: there, device: gateway.name }, TRANSIT_MTU);
    await ipBatch(namespace, [`address add ${ATTACHMENT.transit}/32 dev ${network}`]);
    await ipBatch(there, [`address add ${ATTACHMENT.network}/32 dev ${gateway.name}`]);
    const rules = unservedRules(gateway.name, unserved);
    if (rules !== '') await inNamespace(there, 'nft', ['-f', '-'], { input: rules });
  }
  await ipBatch(namespace, transitRules(gateway));
}

/** Static routes, once the devices that they lead to are there. */
export async function addNetworkRoutes(network: VirtualNetwork): Promise<void> {
  const lines = network.routingTables.flatMap((table) => routeLines(network, table, ATTACHMENT.transit));
  await ipBatch(networkNamespace(network), lines);
}

export async function addTransitRoutes(gateway: TransitGateway): Promise<void> {
  const lines = gateway.tables.flatMap((table) => routeLines(gateway, table, ATTACHMENT.network));
  await ipBatch(networkNamespace(gateway), lines);
}
