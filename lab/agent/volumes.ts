/** A pod's volumes as folders, and its containers' environment, from the API's Secrets and ConfigMaps. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import type { KubeClient } from '../kubernetes/client';
import type { Json, KubernetesObject } from '../kubernetes/objects';

/** Something a pod refers to is not there yet; the kubelet waits for it. */
export class Missing extends LabError {}

/**
 * Writes every volume of a pod into a folder of its own.
 *
 * @param dataFolder where persistent volume claims have their data
 * @returns folder by volume name
 */
export async function makeVolumes(
  api: KubeClient,
  pod: KubernetesObject,
  folder: string,
  dataFolder: string,
): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const volume of (pod.spec.volumes ?? []) as Json[]) {
    const target =
      volume.persistentVolumeClaim === undefined
        ? path.join(folder, volume.name)
        : path.join(dataFolder, pod.metadata.namespace ?? '', volume.persistentVolumeClaim.claimName);
    fs.mkdirSync(target, { recursive: true });
    await fill(api, pod, volume, target);
    folders.set(volume.name, target);
  }
  return folders;
}

async function fill(api: KubeClient, pod: KubernetesObject, volume: Json, target: string): Promise<void> {
  if (volume.emptyDir !== undefined) fs.chmodSync(target, 0o777);
  for (const source of (volume.projected?.sources ?? [volume]) as Json[]) {
    if (source.secret !== undefined) {
      const data = await secretData(api, pod, source.secret.secretName ?? source.secret.name);
      write(target, data, source.secret.items);
    }
    if (source.configMap !== undefined)
      write(target, await configMapData(api, pod, source.configMap.name), source.configMap.items);
    if (source.serviceAccountToken !== undefined) {
      write(target, {
        [source.serviceAccountToken.path]: Buffer.from(await token(api, pod, source.serviceAccountToken)),
      });
    }
    for (const item of (source.downwardAPI?.items ?? []) as Json[]) {
      write(target, { [item.path]: Buffer.from(fieldOf(pod, item.fieldRef.fieldPath, '')) });
    }
  }
}

function write(target: string, data: Readonly<Record<string, Buffer>>, items?: readonly Json[]): void {
  const files =
    items?.map(({ key, path: file }) => [file as string, data[key as string]] as const) ?? Object.entries(data);
  for (const [file, content] of files) {
    if (content === undefined)
      throw new Missing(`a volume names a key that ${file} should come from, and it is not there`);
    fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    fs.writeFileSync(path.join(target, file), content);
  }
}

/** The variables of a container, with what they refer to resolved. */
export async function environmentOf(
  api: KubeClient,
  pod: KubernetesObject,
  container: Json,
  address: string,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, value, valueFrom } of (container.env ?? []) as Json[]) {
    if (valueFrom?.fieldRef !== undefined) values[name] = fieldOf(pod, valueFrom.fieldRef.fieldPath, address);
    else if (valueFrom?.secretKeyRef !== undefined) {
      const { name: secret, key } = valueFrom.secretKeyRef;
      values[name] = keyOf(await secretData(api, pod, secret), key, secret);
    } else if (valueFrom?.configMapKeyRef !== undefined) {
      const { name: map, key } = valueFrom.configMapKeyRef;
      values[name] = keyOf(await configMapData(api, pod, map), key, map);
    } else values[name] = value ?? '';
  }
  return values;
}

function keyOf(data: Readonly<Record<string, Buffer>>, key: string, owner: string): string {
  const value = data[key];
  if (value === undefined) throw new Missing(`${owner} has no key ${key}`);
  return value.toString();
}

async function secretData(api: KubeClient, pod: KubernetesObject, name: string): Promise<Record<string, Buffer>> {
  const secret = await api.find('v1', 'Secret', name, pod.metadata.namespace);
  if (secret === undefined) throw new Missing(`Secret ${name} is not there`);
  const data = (secret.data ?? {}) as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

async function configMapData(api: KubeClient, pod: KubernetesObject, name: string): Promise<Record<string, Buffer>> {
  const map = await api.find('v1', 'ConfigMap', name, pod.metadata.namespace);
  if (map === undefined) throw new Missing(`ConfigMap ${name} is not there`);
  return Object.fromEntries(
    Object.entries((map.data ?? {}) as Record<string, string>).map(([key, value]) => [key, Buffer.from(value)]),
  );
}

async function token(api: KubeClient, pod: KubernetesObject, source: Json): Promise<string> {
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: pod.spec.serviceAccountName ?? 'default', namespace: pod.metadata.namespace },
  };
  const answer = await api.post(account, 'token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    // Long, because nobody here renews it.
    spec: { expirationSeconds: 86_400, ...(source.audience === undefined ? {} : { audiences: [source.audience] }) },
  });
  return answer.status.token as string;
}

/** The fields that pods use of the downward API. */
function fieldOf(pod: KubernetesObject, fieldPath: string, address: string): string {
  const label = /^metadata\.labels\['(.+)'\]$/.exec(fieldPath)?.[1];
  if (label !== undefined) return pod.metadata.labels?.[label] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'spec.nodeName':
      return pod.spec.nodeName;
    case 'status.podIP':
      return address;
    case 'status.hostIP':
      return pod.status?.hostIP ?? '';
    default:
      throw new LabError(`pod ${pod.metadata.name} reads ${fieldPath}, which the lab does not know`);
  }
}
