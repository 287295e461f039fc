import * as aws from '@pulumi/aws';
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { AwsVpnGateway } from '../../../components/link/awsGateway';
import { GcpVpnGateway } from '../../../components/link/gcpGateway';
import { VpnLink } from '../../../components/link/vpnLink';
import type { LinkSettings, Settings } from '../../../plan/settings';
import type { LinkPlan } from '../../../plan/types';
import { awsPlan } from '../fixtures';
import { gcpPlan, linkedSettings, linkPlan } from '../fixturesGcp';
import { register, type Computed, type Recording } from '../recorder';

export interface LinkedOptions {
  readonly kind?: LinkSettings['awsGateway'];
  readonly link?: LinkPlan;
  readonly stack?: Settings;
  readonly preview?: boolean;
}

export interface Linked {
  readonly recording: Recording;
  readonly link: VpnLink;
}

/** Outside addresses that the clouds assign; interface 1 first, because the API promises no order. */
export const HA_ADDRESSES = { 0: '203.0.113.10', 1: '203.0.113.11' } as const;

const computed: Computed = (type, name) => {
  if (type === 'gcp:compute/haVpnGateway:HaVpnGateway') {
    return {
      vpnInterfaces: [
        { id: 1, ipAddress: HA_ADDRESSES[1] },
        { id: 0, ipAddress: HA_ADDRESSES[0] },
      ],
    };
  }
  if (type === 'aws:ec2/vpnConnection:VpnConnection') {
    return {
      tunnel1Address: `${name}-tunnel1`,
      tunnel2Address: `${name}-tunnel2`,
      transitGatewayAttachmentId: `${name}-attachment`,
    };
  }
  if (type === 'random:index/randomPassword:RandomPassword') return { result: `${name}-value` };
  return {};
};

/** Two networks, made of what a link needs of them alone, and the link between them. */
export async function linkedSites(options: LinkedOptions = {}): Promise<Linked> {
  const made: VpnLink[] = [];
  const stack = options.stack ?? linkedSettings;
  const recording = await register(
    () => {
      const awsProvider = new aws.Provider('aws', { region: 'eu-west-1' });
      const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: awsPlan.nodes }, { provider: awsProvider });
      const tables = awsPlan.zones.map(({ zone }) => ({
        zone,
        id: new aws.ec2.RouteTable(`table-${zone}`, { vpcId: vpc.id }, { provider: awsProvider }).id,
      }));
      const awsGateway = new AwsVpnGateway('aws-vpn', {
        plan: awsPlan,
        kind: options.kind ?? 'virtualPrivate',
        network: {
          provider: awsProvider,
          vpcId: vpc.id,
          workloadRouteTables: tables,
          transitSubnetIds: awsPlan.zones.map(({ zone }) => pulumi.output(`transit-${zone}`)),
        },
      });

      const gcpProvider = new gcp.Provider('gcp', { project: 'example-project', region: 'europe-west4' });
      const inGoogleCloud = { provider: gcpProvider };
      const network = new gcp.compute.Network('network', {}, inGoogleCloud);
      const firewall = new gcp.compute.Firewall('peers', { network: network.id }, inGoogleCloud);
      const gcpGateway = new GcpVpnGateway('gcp-vpn', {
        plan: gcpPlan,
        stack,
        network: {
          provider: gcpProvider,
          networkId: network.id,
          admission: [firewall],
          monitoringApi: new gcp.projects.Service('monitoring', { service: 'monitoring' }, inGoogleCloud),
        },
      });

      made.push(new VpnLink('link', { plan: options.link ?? linkPlan, stack, awsGateway, gcpGateway }));
    },
    { computed, preview: options.preview },
  );
  const [link] = made;
  if (!link) throw new Error('the program made no link');
  return { recording, link };
}
