/** AWS's part of the model: VPCs with their virtual private gateways (VPC and Site-to-Site VPN user guides). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import type { TransitGateway, VirtualNetwork } from '../model';
import { VPC, rangesOf } from './aws';
import { awsNetworkAcls } from './awsNetworkAcls';
import { routingTables } from './awsRoutes';
import { awsProfiles } from './awsSecurityGroups';
import { CONNECTION, VPN_GATEWAY, tunnelEnds } from './awsTunnels';

const ATTACHMENT = 'aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment';

/** Largest frame of EKS's interfaces; a veth takes it. */
const VPC_MTU = 9001;
const HUB_TABLE = 100;

export function awsNetworks(inventory: Inventory): VirtualNetwork[] {
  return inventory.all(VPC).map((vpc, index) => {
    const localRanges = rangesOf(inventory, vpc);
    const gateway = gatewayOf(inventory, vpc);
    return {
      name: `vpc${index}`,
      cloud: 'aws',
      urn: vpc.urn,
      localRanges,
      routingTables: routingTables(inventory, vpc, gateway),
      ...awsProfiles(inventory, vpc),
      acls: awsNetworkAcls(inventory, vpc),
      // A virtual private gateway advertises the VPC's ranges.
      tunnels:
        gateway === undefined
          ? []
          : tunnelEnds(inventory, gateway, ownConnections(inventory, gateway), () => localRanges),
      // A virtual private gateway sends by one tunnel at a time.
      multipath: false,
      mtu: VPC_MTU,
    };
  });
}

/**
 * Virtual private gateways without a VPC: their sessions come up all the same, and each connection is told what the others
 * said (Site-to-Site VPN guide, "VPN CloudHub", "with or without a VPC").
 */
export function looseGateways(inventory: Inventory): TransitGateway[] {
  const attached = inventory.all(VPC).map((vpc) => gatewayOf(inventory, vpc));
  return inventory
    .all(VPN_GATEWAY)
    .filter((gateway) => !attached.includes(gateway))
    .map((gateway, index) => {
      const tunnels = tunnelEnds(inventory, gateway, ownConnections(inventory, gateway), () => []);
      const names = tunnels.map(({ name }) => name);
      const table = { table: HUB_TABLE, urn: gateway.urn, networks: [], tunnels: names, learnsFrom: names, routes: [] };
      return {
        name: `vgw${index}`,
        cloud: 'aws',
        urn: gateway.urn,
        attachments: [],
        tables: [table],
        tunnels,
        multipath: false,
      };
    });
}

function gatewayOf(inventory: Inventory, vpc: Resource): Resource | undefined {
  const attached = inventory
    .all(ATTACHMENT)
    .filter((attachment) => inventory.find(attachment, 'vpcId', VPC) === vpc)
    .map((attachment) => inventory.find(attachment, 'vpnGatewayId', VPN_GATEWAY));
  const own = inventory.all(VPN_GATEWAY).filter((gateway) => inventory.find(gateway, 'vpcId', VPC) === vpc);
  return attached.find((gateway) => gateway !== undefined) ?? own[0];
}

function ownConnections(inventory: Inventory, gateway: Resource): Resource[] {
  return inventory
    .all(CONNECTION)
    .filter((connection) => inventory.find(connection, 'vpnGatewayId', VPN_GATEWAY) === gateway);
}
