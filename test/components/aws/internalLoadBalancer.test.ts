import assert from 'node:assert/strict';
import { internalLoadBalancer } from '../../../components/aws/internalLoadBalancer';
import type { LoadBalancerRole } from '../../../components/kubernetesSite';
import { awsPlan } from '../fixtures';

const prefix = 'service.beta.kubernetes.io';

function annotations(role: LoadBalancerRole): Readonly<Record<string, string>> {
  return internalLoadBalancer(awsPlan, 'xcloud-aws-eu-west-1', role).annotations;
}

describe('internal load balancer on AWS', () => {
  it('is internal, is made by the controller and forwards to pods', () => {
    for (const role of ['gateway', 'dns'] as const) {
      const { loadBalancerClass, loadBalancerIP } = internalLoadBalancer(awsPlan, 'xcloud-aws-eu-west-1', role);
      assert.equal(loadBalancerClass, 'service.k8s.aws/nlb');
      assert.equal(loadBalancerIP, undefined);
      assert.equal(annotations(role)[`${prefix}/aws-load-balancer-scheme`], 'internal');
      assert.equal(annotations(role)[`${prefix}/aws-load-balancer-nlb-target-type`], 'ip');
    }
  });

  it("has the planned addresses, each in the place of its zone's subnet", () => {
    const subnets = awsPlan.zones.map(({ zone }) => `xcloud-aws-eu-west-1-load-balancer-${zone}`).join(',');
    for (const [role, addresses] of [
      ['gateway', awsPlan.gateway.addresses],
      ['dns', awsPlan.dns.addresses],
    ] as const) {
      assert.equal(annotations(role)[`${prefix}/aws-load-balancer-subnets`], subnets);
      assert.equal(annotations(role)[`${prefix}/aws-load-balancer-private-ipv4-addresses`], addresses.join(','));
    }
  });

  it('reaches the pods of every zone from every address', () => {
    for (const role of ['gateway', 'dns'] as const) {
      assert.equal(
        annotations(role)[`${prefix}/aws-load-balancer-attributes`],
        'load_balancing.cross_zone.enabled=true',
      );
    }
  });

  it('leaves whom it admits to the Service, which would override an annotation', () => {
    assert.equal(annotations('gateway')[`${prefix}/load-balancer-source-ranges`], undefined);
  });

  it('serves DNS over UDP and TCP at one address and asks CoreDNS whether it is ready', () => {
    const dns = annotations('dns');
    assert.equal(internalLoadBalancer(awsPlan, 'x', 'dns').mixedProtocols, true);
    assert.equal(dns[`${prefix}/aws-load-balancer-enable-tcp-udp-listener`], 'true');
    assert.equal(dns[`${prefix}/aws-load-balancer-healthcheck-port`], '8181');
    assert.equal(dns[`${prefix}/aws-load-balancer-healthcheck-path`], '/ready');
    assert.equal(dns[`${prefix}/aws-load-balancer-target-group-attributes`], undefined);
  });

  it("forwards internode traffic from the load balancer's own address", () => {
    assert.equal(
      annotations('gateway')[`${prefix}/aws-load-balancer-target-group-attributes`],
      'preserve_client_ip.enabled=false',
    );
  });
});
