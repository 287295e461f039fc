import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { computedByGcp } from './gcp/computed';
import { type Computed, type Recording, type Registered, register } from './recorder';

const root = join(__dirname, '../..');

/** What the clouds compute and the program refers to. */
const computed: Computed = (type, name) => {
  switch (type) {
    case 'aws:eks/cluster:Cluster':
      return {
        endpoint: 'https://cluster.example',
        certificateAuthority: { data: 'Y2E=' },
        vpcConfig: { clusterSecurityGroupId: 'sg-cluster' },
      };
    case 'aws:ec2/launchTemplate:LaunchTemplate':
      return { latestVersion: 1 };
    case 'aws:ec2/vpnConnection:VpnConnection':
      return { tunnel1Address: `${name}-1`, tunnel2Address: `${name}-2` };
    case 'gcp:compute/haVpnGateway:HaVpnGateway':
      return {
        vpnInterfaces: [
          { id: 0, ipAddress: '203.0.113.10' },
          { id: 1, ipAddress: '203.0.113.11' },
        ],
      };
    case 'random:index/randomPassword:RandomPassword':
      return { result: `${name}-value` };
    case 'tls:index/privateKey:PrivateKey':
      return { privateKeyPem: 'key' };
    case 'tls:index/selfSignedCert:SelfSignedCert':
      return { certPem: 'certificate' };
    default:
      return computedByGcp(type, name);
  }
};

describe('the program, from Pulumi.dev.yaml', function () {
  this.timeout(60_000);
  let recording: Recording;
  let outputs: Record<string, unknown>;

  before(async () => {
    const { config } = parse(readFileSync(join(root, 'Pulumi.dev.yaml'), 'utf8')) as {
      config: Record<string, unknown>;
    };
    recording = await register(
      () => {
        pulumi.runtime.setAllConfig(
          Object.fromEntries(
            Object.entries(config).map(([key, value]) => [
              key,
              typeof value === 'string' ? value : JSON.stringify(value),
            ]),
          ),
        );
        // The program runs when it is loaded, which must be after its configuration is there.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        outputs = require('../../index') as Record<string, unknown>;
      },
      { computed },
    );
  });

  const one = (type: string, name?: string) => recording.one(type, name);
  const eks = () => one('aws:eks/cluster:Cluster');
  const gke = () => one('gcp:container/cluster:Cluster');
  const waitsFor = (later: Registered, earlier: Registered, expected = true) =>
    assert.equal(recording.waitsFor(later, earlier), expected, `${later.name} waits for ${earlier.name}`);

  it('starts both clusters and the VPN at once', () => {
    const vpn = [
      ...recording.ofType('aws:ec2/vpnConnection:VpnConnection'),
      ...recording.ofType('gcp:compute/vPNTunnel:VPNTunnel'),
    ];
    waitsFor(eks(), gke(), false);
    waitsFor(gke(), eks(), false);
    for (const part of vpn) {
      waitsFor(part, eks(), false);
      waitsFor(part, gke(), false);
      waitsFor(eks(), part, false);
      waitsFor(gke(), part, false);
    }
  });

  it('probes the link when all its sessions, its routes and the firewall are there', () => {
    const [probe] = recording.ofType('kubernetes:batch/v1:Job').filter(({ name }) => name.includes('probe'));
    assert.ok(probe);
    const needed = [
      ...recording.ofType('gcp:compute/routerPeer:RouterPeer'),
      ...recording.ofType('aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation'),
      ...recording.ofType('gcp:compute/firewall:Firewall').filter(({ name }) => name.endsWith('peers')),
    ];
    assert.equal(needed.length, 4 + 3 + 1);
    for (const part of needed) waitsFor(probe, part);
  });

  it('deletes load balancers and datacenters before what made them, and that before nodes', () => {
    const nodes = [
      ...recording.ofType('aws:eks/nodeGroup:NodeGroup'),
      ...recording.ofType('gcp:container/nodePool:NodePool'),
    ];
    const controller = one('kubernetes:helm.sh/v3:Release', 'aws-eu-west-1-lbc-release');
    for (const service of recording.ofType('kubernetes:core/v1:Service')) {
      const eksSide = service.provider.includes('aws-eu-west-1');
      if (eksSide) waitsFor(service, controller);
      for (const node of nodes.filter(({ type }) => type.startsWith('aws:') === eksSide)) waitsFor(service, node);
    }
    for (const datacenter of recording.ofType('kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter')) {
      const eksSide = datacenter.provider.includes('aws-eu-west-1');
      const site = eksSide ? 'aws-eu-west-1' : 'gcp-europe-west4';
      waitsFor(datacenter, one('kubernetes:helm.sh/v3:Release', `xcloud-${site}-operators-cass-operator`));
      for (const node of nodes.filter(({ type }) => type.startsWith('aws:') === eksSide)) waitsFor(datacenter, node);
    }
    waitsFor(
      one('kubernetes:cassandra.datastax.com/v1beta1:CassandraDatacenter', 'xcloud-dc1'),
      recording.ofType('aws:eks/addon:Addon').find(({ inputs }) => inputs.addonName === 'aws-ebs-csi-driver')!,
    );
  });

  it('gives each site two faces to its peer: a gateway and DNS', () => {
    assert.deepEqual(
      recording
        .ofType('kubernetes:core/v1:Service')
        .map(({ inputs }) => (inputs.metadata as { name: string }).name)
        .sort(),
      ['site-dns', 'site-dns-tcp', 'site-dns-udp', 'xcloud-dc1-gateway', 'xcloud-dc2-gateway'],
    );
  });

  it('leaves nothing to a default provider of a cloud or cluster', () => {
    for (const { type, name, provider } of recording.resources) {
      if (/^(aws|gcp|kubernetes):/.test(type)) assert.match(provider, /::(aws-eu-west-1|gcp-europe-west4)-/, name);
    }
  });

  it('puts out plan, endpoints, gateways, DNS and clients, and kubeconfigs as a secret', async () => {
    assert.deepEqual(Object.keys(outputs).sort(), ['clients', 'dns', 'endpoints', 'gateways', 'kubeconfigs', 'plan']);
    assert.ok(await pulumi.isSecret(outputs.kubeconfigs as pulumi.Output<unknown>));
    assert.deepEqual(Object.keys(outputs.gateways as object), ['aws-eu-west-1', 'gcp-europe-west4']);
  });
});
