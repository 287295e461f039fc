import { cidrSize } from '../../../policy/rules/cidrSize';
import { assertFails, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('cidr-size', () => {
  it('finds a VPC larger than AWS takes', () => {
    assertFails(cidrSize, set(shop(), 'vpc', 'cidrBlock', '10.8.0.0/14'), [
      ['vpc', /is \/14, allowed is \/16 to \/28/],
    ]);
  });

  it('finds a GKE service range that is too small', () => {
    assertFails(cidrSize, set(shop(), 'subnet', 'secondaryIpRanges.1.ipCidrRange', '172.21.0.0/28'), [
      ['subnet', /is \/28, allowed is \/8 to \/27/],
    ]);
  });

  it('finds an EKS service range that is too large', () => {
    assertFails(cidrSize, set(shop(), 'eks', 'kubernetesNetworkConfig.serviceIpv4Cidr', '172.16.0.0/11'), [
      ['eks', /allowed is \/12 to \/24/],
    ]);
  });

  it('finds a control plane range that is not a /28', () => {
    assertFails(
      cidrSize,
      set(
        set(shop(), 'gke', 'privateClusterConfig.privateEndpointSubnetwork', undefined),
        'gke',
        'privateClusterConfig.masterIpv4CidrBlock',
        '10.50.200.0/27',
      ),
      [['gke', /exactly \/28/]],
    );
  });

  it('takes a narrower choice of the organisation', () => {
    assertFails(
      cidrSize,
      shop(),
      [
        ['vpc', /\/16, allowed is \/20 to \/24/],
        ['pod-range', /\/16, allowed is \/20 to \/24/],
      ],
      { sizes: { vpc: [20, 24] } },
    );
  });

  it('cannot tell of an unknown range', () => {
    assertUndetermined(cidrSize, set(shop(), 'subnet', 'ipCidrRange', ref('network')), [['subnet', /not known/]]);
  });
});
