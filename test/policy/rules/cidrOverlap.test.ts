import { cidrOverlap } from '../../../policy/rules/cidrOverlap';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('cidr-overlap', () => {
  it('finds a pod range of one cloud in the VPC of the other', () => {
    assertFails(cidrOverlap, set(shop(), 'subnet', 'secondaryIpRanges.0.ipCidrRange', '10.20.128.0/17'), [
      ['subnet', /secondary range 10\.20\.128\.0\/17 of subnet overlaps VPC range 10\.20\.0\.0\/16 of pod-range/],
    ]);
  });

  it('finds equal service ranges', () => {
    assertFails(cidrOverlap, set(shop(), 'subnet', 'secondaryIpRanges.1.ipCidrRange', '172.20.0.0/16'), [
      ['subnet', /service|secondary/],
    ]);
  });

  it('finds tunnels with one inside range', () => {
    assertFails(cidrOverlap, set(shop(), 'connection-1', 'tunnel1InsideCidr', '169.254.30.4/30'), [
      ['connection-0', /tunnel range 169\.254\.30\.4\/30/],
    ]);
  });

  it('finds two subnets of one VPC that overlap', () => {
    assertFails(cidrOverlap, set(shop(), 'nodes-b', 'cidrBlock', '10.10.0.0/21'), [
      ['nodes-b', /overlaps subnet range 10\.10\.0\.0\/20 of nodes-a/],
    ]);
  });

  it('compares a range with host bits by what it holds', () => {
    assertFails(cidrOverlap, set(shop(), 'control', 'ipCidrRange', '10.50.100.9/28'), [
      ['control', /10\.50\.100\.0\/28/],
    ]);
  });

  it('lets a VPC hold its own subnets, and no other', () => {
    assertFails(
      cidrOverlap,
      [
        ...shop(),
        res('aws:ec2/vpc:Vpc', 'other', { cidrBlock: '10.70.0.0/16' }),
        res('aws:ec2/subnet:Subnet', 'stray', { vpcId: ref('vpc'), cidrBlock: '10.70.1.0/24' }),
      ],
      [['stray', /overlaps VPC range/]],
    );
  });

  it('cannot tell of a service range that AWS would choose', () => {
    assertUndetermined(cidrOverlap, set(shop(), 'eks', 'kubernetesNetworkConfig', undefined), [
      ['eks', /service range of eks/],
    ]);
  });

  it('drops findings of exempt resources', () => {
    assertPasses(cidrOverlap, set(shop(), 'subnet', 'secondaryIpRanges.1.ipCidrRange', '172.20.0.0/16'), {
      exempt: ['*::subnet'],
    });
  });
});
