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

/** Outputs by which resources are commonly referred to, the most telling first. */
const REFERRED = ['id', 'arn', 'selfLink', 'name', 'email', 'member', 'endpoint', 'privateKeyPem', 'certPem', 'result'];

export function flatProgram(resources: readonly Exported[]): string {
  const custom = resources.filter(({ custom: isCustom, type }) => isCustom && type !== 'pulumi:pulumi:Stack');
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
    .filter(([key]) => !key.startsWith('__') && key !== 'version')
    .map(([key, value]) => {
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

function className(type: string): string {
  const [scope = '', module = '', name = ''] = type.split(':');
  if (scope === 'pulumi') return `${name}.Provider`;
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
  if (typeof value === 'string') {
    for (const source of sources) {
      const output = REFERRED.find((name) => value !== '' && outputOf(source, name) === value);
      if (output) return `(${variables.get(source.urn)} as any).${output}`;
    }
  }
  return JSON.stringify(value);
}

function outputOf(resource: Exported, name: string): unknown {
  const output = name === 'id' ? resource.id : resource.outputs?.[name];
  return isSecret(output) ? JSON.parse(output.plaintext) : output;
}

function isSecret(value: unknown): value is { plaintext: string } {
  return (
    typeof value === 'object' && value !== null && 'plaintext' in value && '4dabf18193072939515e22adb298388d' in value
  );
}
