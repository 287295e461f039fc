import assert from 'node:assert/strict';
import { tokens } from '../../../sandbox/schema/tokens';
import type { Props } from '../../../sandbox/core/values';
import { World } from '../../../sandbox/core/world';
import { gcpProvider } from '../../../sandbox/gcp/provider';
import type { GcpSession } from '../../../sandbox/gcp/session';
import { configured, temporaryWorld, type Driver } from '../harness';

export const PROJECT = 'cassandra-dev-123456';
export const REGION = 'europe-west4';

type Token = (typeof tokens.gcp)[number];
type ClassOf<T> = T extends `${string}:${string}:${infer C}` ? C : never;
/** A resource type by its class in the SDK. */
export type Kind = ClassOf<Token>;

interface Made {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  readonly inputs: Props;
}

export function tokenOf(kind: Kind): string {
  const token = tokens.gcp.find((candidate) => candidate.endsWith(`:${kind}`));
  if (!token) throw new Error(kind);
  return token;
}

/** The local cloud driven as the engine drives it, one resource after the other. */
export class Cloud {
  private readonly made: Made[] = [];

  private constructor(
    readonly world: World,
    readonly driver: Driver<GcpSession>,
  ) {}

  static async with(config: Props = {}, world = temporaryWorld()): Promise<Cloud> {
    return new Cloud(world, await configured(gcpProvider(world), { project: PROJECT, region: REGION, ...config }));
  }

  /** A cloud whose project has the APIs of a GKE site. */
  static async ready(config: Props = {}): Promise<Cloud> {
    const cloud = await Cloud.with(config);
    for (const api of ['compute', 'container', 'cloudkms', 'iam', 'cloudresourcemanager', 'monitoring']) {
      await cloud.create('Service', api, { service: `${api}.googleapis.com` });
    }
    return cloud;
  }

  async create(kind: Kind, name: string, inputs: Props = {}): Promise<Props & { id: string }> {
    const created = await this.driver.create(tokenOf(kind), name, inputs);
    this.made.push({ kind, name, id: created.id, inputs: created.inputs });
    return { ...created.outputs, id: created.id };
  }

  refuses(kind: Kind, inputs: Props, message: RegExp, name = 'refused'): Promise<void> {
    return assert.rejects(() => this.driver.create(tokenOf(kind), name, inputs), { message });
  }

  async update(name: string, change: Props, kind?: Kind): Promise<Props> {
    const { kind: found, id, inputs } = this.find(name, kind);
    const urn = this.driver.urn(tokenOf(found), name);
    const wanted = Object.fromEntries(Object.entries({ ...inputs, ...change }).filter(([, value]) => value !== null));
    const checked = this.driver.engine.check(urn, inputs, wanted as Props);
    assert.deepEqual(checked.failures, []);
    return this.driver.engine.update(urn, id, checked.inputs);
  }

  replaces(name: string, change: Props): readonly string[] {
    const { kind, inputs } = this.find(name);
    return this.driver.engine.diff(this.driver.urn(tokenOf(kind), name), inputs, { ...inputs, ...change }).replaces;
  }

  preview(kind: Kind, name: string, inputs: Props): Props {
    const urn = this.driver.urn(tokenOf(kind), name);
    const checked = this.driver.engine.check(urn, {}, inputs);
    assert.deepEqual(checked.failures, []);
    return this.driver.engine.previewCreate(urn, checked.inputs);
  }

  delete(name: string, kind?: Kind): Promise<void> {
    const { kind: found, id } = this.find(name, kind);
    return this.driver.delete(tokenOf(found), name, id);
  }

  read(name: string): Promise<{ inputs: Props; outputs: Props } | undefined> {
    const { kind, id, inputs } = this.find(name);
    return this.driver.engine.read(this.driver.urn(tokenOf(kind), name), id, { inputs, outputs: {} });
  }

  /** The same cloud as a process that starts now reads it from disk. */
  reopened(): World {
    return new World(this.world.directory);
  }

  /** Deletes everything, newest first, as a destroy in dependency order does. */
  async destroy(): Promise<void> {
    for (const { kind, name, id } of [...this.made].reverse()) await this.driver.delete(tokenOf(kind), name, id);
    this.made.length = 0;
  }

  private find(name: string, kind?: Kind): Made {
    const found = this.made.findLast((made) => made.name === name && (kind === undefined || made.kind === kind));
    if (!found) throw new Error(`${name} was not made`);
    return found;
  }
}

/** A network with the subnetworks of a GKE site. */
export async function makeNetwork(cloud: Cloud): Promise<void> {
  await cloud.create('Network', 'net', { name: 'net', autoCreateSubnetworks: false, routingMode: 'GLOBAL' });
  await cloud.create('Subnetwork', 'nodes', {
    name: 'nodes',
    network: 'net',
    ipCidrRange: '10.150.0.0/20',
    secondaryIpRanges: [
      { rangeName: 'pods', ipCidrRange: '10.250.0.0/16' },
      { rangeName: 'services', ipCidrRange: '172.21.0.0/20' },
    ],
  });
  await cloud.create('Subnetwork', 'control', { name: 'control', network: 'net', ipCidrRange: '10.150.255.240/28' });
}

/** Inputs of a private regional cluster in that network. */
export const CLUSTER: Props = {
  name: 'gke',
  location: REGION,
  network: 'net',
  subnetwork: 'nodes',
  ipAllocationPolicy: { clusterSecondaryRangeName: 'pods', servicesSecondaryRangeName: 'services' },
  privateClusterConfig: { enablePrivateNodes: true, privateEndpointSubnetwork: 'control' },
  initialNodeCount: 1,
  removeDefaultNodePool: true,
  deletionProtection: false,
};
