/** What the Helm chart of cass-operator installs, from the operator's own module. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Tools } from '../tools/tools';
import type { Json, KubernetesObject } from './objects';

const NAME = 'cass-operator';

/**
 * The operator's objects in the order they have to be applied.
 *
 * Its admission webhooks are off: they want cert-manager, which is not to be had as a Go module; the definitions' own
 * schema validation is on.
 *
 * @param values of the Helm release: `global.clusterScoped` decides what it watches
 */
export function cassOperatorObjects(tools: Tools, namespace: string, values: Json): KubernetesObject[] {
  const source = (...parts: string[]): string => path.join(tools.cassOperatorConfig, ...parts);
  const metadata = { name: NAME, namespace };
  const clusterScoped = values?.global?.clusterScoped === true;
  const subjects = [{ kind: 'ServiceAccount', ...metadata }];
  const bind = (kind: 'Role' | 'ClusterRole', name: string): KubernetesObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: `${kind}Binding`,
    metadata: kind === 'Role' ? { name, namespace } : { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects,
  });
  const rolesOf = (file: string): KubernetesObject[] =>
    documents(source('rbac', file)).map((role) => placed(role, namespace, clusterScoped));
  const roles = [...rolesOf('role.yaml'), ...rolesOf('leader_election_role.yaml')];
  return [
    ...fs.readdirSync(source('crd', 'bases')).flatMap((file) => documents(source('crd', 'bases', file))),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    ...roles,
    ...roles.map((role) => bind(role.kind as 'Role' | 'ClusterRole', role.metadata.name)),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${NAME}-image-config`, namespace, labels: { 'k8ssandra.io/config': 'image' } },
      data: { 'image_config.yaml': fs.readFileSync(source('imageconfig', 'image_config.yaml'), 'utf8') },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${NAME}-config`, namespace },
      data: {
        'controller_manager_config.yaml': JSON.stringify({
          apiVersion: 'config.k8ssandra.io/v1beta1',
          kind: 'OperatorConfig',
          disableWebhooks: true,
        }),
      },
    },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deploymentSpec(clusterScoped ? '' : namespace) },
  ];
}

/** As the chart does: what the operator may do in a namespace, it may do everywhere when it watches everything. */
function placed(role: KubernetesObject, namespace: string, clusterScoped: boolean): KubernetesObject {
  if (role.kind !== 'Role') return role;
  if (!clusterScoped) return { ...role, metadata: { ...role.metadata, namespace } };
  return { ...role, kind: 'ClusterRole', metadata: { name: `${role.metadata.name}-everywhere` } };
}

function documents(file: string): KubernetesObject[] {
  return parseAllDocuments(fs.readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

function deploymentSpec(watched: string): Json {
  const labels = { name: NAME };
  return {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: NAME,
        containers: [
          {
            name: 'manager',
            image: 'docker.io/k8ssandra/cass-operator:v1.28.0',
            args: ['--config=/configs/controller_manager_config.yaml', '--health-probe-bind-address=:8081'],
            env: [{ name: 'WATCH_NAMESPACE', value: watched }],
            readinessProbe: { httpGet: { path: '/readyz', port: 8081 } },
            volumeMounts: [{ name: 'config', mountPath: '/configs', readOnly: true }],
          },
        ],
        volumes: [{ name: 'config', configMap: { name: `${NAME}-config` } }],
      },
    },
  };
}
