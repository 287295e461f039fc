import {
  type Policies,
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from '@pulumi/policy';
import { secretsPreservingProxy } from '@pulumi/policy/secret';
import type { ResourceInput } from '../../reachability';

/** A violation as the engine shows it. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  readonly urn: string | undefined;
}

export interface JudgeOptions {
  /** By policy name, as the engine hands it to the policy: with all defaults filled in. */
  readonly config?: Readonly<Record<string, object>>;
  /** Levels that the pack's configuration overrides; a remediation runs at the level `remediate` only. */
  readonly levels?: Readonly<Record<string, string>>;
}

/**
 * Hands a stack to policies as the engine does: first every resource's inputs, secrets told to remediations alone;
 * then all resources with their outputs, behind proxies that throw where a value is unknown.
 */
export async function judgeAsEngine(
  policies: Policies,
  resources: readonly ResourceInput[],
  { config = {}, levels = {} }: JudgeOptions = {},
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const enabled = policies.filter(({ name }) => levels[name] !== 'disabled');
  for (const resource of resources) {
    for (const policy of enabled.filter(isResourcePolicy)) {
      const level = levels[policy.name] ?? policy.enforcementLevel;
      if (level === 'remediate')
        await policy.remediateResource?.(
          argsOf(resource, unknownCheckingProxy(secretsPreservingProxy(withSecrets(resource.inputs)))),
        );
      const validations = [policy.validateResource].flat();
      for (const validate of validations) {
        await validate?.(argsOf(resource, unknownCheckingProxy(plain(resource.inputs))), (violation) => {
          violations.push({ policy: policy.name, message: String(violation), urn: resource.urn });
        });
      }
    }
  }
  for (const policy of enabled.filter(isStackPolicy)) {
    await policy.validateStack(
      {
        resources: resources.map(policyResource),
        stackTags: new Map(),
        getConfig: <T extends object>() => (config[policy.name] ?? {}) as T,
        notApplicable: () => {
          throw new Error('not expected');
        },
      },
      (violation, urn) => {
        violations.push({ policy: policy.name, message: String(violation), urn });
      },
    );
  }
  return violations;
}

function isResourcePolicy(policy: Policies[number]): policy is ResourceValidationPolicy {
  return 'validateResource' in policy;
}

function isStackPolicy(policy: Policies[number]): policy is StackValidationPolicy {
  return 'validateStack' in policy;
}

function argsOf(resource: ResourceInput, props: Record<string, unknown>): ResourceValidationArgs {
  return { type: resource.type, urn: resource.urn, props } as ResourceValidationArgs;
}

/** Kubernetes objects of a cluster that does not exist yet have no outputs at all. */
function policyResource(resource: ResourceInput, _: number, all: readonly ResourceInput[]): PolicyResource {
  const named = (urn: string): PolicyResource => ({ urn }) as PolicyResource;
  const outputs = resource.type.startsWith('kubernetes:') ? {} : plain({ ...resource.inputs, ...resource.outputs });
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.urn,
    props: unknownCheckingProxy(outputs),
    provider: resource.provider && { urn: resource.provider.slice(0, resource.provider.lastIndexOf('::')) },
    dependencies: (resource.dependencies ?? []).map(named),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {}).map(([key, urns]) => [key, urns.map(named)]),
    ),
    parent: all.find(({ urn }) => urn === resource.parent) && named(resource.parent ?? ''),
  } as unknown as PolicyResource;
}

const SIGNATURE = '4dabf18193072939515e22adb298388d';

function isMarked(value: unknown): value is { readonly plaintext: string } {
  return typeof value === 'object' && value !== null && SIGNATURE in value;
}

/** As remediations see it: secrets wrapped. */
function withSecrets(value: unknown): Record<string, unknown> {
  return mapTree(value, (text) => new Secret(text)) as Record<string, unknown>;
}

/** As everything else sees it: secrets in the clear. */
function plain(value: unknown): Record<string, unknown> {
  return mapTree(value, (text) => text) as Record<string, unknown>;
}

function mapTree(value: unknown, secret: (text: unknown) => unknown): unknown {
  if (isMarked(value)) return secret(JSON.parse(value.plaintext));
  if (Array.isArray(value)) return value.map((item) => mapTree(item, secret));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTree(item, secret)]));
}
