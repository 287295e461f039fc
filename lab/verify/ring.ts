/** The ring as each side's `nodetool status` shows it. */
import type { Lab } from '../labState';
import { type Datacenter, firstPod, nodetool } from './pods';
import { type Check, check } from './report';

export interface RingNode {
  readonly datacenter: string;
  /** Two letters: Up or Down, Normal, Leaving, Joining or Moving. */
  readonly state: string;
  readonly address: string;
  readonly rack: string;
}

export function parseStatus(text: string): RingNode[] {
  const nodes: RingNode[] = [];
  let datacenter = '';
  for (const line of text.split('\n')) {
    datacenter = /^Datacenter: (\S+)/.exec(line)?.[1] ?? datacenter;
    const fields = /^([UD][NLJM])\s+(\S+)\s.*\s(\S+)\s*$/.exec(line);
    if (fields === null) continue;
    const [, state = '', address = '', rack = ''] = fields;
    nodes.push({ datacenter, state, address, rack });
  }
  return nodes;
}

/** Every pod of every datacenter must be UN, in its datacenter and rack, and nothing else must be there. */
export async function verifyRing(lab: Lab, datacenters: readonly Datacenter[]): Promise<Check[]> {
  const expected = datacenters
    .flatMap(({ name, pods }) => pods.map(({ address, rack }) => `${name} ${rack} ${address} UN`))
    .sort();
  const checks: Check[] = datacenters.map(racksOverZones);
  for (const datacenter of datacenters) {
    const { stdout, stderr } = await nodetool(lab, firstPod(datacenter), 'status');
    const found = parseStatus(stdout)
      .map(({ datacenter: name, rack, address, state }) => `${name} ${rack} ${address} ${state}`)
      .sort();
    const complete = found.join() === expected.join() && expected.length === lab.nodes;
    const detail = found.length === 0 ? (stderr.trim().split('\n')[0] ?? 'no answer') : found.join('; ');
    checks.push(
      check(
        `ring seen from ${datacenter.name}`,
        complete,
        complete ? `${found.length} nodes UN: ${detail}` : `${detail}; expected ${lab.nodes}: ${expected.join('; ')}`,
      ),
    );
  }
  return checks;
}

/** Each rack is in one zone, and no two racks in the same. */
function racksOverZones({ name, pods }: Datacenter): Check {
  const pairs = [...new Set(pods.map(({ rack, zone }) => `${rack} in ${zone}`))].sort();
  const racks = new Set(pods.map(({ rack }) => rack));
  const zones = new Set(pods.map(({ zone }) => zone));
  const ok = pairs.length > 0 && racks.size === pairs.length && zones.size === pairs.length;
  return check(`racks of ${name} over zones`, ok, pairs.join(', ') || 'there is no pod');
}
