import { createHash } from 'node:crypto';
import type { CloudSession } from '../core/resourceType';
import type { Store, Stored } from '../core/store';
import { text, type Props } from '../core/values';
import type { World } from '../core/world';
import { GLOBAL, NAMED_PER_REGION } from './tokens';

/**
 * One configured AWS provider: an account and a region of the local cloud. Everything lives in one store; what a
 * rule sees through `existing`, `all` and `find` is what the region holds.
 */
export class AwsSession implements CloudSession {
  readonly store: Store;

  constructor(
    readonly world: World,
    readonly accountId: string,
    readonly region: string,
    /** Tags that the provider adds to everything that takes tags. */
    readonly defaultTags: Props,
  ) {
    this.store = world.aws;
  }

  /** The same session in the region a resource asks for by its own `region`. */
  inRegion(region: string | undefined): AwsSession {
    if (region === undefined || region === this.region) return this;
    return new AwsSession(this.world, this.accountId, region, this.defaultTags);
  }

  get(token: string, id: string): Stored | undefined {
    return (
      this.existing(token, id) ??
      this.store
        .all(token)
        .map(plainId)
        .find((stored) => stored.id === id)
    );
  }

  put(token: string, id: string, inputs: Props, outputs: Props): Stored {
    const region = text(outputs, 'region') ?? this.region;
    const placed = GLOBAL.has(token) ? outputs : { ...outputs, region };
    return plainId(this.store.put(token, keyOf(token, id, region), inputs, placed));
  }

  remove(token: string, id: string): void {
    const stored = this.get(token, id);
    if (stored) this.store.remove(token, keyOf(token, id, text(stored.outputs, 'region') ?? this.region));
  }

  /** What the region (or, for global types, the account) has under an id. */
  existing(token: string, id: string | undefined): Stored | undefined {
    if (id === undefined) return undefined;
    const stored = this.store.get(token, keyOf(token, id, this.region));
    return stored && this.isHere(stored) ? plainId(stored) : undefined;
  }

  /** Everything of a type in the region, oldest first. */
  all(token: string): Stored[] {
    return this.store
      .all(token)
      .filter((stored) => this.isHere(stored))
      .map(plainId);
  }

  find(token: string, matches: (stored: Stored) => boolean): Stored | undefined {
    return this.all(token).find(matches);
  }

  /** An id in EC2's long form, e.g. `vpc-0a1b2c3d4e5f60718`. */
  newId(prefix: string): string {
    return `${prefix}-0${this.digits(16)}`;
  }

  /** Hexadecimal digits that depend on the order of creation alone. */
  digits(count: number): string {
    return createHash('sha256').update(`aws ${this.store.nextSerial()}`).digest('hex').slice(0, count);
  }

  uuid(): string {
    return this.digits(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  arn(service: string, resource: string): string {
    const region = service === 'iam' ? '' : this.region;
    return `arn:aws:${service}:${region}:${this.accountId}:${resource}`;
  }

  /** Availability zones of the region. */
  zones(): string[] {
    return zonesOf(this.region);
  }

  private isHere(stored: Stored): boolean {
    return GLOBAL.has(stored.token) || text(stored.outputs, 'region') === this.region;
  }
}

/** Regions with other than three zones a new account can use (AWS global infrastructure, regions and zones). */
const ZONE_LETTERS: Readonly<Record<string, string>> = {
  'us-east-1': 'abcdef',
  'us-west-1': 'ab',
  'us-west-2': 'abcd',
  'ap-northeast-1': 'acd',
  'ap-northeast-2': 'abcd',
  'ca-central-1': 'abd',
};

export function zonesOf(region: string): string[] {
  return [...(ZONE_LETTERS[region] ?? 'abc')].map((letter) => `${region}${letter}`);
}

function keyOf(token: string, id: string, region: string): string {
  return NAMED_PER_REGION.has(token) ? `${region}/${id}` : id;
}

function plainId(stored: Stored): Stored {
  if (!NAMED_PER_REGION.has(stored.token)) return stored;
  return { ...stored, id: stored.id.slice(stored.id.indexOf('/') + 1) };
}
