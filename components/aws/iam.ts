import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';

/** A role with the policies that make it usable: what assumes the role waits for both. */
export interface UsableRole {
  readonly role: aws.iam.Role;
  readonly policies: readonly pulumi.Resource[];
}

/** An IAM statement that allows something. */
export interface AllowStatement {
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Policy document of statements that allow. */
export function policyDocument(statements: readonly AllowStatement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/** Trust policy for a service of AWS, e.g. `eks.amazonaws.com`. */
export function serviceTrust(service: string): string {
  return trust(service, ['sts:AssumeRole']);
}

/**
 * Trust policy for EKS Pod Identity, which also sets session tags (EKS user guide, "Create IAM role
 * with trust policy required by EKS Pod Identity").
 */
export function podIdentityTrust(): string {
  return trust('pods.eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']);
}

/** A role with policies that AWS manages, given by their path and name after `policy/`. */
export function managedRole(
  name: string,
  trustPolicy: string,
  policies: readonly string[],
  options: pulumi.CustomResourceOptions,
): UsableRole {
  const role = new aws.iam.Role(name, { assumeRolePolicy: trustPolicy }, options);
  return {
    role,
    policies: policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy.split('/').pop()}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          options,
        ),
    ),
  };
}

/** A role with one policy of its own. */
export function ownRole(
  name: string,
  trustPolicy: string,
  policy: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): UsableRole {
  const role = new aws.iam.Role(name, { assumeRolePolicy: trustPolicy }, options);
  return { role, policies: [new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, options)] };
}

function trust(service: string, actions: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }],
  });
}
