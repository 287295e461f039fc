/** Names that cross: forwards of both resolvers, and the servers that answer. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const coredns = (s: Stack, edit: (text: string) => string): unknown => s.rewrite(n.COREDNS, 'configurationValues', edit);
const stubs = (s: Stack, domains: Readonly<Record<string, readonly string[]>>): unknown =>
  s.set(n.STUB_DOMAINS, 'data.stubDomains', JSON.stringify(domains));
const siteDns = (s: Stack, edit: (text: string) => string): unknown => s.rewrite(n.SITE_COREFILE, 'data.Corefile', edit);
const ZONE1 = 'cassandra-aws-eu-west-1.svc.cluster.local';
const ADDRESSES = ['10.100.19.251', '10.100.51.251', '10.100.83.251'];

export const dns: readonly Mistake[] = [
  { name: 'CoreDNS of EKS forwards nothing', change: (s) => coredns(s, (text) => text.replace(/cassandra-gcp-europe-west4\.svc.*?\\n}\\n/, '')) },
  { name: 'CoreDNS of EKS forwards a mistyped zone', change: (s) => coredns(s, (text) => text.replace('cassandra-gcp-europe-west4.svc', 'cassandra-gcp-europe-west-4.svc')) },
  { name: 'CoreDNS of EKS forwards to the Cassandra gateway', change: (s) => coredns(s, (text) => text.replace('10.150.127.251', '10.150.127.250')) },
  { name: 'CoreDNS of EKS forwards to an address that nothing answers', change: (s) => coredns(s, (text) => text.replace('10.150.127.251', '10.150.127.240')) },
  { name: 'CoreDNS of EKS forwards to a name', change: (s) => coredns(s, (text) => text.replace('10.150.127.251', 'dns.gcp.example')) },
  { name: 'a block of the Corefile of EKS is not closed', change: (s) => coredns(s, (text) => text.replace(/}\\n","replicaCount/, '","replicaCount')) },
  {
    name: "the ConfigMap of EKS's CoreDNS is edited in place of the add-on's configuration",
    traps: ['network 12'],
    change: (s) => {
      const { corefile, ...rest } = JSON.parse(s.get(n.COREDNS, 'configurationValues') as string) as Record<string, unknown>;
      s.set(n.COREDNS, 'configurationValues', JSON.stringify(rest));
      s.addBeside(n.EKS_DNS, 'kubernetes:core/v1:ConfigMapPatch', 'coredns', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'coredns', namespace: 'kube-system' },
        data: { Corefile: corefile },
      });
    },
  },
  { name: 'the Corefile of EKS has lost its ready plugin', change: (s) => coredns(s, (text) => text.replace('    ready\\n', '')) },
  {
    name: 'CoreDNS of EKS forwards every service of every cluster',
    traps: ['network 15'],
    change: (s) => coredns(s, (text) => text.replace('cassandra-gcp-europe-west4.svc.cluster.local:53', 'svc.cluster.local:53')),
  },
  { name: 'kube-dns has no stub domain', change: (s) => s.remove(n.STUB_DOMAINS) },
  { name: 'a stub domain is the cluster domain', traps: ['network 15'], change: (s) => stubs(s, { 'cluster.local': ADDRESSES }) },
  { name: 'a stub domain has the namespace of the other site without its zone', change: (s) => stubs(s, { 'cassandra-aws-eu-west-1': ADDRESSES }) },
  { name: 'a stub domain has more upstreams than kube-dns takes', change: (s) => stubs(s, { [ZONE1]: [...ADDRESSES, '10.100.19.251'] }) },
  { name: 'a stub domain leaves an address out', change: (s) => stubs(s, { [ZONE1]: ADDRESSES.slice(0, 2) }) },
  { name: 'a stub domain is no JSON', change: (s) => s.set(n.STUB_DOMAINS, 'data.stubDomains', `${ZONE1}: ${ADDRESSES.join(' ')}`) },
  { name: 'Cloud DNS answers in place of kube-dns', change: (s) => s.set(n.GKE, 'dnsConfig.clusterDns', 'CLOUD_DNS') },
  { name: 'the DNS provider of GKE is left to the default', change: (s) => s.set(n.GKE, 'dnsConfig', undefined) },
  { name: "Google's own CoreDNS serves another namespace", change: (s) => siteDns(s, (text) => text.replace('namespaces cassandra-gcp-europe-west4', 'namespaces cassandra')) },
  { name: "Google's own CoreDNS has a block for another zone", change: (s) => siteDns(s, (text) => text.replace(/^cassandra-gcp/, 'cassandra-google')) },
  {
    name: "Google's own CoreDNS sends the question back",
    change: (s) => siteDns(s, (text) => text.replace(/ {4}kubernetes [\s\S]*?\n {4}}\n/, `    forward . ${ADDRESSES.join(' ')}\n`)),
  },
  { name: "Google's own CoreDNS has other labels than its Service selects", change: (s) => s.set(n.SITE_DNS, 'spec.template.metadata.labels', { app: 'coredns' }) },
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
  },
];
