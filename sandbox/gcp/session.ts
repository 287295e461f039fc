import { createHash } from 'node:crypto';
import { StoreSession, type World } from '../core/world';

/** What one configured Google Cloud provider stands for. */
export interface GcpConfig {
  readonly project?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly defaultLabels: Readonly<Record<string, string>>;
  /** Whether the provider adds its own label to what it makes. */
  readonly attribution: boolean;
  /** `deletionPolicy` of resources that give none. */
  readonly deletionPolicy?: string;
}

/** The cloud as the resource types of one configured provider see it. */
export class GcpSession extends StoreSession implements GcpConfig {
  readonly project?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly defaultLabels: Readonly<Record<string, string>>;
  readonly attribution: boolean;
  readonly deletionPolicy?: string;
  private readonly kept = new Set<string>();

  constructor(world: World, config: GcpConfig) {
    super(world, world.gcp);
    this.project = config.project;
    this.region = config.region;
    this.zone = config.zone;
    this.defaultLabels = config.defaultLabels;
    this.attribution = config.attribution;
    this.deletionPolicy = config.deletionPolicy;
  }

  /**
   * Leaves a resource in the cloud although the engine is about to forget it: what cannot be deleted there, or
   * what the program asked to abandon.
   */
  keep(token: string, id: string): void {
    this.kept.add(`${token}\n${id}`);
  }

  override remove(token: string, id: string): void {
    if (!this.kept.delete(`${token}\n${id}`)) super.remove(token, id);
  }
}

/** A project's number, which the cloud gives it and which its service agents are named after. */
export function projectNumber(project: string): string {
  return digits(project, 12);
}

/** Decimal digits that depend on the text alone; the first is not 0. */
export function digits(text: string, length: number): string {
  const hash = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  const least = 10n ** BigInt(length - 1);
  return String(least + (hash % (least * 9n)));
}

export function hex(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
