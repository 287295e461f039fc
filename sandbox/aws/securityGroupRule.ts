import type { Stored } from '../core/store';
import { list, number, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { exactlyOne, fail, known, length, network } from './checks';
import { ec2Error } from './errors';
import { requireSecurityGroup } from './lookups';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { EGRESS_RULE, INGRESS_RULE } from './tokens';

const SOURCES = ['cidrIpv4', 'cidrIpv6', 'prefixListId', 'referencedSecurityGroupId'] as const;

export const securityGroupIngressRule = ruleType(INGRESS_RULE, 'AuthorizeSecurityGroupIngress', 'inbound');
export const securityGroupEgressRule = ruleType(EGRESS_RULE, 'AuthorizeSecurityGroupEgress', 'outbound');

function ruleType(token: string, operation: string, direction: string): AwsType {
  return {
    token,
    seconds: { create: 1, update: 1, delete: 1 },
    immutable: ['securityGroupId'],
    check: (inputs) => [
      ...exactlyOne(inputs, ...SOURCES),
      ...network(inputs, 'cidrIpv4'),
      ...length(inputs, 'description', 0, 255),
      ...ports(inputs),
    ],
    create: (inputs, cloud) => {
      const group = requireSecurityGroup(cloud, operation, text(inputs, 'securityGroupId'));
      refuseReference(cloud, operation, inputs);
      refuseDuplicate(cloud, operation, token, group, inputs, undefined);
      const siblings =
        rulesOf(cloud, token, group.id).length +
        list(group.outputs, direction === 'inbound' ? 'ingress' : 'egress').length;
      if (siblings >= quotas.rulesPerSecurityGroup) {
        throw ec2Error(
          operation,
          'RulesPerSecurityGroupLimitExceeded',
          'The maximum number of rules per security group has been reached.',
        );
      }
      const id = cloud.newId('sgr');
      return { id, outputs: { securityGroupRuleId: id, arn: cloud.arn('ec2', `security-group-rule/${id}`) } };
    },
    update: (resource, inputs, cloud) => {
      const group = requireSecurityGroup(cloud, 'ModifySecurityGroupRules', text(inputs, 'securityGroupId'));
      refuseReference(cloud, 'ModifySecurityGroupRules', inputs);
      refuseDuplicate(cloud, 'ModifySecurityGroupRules', token, group, inputs, resource.id);
      return {};
    },
  };
}

/** Ports go with TCP and UDP, a type and code with ICMP; every protocol (-1) has neither. */
function ports(inputs: Props) {
  const protocol = known(inputs, 'ipProtocol');
  const from = known(inputs, 'fromPort');
  const to = known(inputs, 'toPort');
  if (protocol === '-1' && (from !== undefined || to !== undefined)) {
    return [fail('fromPort', 'must not be set when ip_protocol is "-1"')];
  }
  const ranged = protocol === 'tcp' || protocol === 'udp' || protocol === '6' || protocol === '17';
  if (ranged && (inputs['fromPort'] === undefined || inputs['toPort'] === undefined)) {
    return [fail('fromPort', `from_port and to_port are required for protocol ${String(protocol)}`)];
  }
  if (typeof from === 'number' && typeof to === 'number' && ranged && (from < 0 || to > 65535 || from > to)) {
    return [fail('fromPort', `ports ${from} to ${to} are not a range within 0 to 65535`)];
  }
  return [];
}

function refuseReference(cloud: AwsSession, operation: string, inputs: Props): void {
  const reference = text(inputs, 'referencedSecurityGroupId');
  if (reference !== undefined) requireSecurityGroup(cloud, operation, reference.split('/').pop());
}

function refuseDuplicate(
  cloud: AwsSession,
  operation: string,
  token: string,
  group: Stored,
  inputs: Props,
  own: string | undefined,
): void {
  const same = rulesOf(cloud, token, group.id).find(
    (rule) => rule.id !== own && peerAndPorts(rule.outputs) === peerAndPorts(inputs),
  );
  if (!same) return;
  const peer = SOURCES.map((source) => text(inputs, source)).find((value) => value !== undefined);
  throw ec2Error(
    operation,
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peer}, ${describePorts(inputs)}, ALLOW" already exists`,
  );
}

function rulesOf(cloud: AwsSession, token: string, groupId: string): Stored[] {
  return cloud.all(token).filter((rule) => text(rule.outputs, 'securityGroupId') === groupId);
}

function peerAndPorts(rule: Props): string {
  const { fromPort, toPort } = rule;
  return JSON.stringify([
    text(rule, 'ipProtocol'),
    fromPort ?? -1,
    toPort ?? -1,
    ...SOURCES.map((source) => text(rule, source) ?? ''),
  ]);
}

function describePorts(rule: Props): string {
  const protocol = text(rule, 'ipProtocol') ?? '';
  if (protocol === '-1') return 'ALL';
  return `${protocol.toUpperCase()}, from port: ${number(rule, 'fromPort')}, to port: ${number(rule, 'toPort')}`;
}
