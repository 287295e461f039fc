import { snatPreserved } from '../../../policy/rules/snatPreserved';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { object, shop } from '../shop';

describe('snat-preserved', () => {
  it("finds vpc-cni's defaults, which rewrite every source", () => {
    assertFails(snatPreserved, set(shop(), 'vpc-cni', 'configurationValues', JSON.stringify({ env: {} })), [
      ['vpc-cni', /10\.50\.0\.0\/16 with their node.s address/],
      ['vpc-cni', /10\.60\.0\.0\/16/],
    ]);
  });

  it('finds an exclusion that lacks one range of the peer', () => {
    assertFails(
      snatPreserved,
      set(
        shop(),
        'vpc-cni',
        'configurationValues',
        JSON.stringify({ env: { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '10.50.0.0/16' } }),
      ),
      [['vpc-cni', /reach 10\.60\.0\.0\/16/]],
    );
  });

  it('takes external SNAT', () => {
    assertPasses(
      snatPreserved,
      set(shop(), 'vpc-cni', 'configurationValues', JSON.stringify({ env: { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' } })),
    );
  });

  it('finds a masquerade list that omits the peer', () => {
    assertFails(
      snatPreserved,
      [
        ...set(shop(), 'gke', 'defaultSnatStatus', undefined),
        object('core/v1:ConfigMap', 'masq', 'on-gke', {
          metadata: { name: 'ip-masq-agent', namespace: 'kube-system' },
          data: { config: 'nonMasqueradeCIDRs: [10.60.0.0/16, 10.10.0.0/16]' },
        }),
      ],
      [['masq', /reach 10\.20\.0\.0\/16/]],
    );
  });

  it('takes the private ranges that GKE leaves alone by itself', () => {
    assertPasses(snatPreserved, set(shop(), 'gke', 'defaultSnatStatus', undefined));
  });

  it('finds a NAT that does not serve the pods', () => {
    assertFails(
      snatPreserved,
      set(shop(), 'nat', 'sourceSubnetworkIpRangesToNat', 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES'),
      [['nat', /does not serve the pods/]],
    );
  });

  it('cannot tell of an add-on whose configuration is not known', () => {
    assertUndetermined(snatPreserved, set(shop(), 'vpc-cni', 'configurationValues', ref('eks-key')), [
      ['vpc-cni', /not known/],
    ]);
  });
});
