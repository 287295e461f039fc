import { isProps, number, object, text, type Props } from '../core/values';
import type { Kind } from './kind';
import { namespaceOf } from './meta';
import { defaultTemplate, selectorCauses, templateCauses } from './podTemplate';
import { DEPLOYMENT } from './pods';
import { obstacles } from './scheduling';
import { timestamp, type ClusterState } from './state';
import { condition, generationOf } from './waiting';

export const deployment: Kind = {
  token: DEPLOYMENT,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  forceNew: ['spec.selector'],
  seconds: 20,
  awaited: true,
  defaults: (live) => ({
    ...live,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...object(live, 'spec'),
      strategy: defaultStrategy(object(live, 'spec', 'strategy')),
      template: defaultTemplate(object(live, 'spec', 'template'), 'Always'),
    },
  }),
  validate: (live) => [
    ...selectorCauses(live),
    ...templateCauses(object(live, 'spec', 'template'), 'spec.template'),
    ...restartCauses(live),
    ...((number(live, 'spec', 'replicas') ?? 0) < 0
      ? [
          {
            field: 'spec.replicas',
            detail: `Invalid value: ${number(live, 'spec', 'replicas')}: must be greater than or equal to 0`,
          },
        ]
      : []),
  ],
  reconcile: reconcileDeployment,
};

function defaultStrategy(strategy: Props): Props {
  if (text(strategy, 'type') === 'Recreate') return strategy;
  const rolling = isProps(strategy.rollingUpdate) ? strategy.rollingUpdate : {};
  return { type: 'RollingUpdate', ...strategy, rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...rolling } };
}

function restartCauses(live: Props) {
  const policy = text(live, 'spec', 'template', 'spec', 'restartPolicy');
  return policy === 'Always'
    ? []
    : [
        {
          field: 'spec.template.spec.restartPolicy',
          detail: `Unsupported value: "${policy}": supported values: "Always"`,
        },
      ];
}

/** The deployment controller: pods run where the scheduler finds room. */
export function reconcileDeployment(live: Props, state: ClusterState) {
  const replicas = number(live, 'spec', 'replicas') ?? 1;
  const problems = obstacles(state, namespaceOf(live) ?? 'default', object(live, 'spec', 'template', 'spec'), replicas);
  const ready = problems.length === 0 ? replicas : 0;
  const now = timestamp();
  const available = condition(
    'Available',
    problems.length === 0,
    problems.length === 0 ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    problems.length === 0 ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    now,
  );
  const progressing = condition(
    'Progressing',
    true,
    'NewReplicaSetAvailable',
    'ReplicaSet has successfully progressed.',
    now,
  );
  const status: Props = {
    observedGeneration: generationOf(live),
    replicas,
    updatedReplicas: replicas,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(problems.length > 0 ? { unavailableReplicas: replicas } : {}),
    conditions: [available, progressing],
  };
  const pending = problems.length > 0 ? ['Minimum number of live Pods was not attained', ...problems] : [];
  return { live: { ...live, status }, pending };
}
