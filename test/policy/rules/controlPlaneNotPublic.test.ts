import { controlPlaneNotPublic } from '../../../policy/rules/controlPlaneNotPublic';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('control-plane-not-public', () => {
  it('finds an EKS endpoint that admits everybody by default', () => {
    assertFails(controlPlaneNotPublic, set(shop(), 'eks', 'vpcConfig.publicAccessCidrs', undefined), [
      ['eks', /open to everybody/],
    ]);
  });

  it('finds an EKS endpoint that admits everybody in words', () => {
    assertFails(
      controlPlaneNotPublic,
      set(shop(), 'eks', 'vpcConfig.publicAccessCidrs', ['203.0.113.0/24', '0.0.0.0/0']),
      [['eks', /open to 0\.0\.0\.0\/0/]],
    );
  });

  it('finds a GKE control plane without authorised networks', () => {
    assertFails(controlPlaneNotPublic, set(shop(), 'gke', 'masterAuthorizedNetworksConfig', undefined), [
      ['gke', /no authorised networks/],
    ]);
  });

  it("finds a GKE control plane that admits all of Google's customers", () => {
    assertFails(
      controlPlaneNotPublic,
      set(shop(), 'gke', 'masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled', true),
      [['gke', /every virtual machine/]],
    );
  });

  it('takes private endpoints', () => {
    assertPasses(
      controlPlaneNotPublic,
      set(
        set(shop(), 'eks', 'vpcConfig', { subnetIds: [ref('nodes-a')], endpointPublicAccess: false }),
        'gke',
        'privateClusterConfig',
        { enablePrivateNodes: true, enablePrivateEndpoint: true, privateEndpointSubnetwork: ref('control') },
      ),
    );
  });

  it('holds ranges to the width that the settings allow', () => {
    assertFails(
      controlPlaneNotPublic,
      shop(),
      [
        ['eks', /203\.0\.113\.0\/24/],
        ['gke', /203\.0\.113\.0\/24/],
      ],
      { widest: 28 },
    );
  });

  it('cannot tell of ranges that are not known', () => {
    assertUndetermined(controlPlaneNotPublic, set(shop(), 'eks', 'vpcConfig.publicAccessCidrs', [ref('vpc')]), [
      ['eks', /an admitted range/],
    ]);
  });
});
