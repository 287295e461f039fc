/** What is read of VPCs in several places, and of resources in all (Amazon VPC user guide). */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';

export const VPC = 'aws:ec2/vpc:Vpc';
export const SUBNET = 'aws:ec2/subnet:Subnet';
const CIDR_ASSOCIATION = 'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation';

export function rangesOf(inventory: Inventory, vpc: Resource): string[] {
  const more = inventory
    .all(CIDR_ASSOCIATION)
    .filter((association) => inventory.find(association, 'vpcId', VPC) === vpc)
    .map((association) => need(association, 'cidrBlock'));
  return [need(vpc, 'cidrBlock'), ...more];
}

export function subnetsOf(inventory: Inventory, vpc: Resource): Resource[] {
  return inventory.all(SUBNET).filter((subnet) => inventory.find(subnet, 'vpcId', VPC) === vpc);
}

export function need(resource: Resource, path: string): string {
  const text = resource.knownText(path);
  if (text === undefined || text === '') {
    throw new LabError(
      `${resource.urn} has no ${path} in the export; the lab needs a stack that is up, with its secrets`,
    );
  }
  return text;
}

export function numberOr(resource: Resource, path: string, otherwise: number): number {
  const value = resource.number(path);
  return typeof value === 'number' ? value : otherwise;
}
