import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { ownRole, policyDocument, serviceTrust } from './iam';

export interface FlowLogsArgs {
  readonly clusterName: string;
  readonly vpcId: pulumi.Input<string>;
  readonly provider: aws.Provider;
}

/** Days for which a flow can still be looked up. */
const retentionInDays = 30;

/** Accepted and rejected flows of a VPC in CloudWatch Logs: where a blocked internode connection shows first. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:aws:FlowLogs', name, {}, opts);
    const { clusterName, vpcId, provider } = args;
    const options = { parent: this, provider };

    const groupName = `/aws/vpc/${clusterName}/flow-logs`;
    const group = new aws.cloudwatch.LogGroup(`${name}-group`, { name: groupName, retentionInDays }, options);
    const { role, policies } = ownRole(
      `${name}-role`,
      serviceTrust('vpc-flow-logs.amazonaws.com'),
      // CreateLogGroup is left out on purpose: a group that AWS makes itself keeps its logs for ever.
      policyDocument([
        {
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: `arn:aws:logs:*:*:log-group:${groupName}:*`,
        },
        { Action: ['logs:DescribeLogGroups'], Resource: '*' },
      ]),
      options,
    );
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId,
        trafficType: 'ALL',
        logDestinationType: 'cloud-watch-logs',
        logDestination: group.arn,
        iamRoleArn: role.arn,
        // Nitro instances report every minute whatever is asked for; the rest now does too.
        maxAggregationInterval: 60,
        tags: { Name: clusterName },
      },
      // Without its permissions the log is accepted but delivers nothing.
      { ...options, dependsOn: [...policies] },
    );
    this.registerOutputs({});
  }
}
