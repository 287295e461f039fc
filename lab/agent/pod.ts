/** One pod from its binding to its end. */
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addressAt } from '../core/ip';
import { endNamespace } from '../core/ledger';
import { tryInNamespace } from '../core/namespace';
import { sleep } from '../core/wait';
import type { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import type { Json, KubernetesObject } from '../kubernetes/objects';
import type { Machine } from '../network/model';
import { renderConfiguration } from './cassandra';
import type { AgentConfig } from './config';
import { startContainer } from './container';
import { type PodAddresses, connectPod, podNamespace } from './podNetwork';
import { type ContainerState, statusOf } from './podStatus';
import { type Program, programOf } from './programs';
import { Missing, environmentOf, makeVolumes } from './volumes';

/** Seconds before a container that ended is started again. */
const RESTART_DELAY = 10;
/** Milliseconds that a process gets after SIGTERM, whatever the pod's own, longer, grace. */
const GRACE = 10_000;

export class Pod {
  readonly address: string;
  readonly namespace: string;
  private readonly folder: string;
  private readonly containers = new Map<string, ContainerState>();
  private readonly processes = new Map<string, ChildProcess>();
  private readonly startTime = new Date().toISOString();
  private volumes: Map<string, string> = new Map();
  private reported = '';
  private stopping = false;
  private initialized = false;
  /** Why it does not start. */
  private waiting = 'ContainerCreating';

  constructor(
    private readonly config: AgentConfig,
    private readonly api: KubeClient,
    private readonly addresses: PodAddresses,
    readonly machine: Machine,
    private object: KubernetesObject,
  ) {
    const uid = object.metadata.uid ?? '';
    this.address = addresses.take(machine, uid);
    this.namespace = podNamespace(config.cluster, uid);
    this.folder = path.join(clusterFolder(config.cluster), 'pods', uid);
    for (const container of object.spec.containers as Json[]) {
      this.containers.set(container.name, { phase: 'waiting', ready: false, restarts: 0 });
    }
  }

  private get uid(): string {
    return this.object.metadata.uid ?? '';
  }

  private get name(): string {
    return `${this.object.metadata.namespace}/${this.object.metadata.name}`;
  }

  /** Brings it up; what it refers to may come later. */
  async start(): Promise<void> {
    await connectPod(this.config.network, this.config.cluster, this.machine, this);
    await this.report();
    while (!this.stopping) {
      try {
        await this.initialize();
        break;
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        this.waiting = error.message;
        await this.report();
        await sleep(2_000);
      }
    }
    if (this.stopping) return;
    this.initialized = true;
    for (const container of this.object.spec.containers as Json[]) await this.run(container);
    await this.report();
    void this.probe();
  }

  private async initialize(): Promise<void> {
    const dataFolder = path.join(clusterFolder(this.config.cluster), 'data');
    this.volumes = await makeVolumes(this.api, this.object, path.join(this.folder, 'volumes'), dataFolder);
    for (const container of (this.object.spec.initContainers ?? []) as Json[]) {
      const env = await environmentOf(this.api, this.object, container, this.address);
      const program = this.program(container);
      if (program.kind === 'configBuilder') renderConfiguration(env, this.configFolder(), this.config.heap);
      if (program.kind === 'process') throw new Missing(`init container ${container.name} is none that the lab runs`);
    }
  }

  private configFolder(): string {
    const folder = this.volumes.get('server-config');
    if (folder === undefined) throw new Missing('the pod has no volume server-config for its configuration');
    return folder;
  }

  private program(container: Json): Program {
    const program = programOf(container, this.config.tools, () => this.configFolder());
    if (typeof program === 'string') throw new Missing(program);
    return program;
  }

  private async run(container: Json): Promise<void> {
    const state = this.state(container.name);
    const program = this.program(container);
    state.phase = 'running';
    state.startedAt = new Date().toISOString();
    // Without a probe a running container is ready.
    state.ready = container.readinessProbe === undefined;
    if (program.kind !== 'process') return;
    const env = await environmentOf(this.api, this.object, container, this.address);
    const child = startContainer({
      namespace: this.namespace,
      folder: path.join(this.folder, container.name),
      log: `${this.config.cluster.name}-${this.object.metadata.name}-${container.name}`,
      command: program.command,
      env: { ...this.serviceVariables(), ...pathWith(program.extraPath), ...env, HOSTNAME: this.object.metadata.name },
      mounts: this.mountsOf(container),
      resolvConf: this.resolvConf(),
    });
    this.processes.set(container.name, child);
    child.on('close', (code) => void this.ended(container, code ?? 1));
  }

  private async ended(container: Json, code: number): Promise<void> {
    const state = this.state(container.name);
    state.phase = 'ended';
    state.ready = false;
    state.exitCode = code;
    state.finishedAt = new Date().toISOString();
    this.processes.delete(container.name);
    if (this.stopping) return;
    await this.report();
    const policy = this.object.spec.restartPolicy ?? 'Always';
    if (policy === 'Never' || (policy === 'OnFailure' && code === 0)) return;
    await sleep(RESTART_DELAY * 1000);
    if (this.stopping) return;
    state.restarts += 1;
    await this.run(container);
    await this.report();
  }

  /** Asks the readiness probes until the pod ends. */
  private async probe(): Promise<void> {
    const probed = (this.object.spec.containers as Json[]).filter(({ readinessProbe }) => readinessProbe !== undefined);
    while (!this.stopping && probed.length > 0) {
      for (const container of probed) {
        const state = this.state(container.name);
        if (state.phase === 'running') state.ready = await this.probePasses(container);
      }
      await this.report();
      await sleep(3_000);
    }
  }

  private async probePasses(container: Json): Promise<boolean> {
    const probe = container.readinessProbe.httpGet;
    if (probe === undefined) return true;
    const named = (container.ports as Json[] | undefined)?.find(({ name }) => name === probe.port);
    const url = `http://${this.address}:${named?.containerPort ?? probe.port}${probe.path}`;
    const { code } = await tryInNamespace(this.namespace, 'curl', ['-sf', '-m', '3', '-o', '/dev/null', url]);
    return code === 0;
  }

  private state(name: string): ContainerState {
    const state = this.containers.get(name);
    if (state === undefined) throw new Error(`${this.name} has no container ${name}`);
    return state;
  }

  private mountsOf(container: Json): Map<string, string> {
    const mounts = new Map<string, string>();
    for (const { name, mountPath, subPath } of (container.volumeMounts ?? []) as Json[]) {
      const folder = this.volumes.get(name);
      if (folder === undefined)
        throw new Missing(`container ${container.name} mounts ${name}, which the pod does not have`);
      const source = subPath === undefined ? folder : path.join(folder, subPath);
      if (!fs.existsSync(source)) fs.mkdirSync(source, { recursive: true });
      mounts.set(mountPath, source);
    }
    return mounts;
  }

  private serviceVariables(): Record<string, string> {
    return {
      KUBERNETES_SERVICE_HOST: addressAt(this.config.cluster.serviceRange, 1),
      KUBERNETES_SERVICE_PORT: '443',
    };
  }

  /** As the kubelet writes it: the cluster's DNS service has the tenth address. `Default` means the machine's own resolver. */
  private resolvConf(): string {
    if (this.object.spec.dnsPolicy === 'Default') return 'nameserver 169.254.169.253\n';
    const domain = 'svc.cluster.local';
    return [
      `nameserver ${addressAt(this.config.cluster.serviceRange, 10)}`,
      `search ${this.object.metadata.namespace}.${domain} ${domain} cluster.local`,
      'options ndots:5 timeout:2 attempts:3',
      '',
    ].join('\n');
  }

  /** Ends its processes and its network; its object goes when that is done. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    for (const child of this.processes.values()) child.kill('SIGTERM');
    const end = Date.now() + GRACE;
    while (this.processes.size > 0 && Date.now() < end) await sleep(200);
    await endNamespace(this.namespace);
    this.addresses.release(this.uid);
    fs.rmSync(this.folder, { recursive: true, force: true });
    await this.api.remove(this.object, 0);
  }

  private async report(): Promise<void> {
    const status = statusOf(this.object, {
      address: this.address,
      hostAddress: this.machine.address,
      startTime: this.startTime,
      initialized: this.initialized,
      waiting: this.waiting,
      containers: this.containers,
    });
    const text = JSON.stringify(status);
    if (text === this.reported || this.stopping) return;
    this.reported = text;
    await this.api.patchStatus(this.object, status);
  }
}

function pathWith(folder: string | undefined): Record<string, string> {
  return folder === undefined ? {} : { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
}
