/** What `up` leaves for the other commands. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from './core/errors';
import { labDirectory } from './core/paths';
import type { LabModel } from './network/model';
import type { Tools } from './tools/tools';

export interface Lab {
  readonly model: LabModel;
  readonly tools: Tools;
  /** Cassandra nodes in all. */
  readonly nodes: number;
  /** Heap of each Cassandra node, MiB. */
  readonly heap: number;
  /** The stack export that it is made from. */
  readonly state: string;
}

const labFile = path.join(labDirectory, 'lab.json');

/** It holds the tunnels' keys, like the state it comes from. */
export function writeLab(lab: Lab): void {
  fs.writeFileSync(labFile, JSON.stringify(lab), { mode: 0o600 });
}

/** @throws LabError when the lab is not up */
export function readLab(): Lab {
  if (!fs.existsSync(labFile)) throw new LabError('the lab is not up: npm run lab -- up');
  return JSON.parse(fs.readFileSync(labFile, 'utf8')) as Lab;
}
