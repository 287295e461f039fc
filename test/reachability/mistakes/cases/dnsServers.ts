/** What CoreDNS and kube-dns make of their configuration, and whether pods reach them. */
import type { Stack } from '../edit';
import type { Block, Mistake } from '../mistake';
import * as n from '../names';

const coredns = (s: Stack, from: string, to: string): unknown =>
  s.rewrite(n.COREDNS, 'configurationValues', (text) => text.replace(from, to));
const siteDns = (s: Stack, line: string): unknown =>
  s.rewrite(n.SITE_COREFILE, 'data.Corefile', (text) => text.replace('    errors\n', `    errors\n${line}`));
const TO_GOOGLE = /^DNS, dc1 to dc2/;
const TO_AWS = /^DNS, dc2 to dc1/;
const atAddon = (rule: string): readonly Block[] => [[TO_GOOGLE, 'dns', n.COREDNS, rule]];
const atSiteDns = (rule: string): readonly Block[] => [[TO_GOOGLE, 'dns', n.SITE_COREFILE, rule]];

function policy(s: Stack, site: string, namespace: string, spec: Readonly<Record<string, unknown>>): void {
  s.addBeside(n.policy(site, 'cassandra'), 'kubernetes:networking.k8s.io/v1:NetworkPolicy', 'strict', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'strict', namespace },
    spec: { podSelector: {}, ...spec },
  });
}

export const dnsServers: readonly Mistake[] = [
  {
    name: 'the block of the other zone listens on another port',
    change: (s) => coredns(s, 'svc.cluster.local:53 {', 'svc.cluster.local:5353 {'),
    blocks: atAddon('no-forward'),
  },
  {
    name: 'the forward is for another zone than its block',
    change: (s) => coredns(s, 'forward . 10.150.127.251', 'forward dc2.internal 10.150.127.251'),
    blocks: atAddon('no-forward'),
  },
  {
    name: 'the forward makes an exception of its own zone',
    change: (s) =>
      coredns(
        s,
        'forward . 10.150.127.251',
        'forward . 10.150.127.251 {\\n        except cassandra-gcp-europe-west4.svc.cluster.local\\n    }',
      ),
    blocks: atAddon('no-forward'),
  },
  {
    name: 'the other zone has two server blocks',
    change: (s) =>
      coredns(
        s,
        '}\\n","replicaCount',
        '}\\ncassandra-gcp-europe-west4.svc.cluster.local:53 {\\n    forward . 10.150.127.251\\n}\\n","replicaCount',
      ),
    blocks: atAddon('forward-inert'),
    findings: [`dns-setting-inert ${n.COREDNS}`],
  },
  {
    name: 'a plugin of the Corefile is mistyped',
    change: (s) => coredns(s, 'forward . 10.150.127.251', 'forwards . 10.150.127.251'),
    blocks: atAddon('forward-inert'),
    findings: [`dns-setting-inert ${n.COREDNS}`],
  },
  {
    name: 'CoreDNS of EKS forwards to a port that the balancer does not have',
    change: (s) => coredns(s, '10.150.127.251', '10.150.127.251:5353'),
    blocks: [[TO_GOOGLE, 'load-balancer', n.gkeDns('tcp'), 'no-listener']],
    findings: [`forward-incomplete ${n.COREDNS}`],
  },
  {
    name: 'a stub domain gives a port that the balancer does not have',
    change: (s) =>
      s.rewrite(n.STUB_DOMAINS, 'data.stubDomains', (text) => text.replace('10.100.19.251', '10.100.19.251:5353')),
    blocks: [[/^DNS, dc2 to dc1.*> 10\.100\.19\.251/, 'load-balancer', n.EKS_DNS, 'no-listener']],
    findings: [`forward-incomplete ${n.STUB_DOMAINS}`],
  },
  {
    name: 'the stub domains stand under another key',
    change: (s) =>
      s.set(n.STUB_DOMAINS, 'data', { 'stub-domains': s.get(n.STUB_DOMAINS, 'data.stubDomains') as string }),
    blocks: [[TO_AWS, 'dns', n.STUB_DOMAINS, 'no-forward']],
  },
  {
    name: 'the ConfigMap of the stub domains is in another namespace',
    change: (s) => s.set(n.STUB_DOMAINS, 'metadata.namespace', 'default'),
    blocks: [[TO_AWS, 'dns', n.GKE, 'no-forward']],
  },
  {
    name: "Google's own CoreDNS listens on its loopback",
    change: (s) => siteDns(s, '    bind 127.0.0.1\n'),
    blocks: atSiteDns('not-listening'),
  },
  {
    name: "the acl of Google's own CoreDNS turns the pods of AWS away",
    change: (s) => siteDns(s, '    acl {\n        allow net 10.150.0.0/16 10.250.0.0/16\n        block\n    }\n'),
    blocks: atSiteDns('acl'),
  },
  {
    name: "Google's own CoreDNS listens on another port",
    change: (s) => s.rewrite(n.SITE_COREFILE, 'data.Corefile', (text) => text.replace('local:53 {', 'local:5353 {')),
    blocks: atSiteDns('not-served'),
  },
  {
    name: "the Corefile of Google's own CoreDNS stands under another key",
    change: (s) => s.set(n.SITE_COREFILE, 'data', { corefile: s.get(n.SITE_COREFILE, 'data.Corefile') as string }),
    blocks: [[TO_GOOGLE, 'dns', n.SITE_DNS, 'not-served']],
  },
  {
    name: "Google's own CoreDNS is scaled to nothing",
    change: (s) => s.set(n.SITE_DNS, 'spec.replicas', 0),
    blocks: [
      [/^DNS, dc1 to dc2.*udp$/, 'load-balancer', n.gkeDns('udp'), 'no-targets'],
      [/^DNS, dc1 to dc2.*tcp$/, 'load-balancer', n.gkeDns('tcp'), 'no-targets'],
    ],
  },
  {
    name: 'a policy of AWS lets Cassandra out to Cassandra, but not to its resolver',
    change: (s) =>
      policy(s, n.AWS, s.get(n.policy(n.AWS, 'cassandra'), 'metadata.namespace') as string, {
        policyTypes: ['Egress'],
        egress: [
          { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [7000, 9042].map((port) => ({ protocol: 'TCP', port })) },
        ],
      }),
    blocks: [[TO_GOOGLE, 'network-policy', 'NetworkPolicy::strict', 'no-policy-egress']],
  },
  {
    name: 'a policy of Google lets nobody in to its own CoreDNS',
    change: (s) => policy(s, n.GCP, 'site-dns', { policyTypes: ['Ingress'] }),
    blocks: [[TO_GOOGLE, 'network-policy', 'NetworkPolicy::strict', 'no-policy-ingress']],
  },
];
