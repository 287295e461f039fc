import assert from 'node:assert/strict';
import { eksCorefile, siteCorefile } from '../../../components/dns/corefile';
import { stubDomains } from '../../../components/dns/stubDomains';
import { awsPlan } from '../fixtures';
import { gcpPlan } from '../fixturesGcp';

/** Server blocks of a Corefile by their heads, each with its lines. */
function blocks(corefile: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let head = '';
  for (const line of corefile.split('\n')) {
    if (/^\S.* \{$/.test(line)) {
      head = line.slice(0, -2);
      found[head] = [];
    } else if (head !== '' && line.startsWith(' ')) {
      found[head]?.push(line.trim());
    }
  }
  return found;
}

describe('the Corefile of the EKS add-on', () => {
  const corefile = eksCorefile(awsPlan);
  const peerZone = `${gcpPlan.dns.zone}:53`;

  it('has a block for the cluster and one for each peer’s zone, and no other', () => {
    assert.deepEqual(Object.keys(blocks(corefile)), ['.:53', peerZone]);
  });

  it('forwards the peer’s zone to its planned addresses', () => {
    assert.ok(blocks(corefile)[peerZone]?.includes(`forward . ${awsPlan.peers[0]?.dnsAddresses.join(' ')}`));
  });

  it('keeps forwarded answers for five seconds and small enough not to fragment', () => {
    const lines = blocks(corefile)[peerZone] ?? [];
    assert.ok(lines.includes('cache 5') && lines.includes('bufsize 1232'));
  });

  it('never forwards its own zone, which would send queries in circles', () => {
    assert.ok(!corefile.includes(awsPlan.dns.zone));
  });

  it('serves the cluster domain and stays ready to be checked', () => {
    const lines = blocks(corefile)['.:53'] ?? [];
    for (const line of ['ready', 'health {', 'kubernetes cluster.local in-addr.arpa ip6.arpa {', 'loop']) {
      assert.ok(lines.includes(line), line);
    }
  });

  it('is the add-on’s own where the site has no peer', () => {
    assert.deepEqual(Object.keys(blocks(eksCorefile({ ...awsPlan, peers: [] }))), ['.:53']);
  });

  it('is exactly this', () => {
    assert.equal(
      corefile,
      `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
cassandra-gcp-europe-west4.svc.cluster.local:53 {
    errors
    cache 5
    bufsize 1232
    forward . ${awsPlan.peers[0]?.dnsAddresses.join(' ')}
}
`,
    );
  });
});

describe('the Corefile of a site’s own CoreDNS', () => {
  it('is exactly this: the site’s namespace and nothing to forward', () => {
    assert.equal(
      siteCorefile(gcpPlan),
      `cassandra-gcp-europe-west4.svc.cluster.local:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    bufsize 1232
    kubernetes cluster.local {
        namespaces cassandra-gcp-europe-west4
        ttl 5
    }
    prometheus :9153
    cache 5
    reload
    loadbalance
}
`,
    );
  });
});

describe('stub domains of kube-dns', () => {
  it('are a JSON text with the peers’ zones and planned addresses', () => {
    assert.deepEqual(JSON.parse(stubDomains(gcpPlan)), { [awsPlan.dns.zone]: awsPlan.dns.addresses });
  });

  it('name three upstreams at most', () => {
    const many = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
    const plan = { ...gcpPlan, peers: gcpPlan.peers.map((peer) => ({ ...peer, dnsAddresses: many })) };
    assert.deepEqual(JSON.parse(stubDomains(plan)), { [awsPlan.dns.zone]: many.slice(0, 3) });
  });

  it('never name the cluster domain', () => {
    assert.ok(!Object.keys(JSON.parse(stubDomains(gcpPlan)) as object).includes('cluster.local'));
  });
});
