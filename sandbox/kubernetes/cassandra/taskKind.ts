import { isProps, list, number, object, text, type Props } from '../../core/values';
import type { Cause } from '../apiErrors';
import { customKind } from '../custom/customKind';
import { fields, listOf, mapOf, struct } from '../custom/shapes';
import { cassOperator } from '../helm/cassOperator';
import type { Outcome } from '../kind';
import { namespaceOf } from '../meta';
import { timestamp, type ClusterState } from '../state';
import { condition, expiryAfter } from '../waiting';
import { DATACENTER, isReady, readDatacenter } from './datacenter';
import { ringOf } from './ring';

const REFERENCE = struct(
  fields('string', 'apiVersion', 'fieldPath', 'kind', 'name', 'namespace', 'resourceVersion', 'uid'),
);
const ARGUMENTS = struct({
  ...fields('string', 'end_token', 'keyspace_name', 'pod_name', 'rack', 'source_datacenter', 'start_token'),
  ...fields('boolean', 'no_snapshot', 'no_validate', 'skip_corrupted', 'split_output'),
  jobs: 'number',
  new_tokens: mapOf('string'),
  tables: listOf('string'),
});
const COMMANDS = [
  'cleanup',
  'rebuild',
  'restart',
  'upgradesstables',
  'replacenode',
  'compact',
  'scrub',
  'move',
  'garbagecollect',
  'flush',
  'refresh',
  'tsreload',
];

/** A CassandraTask (cass-operator v1.28, `control.k8ssandra.io/v1alpha1`): work on the nodes of one datacenter. */
export const cassandraTask = customKind({
  apiVersion: 'control.k8ssandra.io/v1alpha1',
  kind: 'CassandraTask',
  plural: 'cassandratasks',
  namespaced: true,
  spec: struct({
    ...fields('string', 'concurrencyPolicy', 'restartPolicy', 'scheduledTime'),
    ttlSecondsAfterFinished: 'number',
    datacenter: REFERENCE,
    jobs: listOf(struct({ name: 'string', command: 'string', args: ARGUMENTS }, ['name', 'command'])),
  }),
  seconds: 60,
  served: cassOperator.served,
  validate: (live) =>
    list(live, 'spec', 'jobs').flatMap((job, i): Cause[] => {
      const command = text(job, 'command') ?? '';
      if (COMMANDS.includes(command)) return [];
      return [{ field: `spec.jobs[${i}].command`, detail: `Invalid value: "${command}": unknown job command` }];
    }),
  expiry: (live) => expiryAfter(live, keptSeconds(live)),
  reconcile: reconcileTask,
});

/** A finished task is deleted after a day unless it says otherwise; zero keeps it for good. */
function keptSeconds(live: Props): number | undefined {
  const seconds = number(live, 'spec', 'ttlSecondsAfterFinished') ?? 86400;
  return seconds === 0 ? undefined : seconds;
}

/** A task runs once its datacenter is there and Ready, and stays what it became. */
function reconcileTask(live: Props, state: ClusterState): Outcome {
  if (text(live, 'status', 'completionTime')) return { live, pending: [] };
  const now = timestamp();
  const namespace = text(live, 'spec', 'datacenter', 'namespace') ?? namespaceOf(live) ?? 'default';
  const name = text(live, 'spec', 'datacenter', 'name') ?? '';
  const found = state.get(DATACENTER, name, namespace);
  if (!cassOperator.watches(state, namespaceOf(live) ?? 'default'))
    return { live, pending: ['no running cass-operator watches the task'] };
  if (!found) return { live, pending: [`cassandradatacenters.cassandra.datastax.com "${name}" not found`] };
  if (!isReady(found)) return { live, pending: [`datacenter ${name} is not Ready`] };
  const problem = list(live, 'spec', 'jobs')
    .filter(isProps)
    .map((job) => jobProblem(job, found, state))
    .find((why) => why !== undefined);
  const size = number(found, 'spec', 'size') ?? 0;
  const status: Props = problem
    ? { startTime: now, failed: size, conditions: [condition('Failed', true, 'Failed', problem, now)] }
    : {
        startTime: now,
        completionTime: now,
        succeeded: size,
        conditions: [condition('Running', false, 'Running', '', now), condition('Complete', true, 'Complete', '', now)],
      };
  return { live: { ...live, status }, pending: problem ? [problem] : [] };
}

/** A rebuild streams from another datacenter of the same ring. */
function jobProblem(job: Props, found: Props, state: ClusterState): string | undefined {
  if (text(job, 'command') !== 'rebuild') return undefined;
  const source = text(object(job, 'args'), 'source_datacenter');
  const dc = readDatacenter(found);
  if (source === undefined) return 'rebuild needs args.source_datacenter';
  if (source === dc.datacenter) return `rebuild of ${source} from itself`;
  const known = ringOf(state, dc).some((member) => member.dc.datacenter === source);
  return known
    ? undefined
    : `Provided datacenter '${source}' is not a valid datacenter, available datacenters are: ${dc.datacenter}`;
}
