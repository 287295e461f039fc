import * as aws from '@pulumi/aws';
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { AlertSettings } from '../../plan/settings';
import type { LinkPlan } from '../../plan/types';

/** One tunnel by the names under which both clouds measure it. */
export interface WatchedTunnel {
  /** Interface of the external VPN gateway, 0 to 3. */
  readonly number: number;
  /** AWS's public address of the tunnel. */
  readonly outsideAddress: pulumi.Output<string>;
  /** Google Cloud's names of the tunnel and of its BGP session. */
  readonly tunnelName: string;
  readonly peerName: string;
}

export interface TunnelAlarmsArgs {
  readonly plan: LinkPlan;
  readonly alerts: AlertSettings;
  readonly tunnels: readonly WatchedTunnel[];
  readonly monitoringApi: pulumi.Resource;
  /** The BGP sessions: an alarm that exists before them tells of an outage that is none. */
  readonly sessions: readonly pulumi.Resource[];
}

/**
 * Alarms for a tunnel that is down, on both clouds: either may be the one that still works. Three
 * tunnels carry the traffic of a lost fourth, so nobody notices otherwise until the last one goes.
 */
export class TunnelAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: TunnelAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:link:TunnelAlarms', name, { plan: args.plan, alerts: args.alerts }, opts);
    const { plan, alerts } = args;
    const targets = alerts.snsTopicArn ? [alerts.snsTopicArn] : [];

    for (const { number, outsideAddress } of args.tunnels) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-tunnel-${number}-down`,
        {
          alarmDescription: `Link ${plan.name}: tunnel ${number} has no BGP session`,
          namespace: 'AWS/VPN',
          metricName: 'TunnelState',
          dimensions: { TunnelIpAddress: outsideAddress },
          // 1 while the BGP session is established. The greatest value of five minutes: an alarm only
          // where the tunnel was down all that time, which AWS's own tunnel maintenance is not.
          statistic: 'Maximum',
          period: 300,
          evaluationPeriods: 1,
          comparisonOperator: 'LessThanThreshold',
          threshold: 1,
          treatMissingData: 'breaching',
          alarmActions: targets,
          okActions: targets,
        },
        { parent: this, dependsOn: [...args.sessions] },
      );
    }

    new gcp.monitoring.AlertPolicy(
      `${name}-tunnels-down`,
      {
        displayName: `Cassandra link ${plan.name}: tunnel or BGP session down`,
        combiner: 'OR',
        // One of four: the link still works, without its spare.
        severity: 'WARNING',
        conditions: [
          down('Tunnel not established', [
            'resource.type = "vpn_gateway"',
            'metric.type = "vpn.googleapis.com/tunnel_established"',
            oneOf(
              'metric.labels.tunnel_name',
              args.tunnels.map(({ tunnelName }) => tunnelName),
            ),
          ]),
          down('BGP session not established', [
            'resource.type = "gce_router"',
            'metric.type = "router.googleapis.com/bgp/session_up"',
            oneOf(
              'metric.labels.bgp_peer_name',
              args.tunnels.map(({ peerName }) => peerName),
            ),
          ]),
        ],
        notificationChannels: [...alerts.notificationChannels],
        documentation: {
          mimeType: 'text/markdown',
          content: `One tunnel of the VPN between ${plan.aws} and ${plan.gcp} is down. The other three carry its traffic.`,
        },
      },
      // The API is its own service; nothing else of this component waits for it.
      { parent: this, dependsOn: [args.monitoringApi, ...args.sessions] },
    );

    this.registerOutputs({});
  }
}

/** A condition that holds when a metric that should be 1 was below it for five minutes. */
function down(displayName: string, filter: readonly string[]): gcp.types.input.monitoring.AlertPolicyCondition {
  return {
    displayName,
    conditionThreshold: {
      filter: filter.join(' AND '),
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MAX' }],
      comparison: 'COMPARISON_LT',
      thresholdValue: 1,
      duration: '300s',
      evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE',
      trigger: { count: 1 },
    },
  };
}

/** Monitoring filter: the label has one of the values. */
function oneOf(label: string, values: readonly string[]): string {
  return `${label} = one_of(${values.map((value) => JSON.stringify(value)).join(', ')})`;
}
