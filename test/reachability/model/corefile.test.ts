import assert from 'node:assert/strict';
import {
  blockFor,
  forwardsOf,
  hasPlugin,
  parseCorefile,
  servesNamespace,
} from '../../../reachability/model/kubernetes/corefile';

const text = `
.:53 {
    errors # of this block
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa
    }
    forward . /etc/resolv.conf
}
dns://far.svc.cluster.local:53 far.example {
    cache 5
    forward . 10.0.0.1 tls://10.0.0.2:853
}
near.svc.cluster.local {
    kubernetes cluster.local {
        namespaces near other
    }
}
`;

describe('a Corefile', () => {
  const blocks = parseCorefile(text) ?? [];

  it('has its blocks, zones and plugins read', () => {
    assert.deepEqual(
      blocks.map(({ zones }) => zones),
      [['.'], ['far.svc.cluster.local', 'far.example'], ['near.svc.cluster.local']],
    );
    assert.ok(hasPlugin(blocks, 'ready'));
    assert.ok(!hasPlugin(blocks, 'loop'));
  });

  it('answers a name by the block of the longest zone', () => {
    const zoneOf = (name: string) => blockFor(blocks, name)?.zones[0];
    assert.equal(zoneOf('pod.far.svc.cluster.local'), 'far.svc.cluster.local');
    assert.equal(zoneOf('notfar.svc.cluster.local'), '.');
    assert.equal(zoneOf('example.com'), '.');
  });

  it('forwards to addresses without scheme, and with any port but that of DNS', () => {
    const block = blockFor(blocks, 'far.svc.cluster.local');
    assert.deepEqual(block && forwardsOf(block, 'far.svc.cluster.local'), ['10.0.0.1', '10.0.0.2:853']);
  });

  it('serves the namespaces that it lists, or all', () => {
    const serves = (name: string, namespace: string) => {
      const block = blockFor(blocks, name);
      return block && servesNamespace(block, name, namespace);
    };
    assert.equal(serves('near.svc.cluster.local', 'near'), 'yes');
    assert.equal(serves('near.svc.cluster.local', 'far'), 'other-namespace');
    assert.equal(serves('any.svc.cluster.local', 'any'), 'yes');
    assert.equal(serves('far.svc.cluster.local', 'far'), 'no');
  });

  for (const broken of ['.:53 {\n errors', '}\n', 'errors\n']) {
    it(`is refused when its braces do not match: ${JSON.stringify(broken)}`, () => {
      assert.equal(parseCorefile(broken), undefined);
    });
  }
});
