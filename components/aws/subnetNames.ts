export type SubnetRole = 'node' | 'pod' | 'load-balancer' | 'public' | 'transit';

/** `Name` tag of a subnet, unique in its VPC. */
export function subnetName(clusterName: string, role: SubnetRole, zone: string): string {
  return `${clusterName}-${role}-${zone}`;
}

/** The name by which the load balancer controller finds a zone's load-balancer subnet. */
export function loadBalancerSubnetName(clusterName: string, zone: string): string {
  return subnetName(clusterName, 'load-balancer', zone);
}
