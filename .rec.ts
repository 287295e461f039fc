// Records registrations of the program through mocks, as a preview or an applied state.
import * as pulumi from '@pulumi/pulumi';
import { writeFileSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
const mode = process.argv[2] as 'preview' | 'up';
const out = process.argv[3] as string;
const file = process.argv[4] ?? 'Pulumi.dev.yaml';
const config: Record<string, string> = {};
for (const [k, v] of Object.entries(parse(readFileSync(file, 'utf8')).config)) config[k] = typeof v === 'object' ? JSON.stringify(v) : String(v);
process.env['PULUMI_CONFIG'] = JSON.stringify(config);
pulumi.runtime.setAllConfig(config);
const project = 'multicloud-cassandra';
const { MockMonitor } = require('/work/main/node_modules/@pulumi/pulumi/runtime/mocks.js');
const deserialize = (s: any) => s?.toJavaScript?.() ?? {};
const recorded: any[] = [];
const orig = MockMonitor.prototype.registerResource;
MockMonitor.prototype.registerResource = async function (req: any, cb: any) {
  const inputs = deserialize(req.getObject());
  const pd: Record<string, string[]> = {};
  req.getPropertydependenciesMap().forEach((v: any, k: string) => (pd[k] = v.getUrnsList()));
  const wrapped = (err: any, res: any) => {
    if (res) {
      entry0.urn = res.getUrn();
      const entry = entry0;
      if (mode === 'up') { entry.id = res.getId(); entry.outputs = deserialize(res.getObject()); }
    }
    cb(err, res);
  };
  const urn = `urn:pulumi:dev::${project}::${req.getType()}::${req.getName()}`;
  const entry0: any = { urn, type: req.getType(), custom: req.getCustom(), parent: req.getParent(), provider: req.getProvider(), inputs, dependencies: req.getDependenciesList(), propertyDependencies: pd };
  recorded.push(entry0);
  return orig.call(this, req, wrapped);
};
let n = 0;
const h = (s: string) => { let x = 0; for (const c of s) x = (x * 31 + c.charCodeAt(0)) >>> 0; return x.toString(16).padStart(8, '0'); };
const outputsOf = (args: any): any => {
  const i = args.inputs; const id = h(args.name);
  const U = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
  if (mode === 'preview') return args.type === 'aws:eks/cluster:Cluster' ? { ...i, vpcConfig: { ...i.vpcConfig, clusterSecurityGroupId: U, vpcId: U } } : i;
  switch (args.type) {
    case 'aws:ec2/vpc:Vpc': return { ...i, mainRouteTableId: `rtb-${id}m`, defaultSecurityGroupId: `sg-${id}d`, defaultNetworkAclId: `acl-${id}`, arn: `arn:vpc/${id}` };
    case 'aws:eks/cluster:Cluster': return { ...i, endpoint: `https://${id}.gr7.eu-west-1.eks.amazonaws.com`, arn: `arn:eks/${id}`, certificateAuthority: { data: 'Q0E=' }, vpcConfig: { ...i.vpcConfig, clusterSecurityGroupId: `sg-${id}`, vpcId: 'vpc-x' } };
    case 'aws:ec2/vpnConnection:VpnConnection': { n++; return { ...i, tunnel1Address: `3.120.${n}.1`, tunnel2Address: `3.120.${n}.2`, transitGatewayAttachmentId: i.transitGatewayId ? `tgw-attach-${id}` : '' }; }
    case 'gcp:compute/haVpnGateway:HaVpnGateway': return { ...i, selfLink: `https://www.googleapis.com/compute/v1/x/${i.name}`, vpnInterfaces: [{ id: 0, ipAddress: '35.242.1.1' }, { id: 1, ipAddress: '35.242.1.2' }] };
    case 'gcp:container/cluster:Cluster': return { ...i, endpoint: '34.90.1.1', masterAuth: { clusterCaCertificate: 'Q0E=' } };
    case 'gcp:serviceaccount/account:Account': return { ...i, email: `${i.accountId}@p.iam.gserviceaccount.com`, name: 'x' };
    case 'random:index/randomPassword:RandomPassword': return { ...i, result: `Key${id}${id}` };
    case 'tls:index/privateKey:PrivateKey': return { ...i, privateKeyPem: 'PEM', publicKeyPem: 'PUB' };
    case 'tls:index/selfSignedCert:SelfSignedCert': return { ...i, certPem: 'CERT' };
    case 'kubernetes:core/v1:Service': return i;
    default: return { ...i, arn: `arn:${id}`, selfLink: `https://www.googleapis.com/compute/v1/${args.type}/${i.name ?? id}`, latestVersion: 1 };
  }
};
const idOf = (args: any): string => {
  const t = args.type; const id = h(args.name);
  if (t === 'aws:ec2/vpc:Vpc') return `vpc-${id}`;
  if (t === 'aws:eks/cluster:Cluster') return args.inputs.name;
  if (t.startsWith('gcp:')) return `projects/p/${t.split('/').pop().split(':')[0]}/${args.inputs.name ?? id}`;
  return `${t.split(':').pop()}-${id}`;
};
pulumi.runtime.setMocks({ newResource: (args: any) => ({ id: mode === 'preview' ? undefined : idOf(args), state: outputsOf(args) }), call: () => ({}) } as any, project, 'dev', mode === 'preview');
(async () => {
  process.chdir('/work/main');
  await import('/work/main/index.ts');
  await new Promise((r) => setTimeout(r, 4000));
  const fix = recorded.map((r) => r);
  writeFileSync(out, JSON.stringify({ version: 3, deployment: { manifest: {}, resources: fix } }, undefined, 1));
  console.log(fix.length);
  process.exit(0);
})();
