import { loadBalancersInternal } from '../../../policy/rules/loadBalancersInternal';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('load-balancers-internal', () => {
  it('finds an internet-facing gateway on AWS', () => {
    assertFails(
      loadBalancersInternal,
      set(shop(), 'east-gateway', 'metadata.annotations', {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
      }),
      [['east-gateway', /public load balancer/]],
    );
  });

  it('finds a gateway on GKE that only speaks of AWS', () => {
    assertFails(
      loadBalancersInternal,
      set(shop(), 'west-gateway', 'metadata.annotations', {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      }),
      [['west-gateway', /public load balancer/]],
    );
  });

  it('finds a public load balancer that serves CQL without Kubernetes', () => {
    assertFails(
      loadBalancersInternal,
      [
        ...shop(),
        res('aws:lb/loadBalancer:LoadBalancer', 'front', { internal: false }),
        res('aws:lb/listener:Listener', 'cql', { loadBalancerArn: ref('front'), port: 9042 }),
        res('gcp:compute/forwardingRule:ForwardingRule', 'forward', {
          loadBalancingScheme: 'EXTERNAL',
          portRange: '9000-9100',
        }),
      ],
      [
        ['front', /serves 9042/],
        ['forward', /is public/],
      ],
    );
  });

  it('lets a public load balancer serve something else', () => {
    assertPasses(
      loadBalancersInternal,
      set(set(shop(), 'west-gateway', 'metadata.annotations', {}), 'west-gateway', 'spec.ports', [{ port: 443 }]),
    );
  });

  it('cannot tell of annotations that are not known', () => {
    assertUndetermined(loadBalancersInternal, set(shop(), 'west-gateway', 'metadata.annotations', ref('gke')), [
      ['west-gateway', /whether the load balancer is internal/],
    ]);
  });
});
