import { number, object, text, type Props } from '../core/values';
import type { Kind, Outcome } from './kind';
import { isOn, nameOf, namespaceOf } from './meta';
import { defaultTemplate, templateCauses } from './podTemplate';
import { connectionProblems } from './reach';
import { obstacles } from './scheduling';
import { timestamp, uidOf, type ClusterState } from './state';
import { condition, expiryAfter } from './waiting';

export const job: Kind = {
  token: 'kubernetes:batch/v1:Job',
  apiVersion: 'batch/v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
  forceNew: ['spec.completions', 'spec.parallelism', 'spec.selector', 'spec.template'],
  seconds: 15,
  awaited: true,
  defaults: (live) => {
    const spec = object(live, 'spec');
    return {
      ...live,
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        ...spec,
        template: defaultTemplate(object(spec, 'template'), undefined),
      },
    };
  },
  validate: (live) => {
    const template = object(live, 'spec', 'template');
    const policy = text(template, 'spec', 'restartPolicy');
    return [
      ...templateCauses(template, 'spec.template'),
      ...(policy === 'Never' || policy === 'OnFailure'
        ? []
        : [
            { field: 'spec.template.spec.restartPolicy', detail: 'Required value: valid values: "OnFailure", "Never"' },
          ]),
    ];
  },
  // "Automatic Cleanup for Finished Jobs": none unless the Job asks for it.
  expiry: (live) => expiryAfter(live, number(live, 'spec', 'ttlSecondsAfterFinished')),
  reconcile: reconcileJob,
};

const FAILED = '[BackoffLimitExceeded] Job has reached the specified backoff limit';

/**
 * The job controller: a Job completes if its pod can run and what its container connects to answers. One that failed
 * stays failed; with `pulumi.com/replaceUnready` the provider replaces it, which here means that it runs again.
 */
function reconcileJob(live: Props, state: ClusterState): Outcome {
  if (text(live, 'status', 'completionTime')) return { live, pending: [] };
  if (number(live, 'status', 'failed') && !isOn(live, 'pulumi.com/replaceUnready')) {
    return { live, pending: [FAILED] };
  }
  const spec = object(live, 'spec', 'template', 'spec');
  const namespace = namespaceOf(live) ?? 'default';
  const waiting = obstacles(state, namespace, spec, number(live, 'spec', 'parallelism') ?? 1);
  const now = timestamp();
  if (waiting.length > 0)
    return { live: { ...live, status: { active: 1, ready: 0, startTime: now } }, pending: waiting };
  const problems = connectionProblems(state, namespace, spec);
  return problems.length > 0 ? failed(live, problems, now) : complete(live, now);
}

function complete(live: Props, now: string): Outcome {
  const status: Props = {
    startTime: now,
    completionTime: now,
    succeeded: number(live, 'spec', 'completions') ?? 1,
    ready: 0,
    uncountedTerminatedPods: {},
    conditions: [condition('Complete', true, 'CompletionsReached', 'Reached expected number of succeeded pods', now)],
  };
  return { live: withSelector({ ...live, status }), pending: [] };
}

function failed(live: Props, problems: readonly string[], now: string): Outcome {
  const limit = number(live, 'spec', 'backoffLimit') ?? 6;
  const status: Props = {
    startTime: now,
    failed: limit + 1,
    conditions: [condition('Failed', true, 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', now)],
  };
  const pods = problems.map((problem) => `[Pod ${nameOf(live)}]: containers with unready status: ${problem}`);
  return {
    live: withSelector({ ...live, status }),
    pending: [FAILED, ...pods],
  };
}

/** The selector and labels by which the controller knows its pods. */
function withSelector(live: Props): Props {
  const labels = { 'batch.kubernetes.io/controller-uid': uidOf(live) };
  return { ...live, spec: { ...object(live, 'spec'), selector: { matchLabels: labels } } };
}
