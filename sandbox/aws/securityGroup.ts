import { list, text, texts, type Props, type Value } from '../core/values';
import type { AwsType } from './awsType';
import { conflicts, fail, length, matches, networks, known } from './checks';
import { dependencyViolation, ec2Error } from './errors';
import { requireSecurityGroup, requireVpc } from './lookups';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { DEFAULT_SECURITY_GROUP, EGRESS_RULE, INGRESS_RULE, NETWORK_INTERFACE, SECURITY_GROUP } from './tokens';

export const securityGroup: AwsType = {
  token: SECURITY_GROUP,
  seconds: { create: 2, delete: 1 },
  immutable: ['name', 'namePrefix', 'description', 'vpcId'],
  autoName: { property: 'name', maxLength: 255 },
  defaults: () => ({ description: 'Managed by Pulumi', revokeRulesOnDelete: false }),
  check: (inputs) => [
    ...length(inputs, 'name', 0, 255),
    ...matches(inputs, 'name', /^(?!sg-)/, 'cannot begin with sg-'),
    ...length(inputs, 'description', 0, 255),
    ...matches(inputs, 'description', /^[0-9A-Za-z_ .:/()#,@[\]+=&;{}!$*-]*$/, 'EC2 security group descriptions'),
    ...conflicts(inputs, 'name', 'namePrefix'),
    ...inlineRules(inputs, 'ingress'),
    ...inlineRules(inputs, 'egress'),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateSecurityGroup';
    const vpc = requireVpc(cloud, operation, text(inputs, 'vpcId'));
    const name = text(inputs, 'name') ?? '';
    const sibling = cloud.find(
      SECURITY_GROUP,
      (sg) => text(sg.outputs, 'vpcId') === vpc.id && text(sg.outputs, 'name') === name,
    );
    if (sibling) {
      throw ec2Error(
        operation,
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpc.id}'`,
      );
    }
    if (cloud.all(SECURITY_GROUP).length >= quotas.securityGroupsPerRegion) {
      throw ec2Error(
        operation,
        'SecurityGroupLimitExceeded',
        'The maximum number of security groups has been reached.',
      );
    }
    refuseRuleCount(inputs);
    const id = cloud.newId('sg');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `security-group/${id}`),
        ownerId: cloud.accountId,
        namePrefix: text(inputs, 'namePrefix') ?? '',
        ingress: inputs['ingress'] ?? [],
        egress: inputs['egress'] ?? [],
      },
    };
  },
  update: (_, inputs) => {
    refuseRuleCount(inputs);
    return { ingress: inputs['ingress'] ?? [], egress: inputs['egress'] ?? [] };
  },
  delete: (resource, cloud) => {
    if (isUsed(cloud, resource.id)) {
      throw dependencyViolation('DeleteSecurityGroup', `resource ${resource.id} has a dependent object`);
    }
    deleteRulesOf(cloud, resource.id);
  },
};

/** Adopts the group every VPC has, and takes out all rules it does not list (provider docs). */
export const defaultSecurityGroup: AwsType = {
  token: DEFAULT_SECURITY_GROUP,
  seconds: { create: 1, delete: 1 },
  immutable: ['vpcId'],
  check: (inputs) => [...inlineRules(inputs, 'ingress'), ...inlineRules(inputs, 'egress')],
  create: (inputs, cloud) => {
    const vpc = requireVpc(cloud, 'DescribeSecurityGroups', text(inputs, 'vpcId'));
    const id = text(vpc.outputs, 'defaultSecurityGroupId') ?? '';
    deleteRulesOf(cloud, id);
    return { id, outputs: adopt(cloud, id, inputs) };
  },
  update: (resource, inputs, cloud) => adopt(cloud, resource.id, inputs),
};

/** A new VPC's own group: everything in from itself, everything out. */
export function createDefaultSecurityGroup(cloud: AwsSession, vpcId: string): string {
  const id = cloud.newId('sg');
  const anywhere = { protocol: '-1', fromPort: 0, toPort: 0 };
  const outputs = {
    vpcId,
    name: 'default',
    namePrefix: '',
    description: 'default VPC security group',
    arn: cloud.arn('ec2', `security-group/${id}`),
    ownerId: cloud.accountId,
    ingress: [{ ...anywhere, self: true }],
    egress: [{ ...anywhere, cidrBlocks: ['0.0.0.0/0'] }],
  };
  cloud.put(SECURITY_GROUP, id, {}, outputs);
  return id;
}

export function deleteRulesOf(cloud: AwsSession, groupId: string): void {
  for (const token of [INGRESS_RULE, EGRESS_RULE]) {
    for (const rule of cloud.all(token)) {
      if (text(rule.outputs, 'securityGroupId') === groupId) cloud.remove(token, rule.id);
    }
  }
}

/** A group is in use while an interface carries it or a rule of another group names it. */
export function isUsed(cloud: AwsSession, groupId: string): boolean {
  const carried = cloud.all(NETWORK_INTERFACE).some((eni) => texts(eni.outputs, 'securityGroups').includes(groupId));
  const named = [INGRESS_RULE, EGRESS_RULE]
    .flatMap((token) => cloud.all(token))
    .some(
      (rule) =>
        text(rule.outputs, 'referencedSecurityGroupId') === groupId &&
        text(rule.outputs, 'securityGroupId') !== groupId,
    );
  const inline = cloud
    .all(SECURITY_GROUP)
    .filter((group) => group.id !== groupId)
    .flatMap((group) => [...list(group.outputs, 'ingress'), ...list(group.outputs, 'egress')])
    .some((rule) => texts(rule, 'securityGroups').includes(groupId));
  return carried || named || inline;
}

function adopt(cloud: AwsSession, id: string, inputs: Props): Props {
  const rules = { ingress: inputs['ingress'] ?? [], egress: inputs['egress'] ?? [] };
  const group = requireSecurityGroup(cloud, 'DescribeSecurityGroups', id);
  const stored = cloud.put(SECURITY_GROUP, id, {}, { ...group.outputs, ...rules });
  return stored.outputs;
}

function inlineRules(inputs: Props, direction: 'ingress' | 'egress') {
  const rules = known(inputs, direction);
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: Value, index) => {
    const path = `${direction}[${index}]`;
    const { protocol, fromPort, toPort } = rule as Props;
    const all = protocol === '-1' || protocol === 'all';
    const ports = all && (fromPort !== 0 || toPort !== 0);
    const failures = ports
      ? [
          fail(
            path,
            `from_port (${String(fromPort)}) and to_port (${String(toPort)}) must both be 0 to use the 'ALL' "-1" protocol!`,
          ),
        ]
      : [];
    return [...failures, ...networks(inputs, `${path}.cidrBlocks`)];
  });
}

function refuseRuleCount(inputs: Props): void {
  for (const direction of ['ingress', 'egress']) {
    if (list(inputs, direction).length > quotas.rulesPerSecurityGroup) {
      throw ec2Error(
        'AuthorizeSecurityGroupIngress',
        'RulesPerSecurityGroupLimitExceeded',
        'The maximum number of rules per security group has been reached.',
      );
    }
  }
}
