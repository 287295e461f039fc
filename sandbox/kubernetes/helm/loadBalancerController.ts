import { CloudError } from '../../core/errors';
import { flag } from '../../core/values';
import { callWebhook } from '../webhooks';
import { releasesOf } from './releases';
import type { ClusterState } from '../state';

export const LOAD_BALANCER_CONTROLLER = 'aws-load-balancer-controller';

/** Port of the controller's webhook server. */
const WEBHOOK_PORT = 9443;

/** The controller as other parts of the cluster meet it. */
export const loadBalancerController = {
  runs: (state: ClusterState): boolean => releasesOf(state, LOAD_BALANCER_CONTROLLER).some(({ ready }) => ready),
  /** How it words what it refuses before it calls AWS. */
  modelError: (problem: string): CloudError => new CloudError('FailedBuildModel', problem),
  /**
   * The webhook that makes the controller the default for load balancers: called for every new Service of the
   * cluster, whatever its type, unless the chart is told `enableServiceMutatorWebhook: false`. Returns whether it is on.
   */
  mutatesServices: (state: ClusterState): boolean => {
    const release = releasesOf(state, LOAD_BALANCER_CONTROLLER).find(
      ({ values }) => flag(values, 'enableServiceMutatorWebhook') !== false,
    );
    if (!release) return false;
    callWebhook(state, {
      name: 'mservice.elbv2.k8s.aws',
      service: 'aws-load-balancer-webhook-service',
      namespace: release.namespace,
      path: '/mutate-v1-service',
      timeoutSeconds: 10,
      port: WEBHOOK_PORT,
      running: release.ready,
    });
    return true;
  },
};
