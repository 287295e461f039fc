import { isProps, list, number, object, sameValue, text, type Props } from '../../core/values';
import { ApiError, type Cause } from '../apiErrors';
import { customKind } from '../custom/customKind';
import { cassOperator } from '../helm/cassOperator';
import { annotationsOf } from '../meta';
import { resourceCauses } from '../podTemplate';
import { parseQuantity } from '../quantity';
import { DATACENTER_FINALIZER } from './datacenter';
import { DATACENTER_SPEC } from './datacenterSpec';
import { deleteDatacenter, reconcileDatacenter } from './operator';

/** Versions the operator's schema takes. */
const SERVER_VERSION = /^((6\.[89]\.\d+)|(3\.11\.\d+)|(4\.\d+\.\d+)|(5\.\d+\.\d+)|(1\.\d+\.\d+))/;
const RESERVED_PREFIX = 'cassandra.datastax.com';

export const cassandraDatacenter = customKind({
  apiVersion: 'cassandra.datastax.com/v1beta1',
  kind: 'CassandraDatacenter',
  plural: 'cassandradatacenters',
  namespaced: true,
  spec: DATACENTER_SPEC,
  // Each node pulls an image, attaches a volume and joins the ring; a few minutes for a small datacenter.
  seconds: 360,
  served: cassOperator.served,
  validate: schemaCauses,
  admit: (live, state, before) => {
    if (!cassOperator.callWebhook(state)) return;
    const refused = refusal(live) ?? (before && changeRefusal(before, live));
    if (refused) throw denied(refused);
  },
  reconcile: reconcileDatacenter,
  finalizers: [DATACENTER_FINALIZER],
  finalize: deleteDatacenter,
});

/** What the schema of the CustomResourceDefinition says beyond types. */
function schemaCauses(live: Props): Cause[] {
  const spec = object(live, 'spec');
  const causes: Cause[] = [];
  const short = (field: string, value: string | undefined) => {
    if (value !== undefined && value.length < 2) {
      causes.push({ field, detail: `Invalid value: "${value}": ${field} in body should be at least 2 chars long` });
    }
  };
  short('spec.clusterName', text(spec, 'clusterName'));
  list(spec, 'racks').forEach((rack, i) => short(`spec.racks[${i}].name`, text(rack, 'name')));
  const type = text(spec, 'serverType');
  if (type !== undefined && !['cassandra', 'dse', 'hcd'].includes(type)) {
    causes.push({
      field: 'spec.serverType',
      detail: `Unsupported value: "${type}": supported values: "cassandra", "dse", "hcd"`,
    });
  }
  const version = text(spec, 'serverVersion');
  if (version !== undefined && !SERVER_VERSION.test(version)) {
    causes.push({
      field: 'spec.serverVersion',
      detail: `Invalid value: "${version}": spec.serverVersion in body should match the supported versions`,
    });
  }
  const size = number(spec, 'size');
  if (size !== undefined && (size < 1 || !Number.isInteger(size))) {
    causes.push({
      field: 'spec.size',
      detail: `Invalid value: ${size}: spec.size in body should be greater than or equal to 1`,
    });
  }
  list(spec, 'storageConfig', 'additionalVolumes').forEach((volume, i) => {
    const name = text(volume, 'name') ?? '';
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
      causes.push({ field: `spec.storageConfig.additionalVolumes[${i}].name`, detail: `Invalid value: "${name}"` });
    }
  });
  return [...causes, ...resourceCauses(object(spec, 'resources'), 'spec.resources')];
}

/** The operator's validating webhook (cass-operator v1.28, `ValidateSingleDatacenter`). */
function refusal(live: Props): string | undefined {
  const spec = object(live, 'spec');
  const version = text(spec, 'serverVersion') ?? '';
  const type = text(spec, 'serverType') ?? '';
  const config = object(spec, 'config');
  const server = `${type}-${version}`;
  const isCassandra3 = type === 'cassandra' && version.startsWith('3.');
  if (type === 'cassandra' && !/^(3\.11|4\.\d+|5\.\d+)\.\d+/.test(version))
    return `use unsupported Cassandra version '${version}'`;
  if (type === 'cassandra' && Object.values(object(spec, 'dseWorkloads')).includes(true)) {
    return 'enable DSE workloads if server type is Cassandra';
  }
  if (config['jvm-options'] !== undefined && !isCassandra3) return `define config jvm-options with ${server}`;
  if (config['jvm-server-options'] !== undefined && isCassandra3)
    return `define config jvm-server-options with ${server}`;
  if (config['dse-yaml'] !== undefined && type !== 'dse') return `define config dse-yaml with ${server}`;
  if (spec.allowMultipleNodesPerWorker === true && !hasFullResources(object(spec, 'resources'))) {
    return 'use multiple nodes per worker without cpu and memory requests and limits';
  }
  return volumeRefusal(spec) ?? serviceRefusal(spec);
}

function hasFullResources(resources: Props): boolean {
  return ['requests', 'limits'].every((part) =>
    ['cpu', 'memory'].every((name) => object(resources, part)[name] !== undefined),
  );
}

function volumeRefusal(spec: Props): string | undefined {
  for (const volume of list(spec, 'storageConfig', 'additionalVolumes').filter(isProps)) {
    if (volume.pvcSpec !== undefined && volume.volumeSource !== undefined)
      return 'create a volume with both PVCSpec and VolumeSource';
    if (volume.pvcSpec === undefined && volume.volumeSource === undefined) {
      return 'create AdditionalVolume without PVCSpec or VolumeSource';
    }
  }
  return undefined;
}

function serviceRefusal(spec: Props): string | undefined {
  for (const [name, config] of Object.entries(object(spec, 'additionalServiceConfig'))) {
    const keys = [
      ...Object.keys(object(config, 'additionalLabels')),
      ...Object.keys(object(config, 'additionalAnnotations')),
    ];
    if (keys.some((key) => key.startsWith(RESERVED_PREFIX))) {
      return `configure ${name} with reserved annotations and/or labels (prefix ${RESERVED_PREFIX})`;
    }
  }
  return undefined;
}

const FIXED = ['clusterName', 'datacenterName', 'allowMultipleNodesPerWorker', 'superuserSecretName', 'serviceAccount'];

/** What the webhook refuses of a change (`ValidateDatacenterFieldChanges`). */
function changeRefusal(before: Props, live: Props): string | undefined {
  const [old, next] = [object(before, 'spec'), object(live, 'spec')];
  const changed = FIXED.find((field) => !sameValue(old[field], next[field]));
  if (changed) return `change ${changed}`;
  const claim = (spec: Props) => object(spec, 'storageConfig', 'cassandraDataVolumeClaimSpec');
  const asked = (spec: Props) => text(claim(spec), 'resources', 'requests', 'storage') ?? '';
  if ((parseQuantity(asked(next)) ?? 0) < (parseQuantity(asked(old)) ?? 0))
    return `shrink storageConfig.CassandraDataVolumeClaimSpec from ${asked(old)} to ${asked(next)}`;
  const mayGrow = annotationsOf(live)['cassandra.datastax.com/allow-storage-changes'] === 'true';
  const compared = (spec: Props) => (mayGrow ? { ...claim(spec), resources: null } : claim(spec));
  if (!sameValue(compared(old), compared(next))) return 'change storageConfig.CassandraDataVolumeClaimSpec';
  return rackRefusal(before, live);
}

function rackRefusal(before: Props, live: Props): string | undefined {
  const names = (of: Props) => list(of, 'spec', 'racks').map((rack) => text(rack, 'name') ?? '');
  const zones = (of: Props) => list(of, 'spec', 'racks').map((rack) => text(rack, 'zone') ?? '');
  const [old, next] = [names(before), names(live)];
  if (old.length > next.length) return 'remove rack';
  const grown = (number(live, 'spec', 'size') ?? 0) - (number(before, 'spec', 'size') ?? 0);
  if (next.length > old.length && grown <= 0) return 'add rack without increasing size';
  // A smaller growth would move nodes out of the racks that exist.
  const least =
    Math.floor((number(before, 'spec', 'size') ?? 0) / Math.max(old.length, 1)) * (next.length - old.length);
  if (grown < least) return 'add racks without increasing size enough';
  const renamed = old.findIndex((name, i) => name !== next[i]);
  if (renamed >= 0) return `change rack name from '${old[renamed]}' to '${next[renamed]}'`;
  const moved = zones(before).findIndex((zone, i) => zone !== zones(live)[i] && zones(live)[i] !== '');
  return moved < 0 ? undefined : `change rack zone from '${zones(before)[moved]}' to '${zones(live)[moved]}'`;
}

function denied(what: string): ApiError {
  return new ApiError(
    'Forbidden',
    `admission webhook "vcassandradatacenter.kb.io" denied the request: CassandraDatacenter write rejected, attempted to ${what}`,
  );
}
