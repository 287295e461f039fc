import { flag, texts } from '../../core/values';
import { callWebhook } from '../webhooks';
import { isDefined } from './definitions';
import { fullName, releasesOf, type InstalledRelease } from './releases';
import type { ClusterState } from '../state';

export const CASS_OPERATOR = 'cass-operator';

/** Port of the operator's webhook server. */
const WEBHOOK_PORT = 9443;

/** cass-operator as other parts of the cluster meet it. */
export const cassOperator = {
  /** Helm installs a chart's `crds/` folder and never removes them: served from the first release on. */
  served: (state: ClusterState): boolean => isDefined(state, CASS_OPERATOR),
  /** Whether a running operator works on the objects of a namespace: its own only, unless `global.clusterScoped`. */
  watches: (state: ClusterState, namespace: string): boolean =>
    releasesOf(state, CASS_OPERATOR).some((release) => release.ready && covers(release, namespace)),
  /** Calls the validating webhook of CassandraDatacenters; false where it is off. */
  callWebhook: (state: ClusterState): boolean => {
    const release = releasesOf(state, CASS_OPERATOR).find(
      ({ values }) => flag(values, 'admissionWebhooks', 'enabled') !== false,
    );
    if (!release) return false;
    callWebhook(state, {
      name: 'vcassandradatacenter.kb.io',
      service: `${fullName(CASS_OPERATOR, release.name, { values: release.values })}-webhook-service`,
      namespace: release.namespace,
      path: '/validate-cassandra-datastax-com-v1beta1-cassandradatacenter',
      timeoutSeconds: 10,
      port: WEBHOOK_PORT,
      running: release.ready,
    });
    return true;
  },
};

function covers({ namespace: own, values }: InstalledRelease, namespace: string): boolean {
  if (flag(values, 'global', 'clusterScoped') !== true) return own === namespace;
  const watched = texts(values, 'global', 'watchNamespaces');
  return watched.length === 0 || watched.includes(namespace);
}
