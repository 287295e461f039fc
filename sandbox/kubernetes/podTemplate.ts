import { isProps, list, number, object, text, type Props, type Value } from '../core/values';
import type { Cause } from './apiErrors';
import { strings } from './meta';
import { parseQuantity } from './quantity';

const CONTAINER_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A pod template with the API server's defaults for pods and containers. */
export function defaultTemplate(template: Props, restartPolicy: string | undefined): Props {
  const spec = object(template, 'spec');
  const account = text(spec, 'serviceAccountName');
  return {
    ...template,
    spec: {
      ...(restartPolicy ? { restartPolicy } : {}),
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...(account ? { serviceAccount: account } : {}),
      ...spec,
      containers: containers(spec, 'containers').map(defaultContainer),
      ...(spec.initContainers ? { initContainers: containers(spec, 'initContainers').map(defaultContainer) } : {}),
    },
  };
}

function defaultContainer(container: Props): Props {
  const image = text(container, 'image') ?? '';
  const latest = !image.includes('@') && (/:latest$/.test(image) || !/:[^/]+$/.test(image));
  const ports = list(container, 'ports').map((port) => ({ protocol: 'TCP', ...(isProps(port) ? port : {}) }));
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
    ...container,
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** What the API server refuses in a pod template; `path` is where the template stands. */
export function templateCauses(template: Props, path: string): Cause[] {
  const spec = object(template, 'spec');
  const all = containers(spec, 'containers');
  const causes: Cause[] = [];
  if (all.length === 0) causes.push({ field: `${path}.spec.containers`, detail: 'Required value' });
  const volumes = new Set(list(spec, 'volumes').map((volume) => text(volume, 'name') ?? ''));
  for (const field of ['initContainers', 'containers'] as const) {
    const names = new Set<string>();
    containers(spec, field).forEach((container, i) => {
      causes.push(...containerCauses(container, `${path}.spec.${field}[${i}]`, volumes, names));
    });
  }
  return [...causes, ...spreadCauses(spec, `${path}.spec`)];
}

function containerCauses(container: Props, path: string, volumes: Set<string>, names: Set<string>): Cause[] {
  const causes: Cause[] = [];
  const name = text(container, 'name') ?? '';
  if (name === '') causes.push({ field: `${path}.name`, detail: 'Required value' });
  else if (!CONTAINER_NAME.test(name) || name.length > 63) {
    causes.push({ field: `${path}.name`, detail: `Invalid value: "${name}": a lowercase RFC 1123 label is required` });
  } else if (names.has(name)) causes.push({ field: `${path}.name`, detail: `Duplicate value: "${name}"` });
  names.add(name);
  if (!text(container, 'image')) causes.push({ field: `${path}.image`, detail: 'Required value' });
  list(container, 'volumeMounts').forEach((mount, i) => {
    const volume = text(mount, 'name') ?? '';
    if (!volumes.has(volume))
      causes.push({ field: `${path}.volumeMounts[${i}].name`, detail: `Not found: "${volume}"` });
    if (!text(mount, 'mountPath'))
      causes.push({ field: `${path}.volumeMounts[${i}].mountPath`, detail: 'Required value' });
  });
  list(container, 'ports').forEach((port, i) => {
    causes.push(...portCauses(number(port, 'containerPort'), `${path}.ports[${i}].containerPort`));
  });
  return [...causes, ...resourceCauses(object(container, 'resources'), `${path}.resources`)];
}

export function portCauses(port: number | undefined, field: string): Cause[] {
  if (port === undefined) return [{ field, detail: 'Required value' }];
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return [];
  return [{ field, detail: `Invalid value: ${port}: must be between 1 and 65535, inclusive` }];
}

/** Requests and limits: quantities, and no request above its limit. */
export function resourceCauses(resources: Props, path: string): Cause[] {
  const limits = object(resources, 'limits');
  const causes: Cause[] = [];
  for (const part of ['limits', 'requests'] as const) {
    for (const [name, value] of Object.entries(object(resources, part))) {
      const amount = quantityOf(value);
      const field = `${path}.${part}[${name}]`;
      if (amount === undefined) {
        causes.push({
          field,
          detail: `Invalid value: "${String(value)}": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        });
      } else if (part === 'requests') {
        const limit = limits[name] === undefined ? undefined : quantityOf(limits[name]);
        if (limit !== undefined && amount > limit) {
          const detail = `Invalid value: "${String(value)}": must be less than or equal to ${name} limit of ${String(limits[name])}`;
          causes.push({ field: `${path}.requests`, detail });
        }
      }
    }
  }
  return causes;
}

function quantityOf(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'string' ? parseQuantity(value) : undefined;
}

function spreadCauses(spec: Props, path: string): Cause[] {
  return list(spec, 'topologySpreadConstraints').flatMap((constraint, i) => {
    const field = `${path}.topologySpreadConstraints[${i}]`;
    const when = text(constraint, 'whenUnsatisfiable') ?? '';
    const causes: Cause[] = [];
    if (!['DoNotSchedule', 'ScheduleAnyway'].includes(when)) {
      causes.push({
        field: `${field}.whenUnsatisfiable`,
        detail: `Unsupported value: "${when}": supported values: "DoNotSchedule", "ScheduleAnyway"`,
      });
    }
    if ((number(constraint, 'maxSkew') ?? 0) < 1) {
      causes.push({
        field: `${field}.maxSkew`,
        detail: `Invalid value: ${number(constraint, 'maxSkew') ?? 0}: must be greater than zero`,
      });
    }
    return causes;
  });
}

/** A selector has to match the labels of the template it selects. */
export function selectorCauses(live: Props): Cause[] {
  const wanted = strings(object(live, 'spec', 'selector', 'matchLabels'));
  const labels = strings(object(live, 'spec', 'template', 'metadata', 'labels'));
  if (Object.keys(wanted).length === 0 && list(live, 'spec', 'selector', 'matchExpressions').length === 0) {
    return [{ field: 'spec.selector', detail: 'Required value' }];
  }
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
    ? []
    : [
        {
          field: 'spec.template.metadata.labels',
          detail: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
        },
      ];
}

export function containers(spec: Props, field: string): Props[] {
  return list(spec, field).filter(isProps);
}
