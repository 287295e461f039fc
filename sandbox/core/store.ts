import * as fs from 'node:fs';
import * as path from 'node:path';
import { clone, type Props } from './values';

/** Something that exists in a cloud. */
export interface Stored {
  /** Pulumi type token, or a name of the cloud's own for things no provider call made. */
  readonly token: string;
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
  /** Order of creation, over all of the cloud's history. */
  readonly serial: number;
}

interface StoreFile {
  serial: number;
  resources: Stored[];
}

/**
 * What exists in one cloud, kept on disk after every change, so that it outlives a crash at any point. A change
 * is written beside the file and renamed over it: a reader sees the old state or the new one, never half of it.
 */
export class Store {
  private readonly byKey = new Map<string, Stored>();
  private serial = 0;
  private held = false;
  private dirty = false;
  private readonly file: string;

  constructor(directory: string, name: string) {
    fs.mkdirSync(directory, { recursive: true });
    this.file = path.join(directory, `${name}.json`);
    if (!fs.existsSync(this.file)) return;
    const content = JSON.parse(fs.readFileSync(this.file, 'utf8')) as StoreFile;
    this.serial = content.serial;
    for (const resource of content.resources) this.byKey.set(key(resource.token, resource.id), resource);
  }

  get(token: string, id: string | undefined): Stored | undefined {
    return id === undefined ? undefined : this.byKey.get(key(token, id));
  }

  /** Everything of a type, oldest first. */
  all(token: string): Stored[] {
    return this.everything().filter((resource) => resource.token === token);
  }

  find(token: string, matches: (resource: Stored) => boolean): Stored | undefined {
    return this.all(token).find(matches);
  }

  everything(): Stored[] {
    return [...this.byKey.values()].sort((a, b) => a.serial - b.serial);
  }

  /** A number never used before in this cloud; for ids and addresses that must not repeat. */
  nextSerial(): number {
    this.serial += 1;
    return this.serial;
  }

  put(token: string, id: string, inputs: Props, outputs: Props): Stored {
    const existing = this.byKey.get(key(token, id));
    const stored = {
      token,
      id,
      inputs: clone(inputs),
      outputs: clone(outputs),
      serial: existing?.serial ?? this.nextSerial(),
    };
    this.byKey.set(key(token, id), stored);
    this.save();
    return stored;
  }

  remove(token: string, id: string): void {
    if (this.byKey.delete(key(token, id))) this.save();
  }

  /** Changes that reach the disk together, in one write. */
  together(change: () => void): void {
    if (this.held) return change();
    this.held = true;
    try {
      change();
    } finally {
      this.held = false;
      if (this.dirty) this.save();
    }
  }

  private save(): void {
    this.dirty = this.held;
    if (this.held) return;
    const content: StoreFile = { serial: this.serial, resources: this.everything() };
    const temporary = `${this.file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, JSON.stringify(content, null, 1), { mode: 0o600 });
    fs.renameSync(temporary, this.file);
  }
}

function key(token: string, id: string): string {
  return `${token}\n${id}`;
}
