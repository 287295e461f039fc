/** IAM roles: which policies of AWS's own they have, and who may take them (IAM User Guide). */
import type { Inventory } from '../../resources/inventory';
import { type Resource, asTexts } from '../../resources/resource';
import { jsonText } from '../kubernetes/objects';
import { UNKNOWN, isFields, isList, reveal } from '../../resources/value';

export const ROLE = 'aws:iam/role:Role';
const ATTACHMENT = 'aws:iam/rolePolicyAttachment:RolePolicyAttachment';
const EXCLUSIVE = 'aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive';
const SHARED_ATTACHMENT = 'aws:iam/policyAttachment:PolicyAttachment';
const INLINE = 'aws:iam/rolePolicy:RolePolicy';

/** `arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy`: the name comes last, whatever the partition. */
const MANAGED = /^arn:aws[a-z-]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

/**
 * Whether one of the policies that AWS keeps, by name, is a role's. Undefined where the role has policies of somebody's own
 * as well, which may grant the same, or where one is not known.
 */
export function hasPolicy(inventory: Inventory, role: Resource, name: RegExp): boolean | undefined {
  const arns = arnsOf(inventory, role);
  const managed = arns.map((arn) => (typeof arn === 'string' ? MANAGED.exec(arn)?.[1] : undefined));
  if (managed.some((policy) => policy !== undefined && name.test(policy))) return true;
  const own = inventory.all(INLINE).some((policy) => inventory.find(policy, 'role', ROLE) === role);
  const inline = role.list('inlinePolicies');
  const hasInline = inline === UNKNOWN || (inline ?? []).length > 0;
  return own || hasInline || managed.includes(undefined) ? undefined : false;
}

function arnsOf(inventory: Inventory, role: Resource): readonly (string | typeof UNKNOWN)[] {
  const attached = inventory.all(ATTACHMENT).filter((attachment) => inventory.find(attachment, 'role', ROLE) === role);
  const exclusive = inventory.all(EXCLUSIVE).filter((list) => inventory.find(list, 'roleName', ROLE) === role);
  const shared = inventory
    .all(SHARED_ATTACHMENT)
    .filter((attachment) => inventory.resolveAll(attachment, 'roles', ROLE).resources.includes(role));
  return [
    ...asTexts(role.value('managedPolicyArns')),
    ...exclusive.flatMap((list) => asTexts(list.value('policyArns'))),
    ...[...attached, ...shared].map((attachment) => attachment.text('policyArn') ?? UNKNOWN),
  ];
}

/** Whether a role's trust policy lets a service take it by all of the actions; undefined where the policy is not known. */
export function trusts(role: Resource, service: string, actions: readonly string[]): boolean | undefined {
  const policy = jsonText(role.value('assumeRolePolicy'));
  if (policy === undefined || policy === UNKNOWN) return undefined;
  const statements = listOf(policy['Statement']).filter(isFields);
  const allowed = statements
    .filter(({ Effect, Principal }) => {
      const principal = reveal(Principal);
      return (
        Effect === 'Allow' &&
        (principal === '*' || (isFields(principal) && listOf(principal['Service']).includes(service)))
      );
    })
    .flatMap(({ Action }) => listOf(Action));
  return actions.every((action) => allowed.includes(action) || allowed.includes('sts:*') || allowed.includes('*'));
}

/** IAM takes one value where a list has one. */
function listOf(value: Parameters<typeof reveal>[0]): readonly Exclude<ReturnType<typeof reveal>, undefined>[] {
  const inner = reveal(value);
  return inner === undefined ? [] : isList(inner) ? inner : [inner];
}
