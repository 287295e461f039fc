/**
 * The same resources as a stack export holds, written flat in one file: what a program without components, plan and
 * settings costs. References between resources are kept, so that the engine has the same graph.
 */
export interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

const HEADER = `import * as aws from '@pulumi/aws';
import * as gcp from '@pulumi/gcp';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import * as tls from '@pulumi/tls';
`;

/** What the engine registers by itself. */
const OF_THE_ENGINE: ReadonlySet<string> = new Set(['pulumi:pulumi:Stack', 'pulumi:providers:pulumi']);

/** A shorter output inside a longer text is taken for chance. */
const SHORTEST_HELD = 12;

export function flatProgram(resources: readonly Exported[]): string {
  const custom = resources.filter(({ custom: isCustom, type }) => isCustom && !OF_THE_ENGINE.has(type));
  const variables = new Map(custom.map(({ urn }, index) => [urn, `r${index}`]));
  const byUrn = new Map(custom.map((resource) => [resource.urn, resource]));
  return `${HEADER}\n${custom.map((resource) => statement(resource, variables, byUrn)).join('\n')}\n`;
}

function statement(
  resource: Exported,
  variables: ReadonlyMap<string, string>,
  byUrn: ReadonlyMap<string, Exported>,
): string {
  const properties = Object.entries(resource.inputs ?? {})
    .filter(([key]) => !key.startsWith('__') && !(key === 'version' && resource.type.startsWith('pulumi:providers:')))
    .map(([key, given]) => {
      const value =
        resource.type.startsWith('pulumi:providers:') && key !== 'kubeconfig' ? providerValue(given) : given;
      const sources = (resource.propertyDependencies?.[key] ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
      return `${JSON.stringify(key)}: ${expression(value, sources, variables)}`;
    });
  const dependsOn = (resource.dependencies ?? []).flatMap((urn) => variables.get(urn) ?? []);
  const provider = variables.get(resource.provider?.split('::').slice(0, -1).join('::') ?? '');
  const options = [`dependsOn: [${dependsOn.join(', ')}]`, ...(provider ? [`provider: ${provider}`] : [])];
  const name = resource.urn.split('::').slice(3).join('::');
  const inputs = `{ ${properties.join(', ')} } as any`;
  return `const ${variables.get(resource.urn)} = new ${className(resource.type)}(${JSON.stringify(name)}, ${inputs}, { ${options.join(', ')} });`;
}

/** A provider resource keeps its structures and booleans as JSON text; its constructor takes them as they are. */
function providerValue(value: unknown): unknown {
  return typeof value === 'string' && /^(\{|\[|true$|false$)/.test(value) ? JSON.parse(value) : value;
}

function className(type: string): string {
  const [scope = '', module = '', name = ''] = type.split(':');
  if (module === 'providers') return `${name}.Provider`;
  if (scope !== 'kubernetes') {
    const namespace = module.split('/')[0];
    return namespace === 'index' ? `${scope}.${name}` : `${scope}.${namespace}.${name}`;
  }
  const [group = '', version = ''] = module.split('/');
  const known = [
    'core',
    'apps',
    'batch',
    'policy',
    'helm.sh',
    'networking.k8s.io',
    'rbac.authorization.k8s.io',
    'storage.k8s.io',
  ];
  return known.includes(group)
    ? `kubernetes.${group.split('.')[0]}.${version}.${name}`
    : 'kubernetes.apiextensions.CustomResource';
}

function expression(value: unknown, sources: readonly Exported[], variables: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) return `[${value.map((item) => expression(item, sources, variables)).join(', ')}]`;
  if (isSecret(value)) return `pulumi.secret(${expression(JSON.parse(value.plaintext), sources, variables)})`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${expression(item, sources, variables)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  return typeof value === 'string' ? textExpression(value, sources, variables) : JSON.stringify(value);
}

/** A text that is, or holds, outputs of the resources its property depends on, as an expression over them. */
function textExpression(text: string, sources: readonly Exported[], variables: ReadonlyMap<string, string>): string {
  const outputs = sources.flatMap((source) => outputsOf(source, variables.get(source.urn) ?? ''));
  const exact = outputs.find(({ value }) => value === text);
  if (exact) return exact.expression;
  const held = outputs
    .filter(({ value }) => value.length >= SHORTEST_HELD && text.includes(value))
    .sort((a, b) => b.value.length - a.value.length);
  const first = held[0];
  if (!first) return JSON.stringify(text);
  const parts = text.split(first.value).map((part) => textExpression(part, sources, variables));
  return `pulumi.concat(${parts.join(`, ${first.expression}, `)})`;
}

/** Every text among a resource's outputs with the expression that reads it: the id first, then from the top down. */
function outputsOf(resource: Exported, variable: string): { value: string; expression: string }[] {
  const found = [{ value: resource.id ?? '', expression: `(${variable} as any).id` }];
  const queue: [unknown, string][] = [[resource.outputs, `(${variable} as any)`]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [value, expressionOf] = next;
    if (isSecret(value)) queue.push([JSON.parse(value.plaintext), expressionOf]);
    else if (typeof value === 'string') found.push({ value, expression: expressionOf });
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) queue.push([item, `${expressionOf}[${index(value, key)}]`]);
    }
  }
  return found.filter(({ value }) => value !== '');
}

function index(holder: object, key: string): string {
  return Array.isArray(holder) ? key : JSON.stringify(key);
}

function isSecret(value: unknown): value is { plaintext: string } {
  return (
    typeof value === 'object' && value !== null && 'plaintext' in value && '4dabf18193072939515e22adb298388d' in value
  );
}
