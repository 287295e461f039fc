/** A small client of the Kubernetes API: JSON over HTTPS, through a socket that leads into the control plane's namespace. */
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as path from 'node:path';
import type { Json, KubernetesObject } from './objects';

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const FIELD_MANAGER = 'lab';

/** Through which a cluster's API server is reached. In the world's own memory: a socket's path is short (unix(7)). */
export function apiSocket(clusterName: string): string {
  return `/run/${clusterName}.sock`;
}

export class KubeClient {
  private readonly agent: https.Agent;
  private readonly discovered = new Map<string, Promise<readonly ApiResource[]>>();

  private readonly socketPath: string;

  /** @param folder of the control plane: `pki/ca.crt`, `pki/admin.crt` and its key; its name is the cluster's */
  constructor(folder: string) {
    this.socketPath = apiSocket(path.basename(folder));
    const pki = (file: string): Buffer => fs.readFileSync(path.join(folder, 'pki', file));
    this.agent = new https.Agent({
      keepAlive: true,
      maxSockets: 4,
      ca: pki('ca.crt'),
      cert: pki('admin.crt'),
      key: pki('admin.key'),
      servername: 'kubernetes',
    });
  }

  get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubernetesObject> {
    return this.onObject('GET', { apiVersion, kind, metadata: { name, namespace } });
  }

  /** As `get`, but undefined where there is no such object, or no such kind yet. */
  async find(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<KubernetesObject | undefined> {
    try {
      return await this.get(apiVersion, kind, name, namespace);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, of one namespace or of all. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<KubernetesObject[]> {
    const { name, namespaced } = await this.resource(apiVersion, kind);
    const scope = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    const answer = (await this.request('GET', `${prefixOf(apiVersion)}${scope}/${name}`)) as { items: Json[] };
    return answer.items.map((item) => ({ apiVersion, kind, ...item }) as KubernetesObject);
  }

  /** Server-side apply: creates the object or takes over the fields given. */
  async apply(object: KubernetesObject, fieldManager: string = FIELD_MANAGER): Promise<KubernetesObject> {
    const query = `?fieldManager=${fieldManager}&force=true`;
    return this.onObject('PATCH', object, { query, body: object, contentType: 'application/apply-patch+yaml' });
  }

  /** A merge patch on the object's status. */
  patchStatus(object: KubernetesObject, status: Json): Promise<KubernetesObject> {
    return this.onObject('PATCH', object, {
      suffix: '/status',
      body: { status },
      contentType: 'application/merge-patch+json',
    });
  }

  patch(object: KubernetesObject, change: Json): Promise<KubernetesObject> {
    return this.onObject('PATCH', object, { body: change, contentType: 'application/merge-patch+json' });
  }

  /** Posts to a subresource such as `binding` or `token`. */
  post(object: KubernetesObject, subresource: string, body: Json): Promise<Json> {
    return this.onObject('POST', object, { suffix: `/${subresource}`, body });
  }

  /** @param grace seconds; zero removes a pod's object at once, as a kubelet does when its containers have ended */
  async remove(object: KubernetesObject, grace?: number): Promise<void> {
    const body = grace === undefined ? undefined : { gracePeriodSeconds: grace };
    try {
      await this.onObject('DELETE', object, { body });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  async ready(): Promise<boolean> {
    try {
      await this.request('GET', '/readyz');
      return true;
    } catch (error) {
      if (error instanceof ApiError || isConnectionError(error)) return false;
      throw error;
    }
  }

  private async onObject(
    method: string,
    object: KubernetesObject,
    options: ObjectOptions = {},
  ): Promise<KubernetesObject> {
    const { name, namespaced } = await this.resource(object.apiVersion, object.kind);
    const scope = namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
    const target = `${prefixOf(object.apiVersion)}${scope}/${name}/${object.metadata.name}`;
    const url = `${target}${options.suffix ?? ''}${options.query ?? ''}`;
    return (await this.request(method, url, options.body, options.contentType)) as KubernetesObject;
  }

  /** A kind that is not there is asked for again next time: its definition may come later. */
  private async resource(apiVersion: string, kind: string): Promise<ApiResource> {
    let list = this.discovered.get(apiVersion);
    if (list === undefined) {
      list = this.request('GET', prefixOf(apiVersion)).then(
        (answer) => (answer as { resources: ApiResource[] }).resources,
      );
      this.discovered.set(apiVersion, list);
    }
    const found = (await list.catch((error: unknown) => this.forget(apiVersion, error))).find(
      (resource) => resource.kind === kind && !resource.name.includes('/'),
    );
    if (found !== undefined) return found;
    this.discovered.delete(apiVersion);
    throw new ApiError(404, `the API server has no kind ${kind} in ${apiVersion}`);
  }

  private forget(apiVersion: string, error: unknown): never {
    this.discovered.delete(apiVersion);
    throw error;
  }

  private request(method: string, url: string, body?: Json, contentType = 'application/json'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      // The length has to be said: Node sends a DELETE's body without it, which the server takes for the next request.
      const headers =
        text === undefined ? {} : { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) };
      const options = { agent: this.agent, socketPath: this.socketPath, path: url, method, headers };
      const request = https.request(options, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (answer += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(answer.startsWith('{') ? JSON.parse(answer) : answer);
          else reject(new ApiError(status, `${method} ${url}: ${messageOf(answer, status)}`));
        });
      });
      request.setTimeout(30_000, () => request.destroy(new Error(`${method} ${url}: no answer in 30 s`)));
      request.on('error', reject);
      request.end(text);
    });
  }
}

interface ObjectOptions {
  readonly suffix?: string;
  readonly query?: string;
  readonly body?: Json;
  readonly contentType?: string;
}

function prefixOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function messageOf(text: string, status: number): string {
  if (!text.startsWith('{')) return `${status} ${text.trim()}`;
  return String((JSON.parse(text) as { message?: string }).message ?? status);
}

export function isConnectionError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code !== undefined && ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes(code);
}
