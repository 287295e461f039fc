import type { ResourceType, Subject } from '../../core/resourceType';
import { CloudError, InitializationFailed } from '../../core/errors';
import { validateShape, type CheckFailure } from '../../core/validate';
import { UNKNOWN, flag, isKnown, object, text, type Props } from '../../core/values';
import { NamespaceNotFound } from '../apiErrors';
import { reconcileDeployment } from '../deployments';
import { erase } from '../deletion';
import { namespace as newNamespace, namespaceContents } from '../given/namespaces';
import { digest } from '../digest';
import { annotationsOf, id, nameOf } from '../meta';
import { DEPLOYMENT } from '../pods';
import { NAMESPACE, type ClusterState } from '../state';
import type { KubernetesSession } from '../session';
import { chartNamed, chartNames, type Chart, type Installation } from './charts';
import { define, undefine } from './definitions';
import { RELEASE, chartName } from './releases';

/** A Helm release (provider documentation, `helm.v3.Release`; Helm documentation). */
export const releaseType: ResourceType<KubernetesSession> = {
  token: RELEASE,
  seconds: { create: 45, update: 30, delete: 20 },
  immutable: ['name', 'namespace'],
  nameOf: (inputs) => text(inputs, 'name') && id(text(inputs, 'namespace'), text(inputs, 'name') ?? ''),
  complete: (inputs, olds, subject, cloud) => ({
    namespace: cloud?.settings.namespace ?? 'default',
    name: text(olds, 'name') ?? releaseName(subject),
    ...inputs,
  }),
  check: checkRelease,
  // The chart is rendered at preview; what the release becomes is known when it is installed.
  rehearse: (inputs, _cloud, _subject, olds) => ({
    resourceNames: olds?.resourceNames ?? UNKNOWN,
    manifest: olds?.manifest ?? UNKNOWN,
    status: UNKNOWN,
    ...inputs,
  }),
  create: (inputs, cloud, subject) => {
    const state = cloud.state();
    const release = installationOf(inputs);
    prepareNamespace(state, inputs, release.namespace);
    if (state.stored(RELEASE, id(release.namespace, release.name))) {
      throw new CloudError('InUse', 'cannot re-use a name that is still in use');
    }
    return { id: id(release.namespace, release.name), outputs: install(state, inputs, subject, 1) };
  },
  update: (stored, inputs, cloud, subject) => {
    const revision = Number(object(stored.outputs, 'status').revision ?? 1) + 1;
    return install(cloud.state(), inputs, subject, revision);
  },
  delete: (stored, cloud) => {
    const state = cloud.state();
    for (const workload of workloadsOf(state, stored.id)) erase(state, DEPLOYMENT, workload);
    const name = chartName(stored.inputs);
    const group = chartNamed(name)?.definitions?.(object(stored.inputs, 'values')).removed;
    if (group) undefine(state, name, group);
  },
};

function releaseName(subject: Subject): string {
  return `${subject.name}-${digest(subject.urn)}`.toLowerCase();
}

/** What the provider finds by rendering the chart, before anything is installed. */
function checkRelease(inputs: Props): CheckFailure[] {
  if (!isKnown(inputs.chart)) return [];
  const name = chartName(inputs);
  const chart = chartNamed(name);
  if (!chart) {
    const known = chartNames().join(', ');
    return [
      { property: 'chart', reason: `chart "${name}" is none that the local cloud can install; it knows ${known}` },
    ];
  }
  return [...locationFailures(inputs, name), ...valueFailures(inputs, chart)];
}

/** Where Helm would look: a repository's URL, an OCI reference, or a path. A bare name is in no repository. */
function locationFailures(inputs: Props, name: string): CheckFailure[] {
  const chart = text(inputs, 'chart') ?? '';
  const repository = text(inputs, 'repositoryOpts', 'repo');
  const failures: CheckFailure[] = [];
  const remote = chart.startsWith('oci://') || /^https?:\/\//.test(chart);
  const local = /^\.{0,2}\//.test(chart);
  if (!remote && !local && repository === undefined) {
    failures.push({
      property: 'chart',
      reason: `failed to download chart: chart "${name}" not found; set repositoryOpts.repo`,
    });
  }
  if (chart.startsWith('oci://') && repository !== undefined) {
    failures.push({ property: 'repositoryOpts.repo', reason: 'an OCI chart reference takes no repository' });
  }
  if (repository !== undefined && !/^(https?|oci):\/\/\S+$/.test(repository)) {
    failures.push({ property: 'repositoryOpts.repo', reason: `could not find protocol handler for: ${repository}` });
  }
  const version = text(inputs, 'version');
  if (!local && version === undefined && isKnown(inputs.version)) {
    failures.push({
      property: 'version',
      reason: 'without a version Helm takes the latest there is on the day; the local cloud wants one',
    });
  }
  if (version !== undefined && !/^[v^~>=<]?\s*\d+(\.\d+){0,2}/.test(version)) {
    failures.push({ property: 'version', reason: `improper constraint: ${version}` });
  }
  return failures;
}

function valueFailures(inputs: Props, chart: Chart): CheckFailure[] {
  return validateShape(object(inputs, 'values'), chart.values, 'values').map(({ property, reason }) => ({
    property,
    reason: reason === 'unknown property' ? `not a value of chart ${chart.name}` : reason,
  }));
}

function installationOf(inputs: Props): Installation {
  return {
    name: text(inputs, 'name') ?? '',
    namespace: text(inputs, 'namespace') ?? 'default',
    values: object(inputs, 'values'),
  };
}

function prepareNamespace(state: ClusterState, inputs: Props, namespace: string): void {
  if (state.get(NAMESPACE, namespace)) return;
  if (flag(inputs, 'createNamespace') !== true) {
    throw new CloudError('NotFound', `failed to create release: ${new NamespaceNotFound(namespace).message}`);
  }
  state.ensure(NAMESPACE, newNamespace(namespace));
  for (const { token, object: given } of namespaceContents(namespace)) state.ensure(token, given);
}

/** Makes the chart's workloads and waits for them, as Helm does unless `skipAwait`. */
function install(state: ClusterState, inputs: Props, subject: Subject, revision: number): Props {
  const release = installationOf(inputs);
  const chart = chartNamed(chartName(inputs));
  if (!chart) throw new CloudError('NotFound', `failed to download chart ${chartName(inputs)}`);
  if (chart.definitions?.(release.values).installed && flag(inputs, 'skipCrds') !== true) define(state, chart.name);
  const failure = chart.problem?.(release, state);
  const rendering = failure?.startsWith('execution error');
  if (failure && rendering)
    throw new CloudError('RenderFailed', `failed to create release ${subject.name}: ${failure}`);
  const workloads = chart.workloads(release);
  for (const old of workloadsOf(state, id(release.namespace, release.name))) erase(state, DEPLOYMENT, old);
  const pending = workloads.flatMap((workload) => runWorkload(state, chart, release, workload, failure));
  const version = text(inputs, 'version') ?? '';
  const deployed = failure === undefined && pending.length === 0;
  const outputs: Props = {
    resourceNames: { 'Deployment.apps/apps/v1': workloads.map(({ name }) => `${release.namespace}/${name}`) },
    manifest: {},
    status: {
      appVersion: chart.appVersion(version, release.values),
      chart: chart.name,
      name: release.name,
      namespace: release.namespace,
      revision,
      status: deployed ? 'deployed' : 'failed',
      version,
    },
  };
  if (deployed || flag(inputs, 'skipAwait') === true) return outputs;
  const why = failure ?? 'timed out waiting for the condition';
  throw new InitializationFailed(id(release.namespace, release.name), inputs, { ...inputs, ...outputs }, [
    `Helm release "${id(release.namespace, release.name)}" was created, but failed to initialize completely. Use Helm CLI to investigate: ${why}`,
    ...pending,
  ]);
}

/** One Deployment of the chart. Its pods do not become ready while something keeps the program from starting. */
function runWorkload(
  state: ClusterState,
  chart: Chart,
  release: Installation,
  workload: { readonly name: string; readonly replicas: number },
  failure: string | undefined,
): string[] {
  const labels = {
    'app.kubernetes.io/name': chart.name,
    'app.kubernetes.io/instance': release.name,
    workload: workload.name,
  };
  const live = state.stamp({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: workload.name,
      namespace: release.namespace,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': release.name, 'meta.helm.sh/release-namespace': release.namespace },
    },
    spec: {
      replicas: workload.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { nodeSelector: object(release.values, 'nodeSelector') } },
    },
  });
  const { live: running, pending } = reconcileDeployment(live, state);
  const crashing = failure !== undefined && !failure.startsWith('failed post-install');
  const status = object(running, 'status');
  const stopped: Props = { ...status, readyReplicas: 0, availableReplicas: 0, unavailableReplicas: workload.replicas };
  state.put(DEPLOYMENT, live, crashing ? { ...running, status: stopped } : running);
  return [...pending];
}

function workloadsOf(state: ClusterState, releaseId: string): Props[] {
  return state.all(DEPLOYMENT).filter((live) => {
    const annotations = annotationsOf(live);
    return (
      nameOf(live) !== '' &&
      id(annotations['meta.helm.sh/release-namespace'], annotations['meta.helm.sh/release-name'] ?? '') === releaseId
    );
  });
}
