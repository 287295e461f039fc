import type { Props } from '../../../sandbox/core/values';
import { aNodeGroup, aSite, anAddon } from './cluster';
import { LocalAws, refuses, type Made } from './localAws';
import { TRUST, aNetwork, aSubnet, aVpc } from './network';

const LAST_OCTETS = Array.from({ length: 60 }, (_, n) => `203.0.113.${n + 1}`);

/** A quota: what to make again and again, how often it works, and the refusal after that. */
interface Quota {
  readonly what: string;
  readonly token: string;
  readonly limit: number;
  readonly code: string;
  /** Made before: what the inputs refer to. */
  readonly inputs: (aws: LocalAws) => Promise<(n: number) => Props>;
}

const QUOTAS: readonly Quota[] = [
  {
    what: 'internet gateways in a region',
    token: 'ec2/internetGateway:InternetGateway',
    limit: 5,
    code: 'InternetGatewayLimitExceeded',
    inputs: async () => () => ({}),
  },
  {
    what: 'virtual private gateways in a region',
    token: 'ec2/vpnGateway:VpnGateway',
    limit: 5,
    code: 'VpnGatewayLimitExceeded',
    inputs: async () => () => ({}),
  },
  {
    what: 'transit gateways in an account',
    token: 'ec2transitgateway/transitGateway:TransitGateway',
    limit: 5,
    code: 'TransitGatewayLimitExceeded',
    inputs: async () => () => ({}),
  },
  {
    what: 'route tables of a transit gateway',
    token: 'ec2transitgateway/routeTable:RouteTable',
    limit: 19,
    code: 'TransitGatewayRouteTableLimitExceeded',
    inputs: async (aws) => {
      const gateway = await aws.create('ec2transitgateway/transitGateway:TransitGateway', {});
      return () => ({ transitGatewayId: gateway.id });
    },
  },
  {
    what: 'customer gateways in a region',
    token: 'ec2/customerGateway:CustomerGateway',
    limit: 50,
    code: 'CustomerGatewayLimitExceeded',
    inputs: async () => (n) => ({ type: 'ipsec.1', bgpAsn: '65010', ipAddress: LAST_OCTETS[n] ?? '' }),
  },
  {
    what: 'VPN connections on a virtual private gateway',
    token: 'ec2/vpnConnection:VpnConnection',
    limit: 10,
    code: 'VpnConnectionLimitExceeded',
    inputs: async (aws) => {
      const gateway = await aws.create('ec2/vpnGateway:VpnGateway', {});
      const devices: Made[] = [];
      for (const ipAddress of LAST_OCTETS.slice(0, 11)) {
        devices.push(
          await aws.create('ec2/customerGateway:CustomerGateway', { type: 'ipsec.1', bgpAsn: '65010', ipAddress }),
        );
      }
      return (n) => ({ type: 'ipsec.1', vpnGatewayId: gateway.id, customerGatewayId: devices[n]?.id ?? '' });
    },
  },
  {
    what: 'VPN connections in a region',
    token: 'ec2/vpnConnection:VpnConnection',
    limit: 50,
    code: 'VpnConnectionLimitExceeded',
    inputs: async (aws) => {
      const gateway = await aws.create('ec2transitgateway/transitGateway:TransitGateway', {});
      const device = await aws.create('ec2/customerGateway:CustomerGateway', {
        type: 'ipsec.1',
        bgpAsn: '65010',
        ipAddress: '203.0.113.1',
      });
      return () => ({ type: 'ipsec.1', transitGatewayId: gateway.id, customerGatewayId: device.id });
    },
  },
  {
    what: 'subnets in a VPC',
    token: 'ec2/subnet:Subnet',
    limit: 200,
    code: 'SubnetLimitExceeded',
    inputs: async (aws) => {
      const vpc = await aVpc(aws);
      return (n) => ({ vpcId: vpc.id, cidrBlock: `10.100.${n}.0/24` });
    },
  },
  {
    what: 'route tables in a VPC, the main one among them',
    token: 'ec2/routeTable:RouteTable',
    limit: 199,
    code: 'RouteTableLimitExceeded',
    inputs: async (aws) => {
      const vpc = await aVpc(aws);
      return () => ({ vpcId: vpc.id });
    },
  },
  {
    what: 'gateway endpoints in a region',
    token: 'ec2/vpcEndpoint:VpcEndpoint',
    limit: 20,
    code: 'VpcEndpointLimitExceeded',
    inputs: async (aws) => {
      const vpc = await aVpc(aws);
      return () => ({ vpcId: vpc.id, serviceName: 'com.amazonaws.eu-west-1.s3' });
    },
  },
  {
    what: 'NAT gateways in a zone',
    token: 'ec2/natGateway:NatGateway',
    limit: 5,
    code: 'NatGatewayLimitExceeded',
    inputs: async (aws) => {
      const subnet = await aSubnet(aws, await aVpc(aws), '10.100.0.0/24');
      return () => ({ subnetId: subnet.id, connectivityType: 'private' });
    },
  },
];

describe('local AWS: quotas of a new account', () => {
  for (const { what, token, limit, code, inputs } of QUOTAS) {
    it(`${limit} ${what}, and no more`, async () => {
      const aws = new LocalAws();
      const inputsOf = await inputs(aws);
      for (let n = 0; n < limit; n += 1) await aws.create(token, inputsOf(n));
      await refuses(code, /maximum number/i, () => aws.create(token, inputsOf(limit)));
    });
  }

  it('60 inline rules in a security group', async () => {
    const aws = new LocalAws();
    const vpc = await aVpc(aws);
    const rules = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        protocol: 'tcp',
        fromPort: n,
        toPort: n,
        cidrBlocks: ['10.0.0.0/8'],
      }));
    const group = await aws.create('ec2/securityGroup:SecurityGroup', { vpcId: vpc.id, name: 'g', ingress: rules(60) });
    await refuses('RulesPerSecurityGroupLimitExceeded', /maximum number of rules/, () =>
      aws.create('ec2/securityGroup:SecurityGroup', { vpcId: vpc.id, name: 'h', egress: rules(61) }),
    );
    await refuses('RulesPerSecurityGroupLimitExceeded', /maximum number of rules/, () =>
      aws.update(group, { vpcId: vpc.id, name: 'g', ingress: rules(61) }),
    );
  });

  it('10 managed policies on a role', async () => {
    const aws = new LocalAws();
    const role = await aws.create('iam/role:Role', { assumeRolePolicy: TRUST('ec2.amazonaws.com') });
    const attach = async (n: number) => {
      const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] });
      const made = await aws.create('iam/policy:Policy', { name: `p${n}`, policy });
      return aws.create('iam/rolePolicyAttachment:RolePolicyAttachment', { role: role.id, policyArn: made.id });
    };
    for (let n = 0; n < 10; n += 1) await attach(n);
    await refuses('LimitExceeded', /PoliciesPerRole: 10/, () => attach(10));
  });

  it('30 node groups of a cluster', async () => {
    const site = await aSite();
    await anAddon(site, 'vpc-cni');
    const scalingConfig = { desiredSize: 1, minSize: 0, maxSize: 1 };
    for (let n = 0; n < 30; n += 1) await aNodeGroup(site, { nodeGroupName: `g${n}`, scalingConfig });
    await refuses('ResourceLimitExceededException', /exceeds the limit of 30/, () =>
      aNodeGroup(site, { nodeGroupName: 'g30', scalingConfig }),
    );
  });

  it('500 routes in a table', async () => {
    const { aws, vpc, gateway } = await aNetwork();
    const destination = (n: number) => `10.${150 + Math.floor(n / 250)}.${n % 250}.0/24`;
    const routes = Array.from({ length: 500 }, (_, n) => ({ cidrBlock: destination(n), gatewayId: gateway.id }));
    const table = await aws.create('ec2/routeTable:RouteTable', { vpcId: vpc.id, routes });
    await refuses('RouteLimitExceeded', /maximum number of routes/, () =>
      aws.create('ec2/route:Route', {
        routeTableId: table.id,
        destinationCidrBlock: destination(500),
        gatewayId: gateway.id,
      }),
    );
  });
});
