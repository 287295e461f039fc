import type { ResourceType } from '../../core/resourceType';
import { list, object, text, texts, type Props } from '../../core/values';
import { requireApi } from '../apis';
import { completeBlocks } from '../blocks';
import { all, isSet, matches, oneOf } from '../checks';
import { googleError } from '../errors';
import { checkDeletionPolicy, deletionPolicy, mayDelete, projectOf, refusing, without } from '../resource';
import type { GcpSession } from '../session';
import { digits } from '../session';

const KINDS = [
  'conditionAbsent',
  'conditionMatchedLog',
  'conditionMonitoringQueryLanguage',
  'conditionPrometheusQueryLanguage',
  'conditionSql',
  'conditionThreshold',
];

const provider = all(
  oneOf('combiner', 'AND', 'OR', 'AND_WITH_MATCHING_RESOURCE'),
  oneOf('severity', 'CRITICAL', 'ERROR', 'WARNING'),
  oneOf(
    'conditions[*].conditionThreshold.comparison',
    'COMPARISON_GT',
    'COMPARISON_GE',
    'COMPARISON_LT',
    'COMPARISON_LE',
    'COMPARISON_EQ',
    'COMPARISON_NE',
  ),
  matches('conditions[*].conditionThreshold.duration', /^\d+s$/, 'a number of seconds such as 60s'),
  matches('conditions[*].conditionAbsent.duration', /^\d+s$/, 'a number of seconds such as 60s'),
);

/** Alerting policies (Cloud Monitoring API, `projects.alertPolicies`). */
export const alertPolicy: ResourceType<GcpSession> = {
  token: 'gcp:monitoring/alertPolicy:AlertPolicy',
  immutable: ['project'],
  seconds: { create: 2, update: 2, delete: 1 },
  defaults: () => ({ enabled: true }),
  previewOutputs: (inputs, cloud, olds) => ({
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...completeBlocks({ conditions: { computed: ['name'] } }, inputs, olds),
    ...without(projectOf(cloud), inputs),
  }),
  check: (inputs) => [...provider(inputs), ...checkDeletionPolicy(inputs)],
  create: (inputs, cloud) =>
    refusing('Error creating AlertPolicy', () => {
      const project = text(inputs, 'project') ?? cloud.project ?? '';
      requireApi(cloud, project, 'monitoring.googleapis.com');
      validate(inputs);
      const id = `projects/${project}/alertPolicies/${digits(`${project}/${cloud.store.nextSerial()}`, 19)}`;
      return { id, outputs: { name: id, project, ...outputsOf(inputs, cloud, id) } };
    }),
  update: (stored, inputs, cloud) =>
    refusing(`Error updating AlertPolicy "${stored.id}"`, () => {
      validate(inputs);
      return outputsOf(inputs, cloud, stored.id);
    }),
  delete: (stored, cloud) => void mayDelete(stored, cloud, 'AlertPolicy'),
};

function outputsOf(inputs: Props, cloud: GcpSession, id: string): Props {
  return {
    deletionPolicy: deletionPolicy(inputs, cloud),
    creationRecords: [],
    conditions: list(inputs, 'conditions').map((condition, i) => ({
      ...object(condition),
      name: `${id}/conditions/${digits(`${id}/${i}`, 19)}`,
    })),
  };
}

/** Cloud Monitoring API, `AlertPolicy`: 1 to 6 conditions; a filter names its metric and its resource type. */
function validate(inputs: Props): void {
  const conditions = list(inputs, 'conditions');
  if (conditions.length < 1 || conditions.length > 6) {
    throw invalid(`conditions has ${conditions.length} elements; a policy has 1 to 6`);
  }
  conditions.forEach((condition, i) => {
    const kinds = KINDS.filter((kind) => isSet(object(condition), kind));
    if (kinds.length !== 1)
      throw invalid(`conditions[${i}] must have exactly one kind of condition, has ${kinds.length}`);
    for (const kind of ['conditionThreshold', 'conditionAbsent']) {
      const filter = text(condition, kind, 'filter');
      if (kinds[0] === kind) validateFilter(`conditions[${i}].${kind}`, filter ?? '');
    }
  });
  for (const channel of texts(inputs, 'notificationChannels')) {
    if (!/^projects\/[^/]+\/notificationChannels\/[^/]+$/.test(channel)) {
      throw invalid(`notification_channels: "${channel}" is not projects/PROJECT/notificationChannels/ID`);
    }
  }
}

/** Cloud Monitoring, "Monitoring filters": an alerting filter has one metric type, and needs a resource type. */
function validateFilter(field: string, filter: string): void {
  if (!/metric\.type\s*=\s*"?[\w./-]+"?/.test(filter)) {
    throw invalid(`${field}.filter must specify a restriction on "metric.type", got '${filter}'`);
  }
  if (!/resource\.type\s*=\s*"?\w+"?/.test(filter)) {
    throw invalid(
      `${field}.filter must specify a restriction on "resource.type"; see "https://cloud.google.com/monitoring/api/resources" for a list of available resource types.`,
    );
  }
}

function invalid(message: string): Error {
  return googleError(400, `Field alert_policy.${message}`, 'badRequest');
}
