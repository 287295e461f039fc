/** Names that cross: forwards of both resolvers, and the servers that answer. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const coredns = (s: Stack, edit: (text: string) => string): unknown =>
  s.rewrite(n.COREDNS, 'configurationValues', edit);
const stubs = (s: Stack, domains: Readonly<Record<string, readonly string[]>>): unknown =>
  s.set(n.STUB_DOMAINS, 'data.stubDomains', JSON.stringify(domains));
const siteDns = (s: Stack, edit: (text: string) => string): unknown =>
  s.rewrite(n.SITE_COREFILE, 'data.Corefile', edit);
const ZONE1 = 'cassandra-aws-eu-west-1.svc.cluster.local';
const ADDRESSES = ['10.100.19.251', '10.100.51.251', '10.100.83.251'];

export const dns: readonly Mistake[] = [
  {
    name: 'CoreDNS of EKS forwards nothing',
    change: (s) => coredns(s, (text) => text.replace(/cassandra-gcp-europe-west4\.svc.*?\\n}\\n/, '')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'no-forward']],
  },
  {
    name: 'CoreDNS of EKS forwards a mistyped zone',
    change: (s) =>
      coredns(s, (text) => text.replace('cassandra-gcp-europe-west4.svc', 'cassandra-gcp-europe-west-4.svc')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'no-forward']],
  },
  {
    name: 'CoreDNS of EKS forwards to the Cassandra gateway',
    change: (s) => coredns(s, (text) => text.replace('10.150.127.251', '10.150.127.250')),
    blocks: [[/^DNS, dc1 to dc2/, 'load-balancer', n.GATEWAY2, 'no-listener']],
    findings: [`forward-incomplete ${n.COREDNS}`],
  },
  {
    name: 'CoreDNS of EKS forwards to an address that nothing answers',
    change: (s) => coredns(s, (text) => text.replace('10.150.127.251', '10.150.127.240')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'no-server']],
    findings: [`forward-incomplete ${n.COREDNS}`],
  },
  {
    name: 'CoreDNS of EKS forwards to a name',
    change: (s) => coredns(s, (text) => text.replace('10.150.127.251', 'dns.gcp.example')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'forward-by-name']],
    findings: [`forward-incomplete ${n.COREDNS}`],
  },
  {
    name: 'a block of the Corefile of EKS is not closed',
    change: (s) => coredns(s, (text) => text.replace(/}\\n","replicaCount/, '","replicaCount')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'forward-inert']],
    findings: [`dns-setting-inert ${n.COREDNS}`],
  },
  {
    name: "the ConfigMap of EKS's CoreDNS is edited in place of the add-on's configuration",
    traps: ['network 12'],
    change: (s) => {
      const { corefile, ...rest } = JSON.parse(s.get(n.COREDNS, 'configurationValues') as string) as Record<
        string,
        unknown
      >;
      s.set(n.COREDNS, 'configurationValues', JSON.stringify(rest));
      s.addBeside(n.EKS_DNS, 'kubernetes:core/v1:ConfigMapPatch', 'coredns', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'coredns', namespace: 'kube-system' },
        data: { Corefile: corefile },
      });
    },
    blocks: [[/^DNS, dc1 to dc2/, 'dns', 'ConfigMapPatch::coredns', 'forward-inert']],
    findings: ['dns-setting-inert ConfigMapPatch::coredns'],
  },
  {
    name: 'the Corefile of EKS has lost its ready plugin',
    change: (s) => coredns(s, (text) => text.replace('    ready\\n', '')),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.COREDNS, 'health-check']],
  },
  {
    name: 'CoreDNS of EKS forwards every service of every cluster',
    traps: ['network 15'],
    change: (s) =>
      coredns(s, (text) => text.replace('cassandra-gcp-europe-west4.svc.cluster.local:53', 'svc.cluster.local:53')),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.COREDNS, 'forward-loop']],
  },
  {
    name: 'kube-dns has no stub domain',
    change: (s) => s.remove(n.STUB_DOMAINS),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.GKE, 'no-forward']],
  },
  {
    name: 'a stub domain is the cluster domain',
    traps: ['network 15'],
    change: (s) => stubs(s, { 'cluster.local': ADDRESSES }),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.STUB_DOMAINS, 'forward-inert']],
    findings: [`dns-setting-inert ${n.STUB_DOMAINS}`],
  },
  {
    name: 'a stub domain has the namespace of the other site without its zone',
    change: (s) => stubs(s, { 'cassandra-aws-eu-west-1': ADDRESSES }),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.STUB_DOMAINS, 'no-forward']],
  },
  {
    name: 'a stub domain has more upstreams than kube-dns takes',
    change: (s) => stubs(s, { [ZONE1]: [...ADDRESSES, '10.100.19.251'] }),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.STUB_DOMAINS, 'forward-inert']],
    findings: [`dns-setting-inert ${n.STUB_DOMAINS}`],
  },
  {
    name: 'a stub domain leaves an address out',
    change: (s) => stubs(s, { [ZONE1]: ADDRESSES.slice(0, 2) }),
    findings: [`forward-incomplete ${n.STUB_DOMAINS}`],
  },
  {
    name: 'a stub domain leads to the Cassandra gateway',
    change: (s) => stubs(s, { [ZONE1]: ['10.100.19.250'] }),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'no-listener']],
    findings: [`forward-incomplete ${n.STUB_DOMAINS}`],
  },
  {
    name: 'a stub domain is no JSON',
    change: (s) => s.set(n.STUB_DOMAINS, 'data.stubDomains', `${ZONE1}: ${ADDRESSES.join(' ')}`),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.STUB_DOMAINS, 'forward-inert']],
    findings: [`dns-setting-inert ${n.STUB_DOMAINS}`],
  },
  {
    name: 'Cloud DNS answers in place of kube-dns',
    change: (s) => s.set(n.GKE, 'dnsConfig.clusterDns', 'CLOUD_DNS'),
    blocks: [[/^DNS, dc2 to dc1/, 'dns', n.GKE, 'forward-inert']],
    findings: [`dns-setting-inert ${n.GKE}`],
  },
  {
    name: 'the DNS provider of GKE is left to the default',
    change: (s) => s.set(n.GKE, 'dnsConfig', undefined),
    findings: [`dns-provider-default ${n.GKE}`],
  },
  {
    name: "Google's own CoreDNS serves another namespace",
    change: (s) => siteDns(s, (text) => text.replace('namespaces cassandra-gcp-europe-west4', 'namespaces cassandra')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.SITE_COREFILE, 'namespace-not-served']],
  },
  {
    name: "Google's own CoreDNS has a block for another zone",
    change: (s) => siteDns(s, (text) => text.replace(/^cassandra-gcp/, 'cassandra-google')),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.SITE_COREFILE, 'not-served']],
  },
  {
    name: "Google's own CoreDNS sends the question back",
    change: (s) =>
      siteDns(s, (text) => text.replace(/ {4}kubernetes [\s\S]*?\n {4}}\n/, `    forward . ${ADDRESSES.join(' ')}\n`)),
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.SITE_COREFILE, 'forward-loop']],
  },
  {
    name: "Google's own CoreDNS has other labels than its Service selects",
    change: (s) => s.set(n.SITE_DNS, 'spec.template.metadata.labels', { app: 'coredns' }),
    blocks: [
      [/^DNS, dc1 to dc2.*udp$/, 'load-balancer', n.gkeDns('udp'), 'no-targets'],
      [/^DNS, dc1 to dc2/, 'load-balancer', n.gkeDns('tcp'), 'no-targets'],
    ],
  },
  {
    name: 'both sites use one namespace',
    traps: ['network 15', 'cassandra 4'],
    change: (s) => {
      const namespace = (text: string): string => text.replaceAll(`cassandra-${n.GCP}`, `cassandra-${n.AWS}`);
      for (const { inputs, outputs, provider } of s.resources) {
        if (provider?.includes(`${n.GCP}-kubernetes`) !== true) continue;
        for (const fields of [inputs, outputs])
          if (fields !== undefined) Object.assign(fields, JSON.parse(namespace(JSON.stringify(fields))));
      }
    },
    blocks: [[/^DNS, dc1 to dc2/, 'dns', n.COREDNS, 'no-forward']],
    findings: [`shared-namespace ${n.DC2}`],
  },
];
