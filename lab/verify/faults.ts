/**
 * What the order of the program's resources must hold against: a datacenter that restarts at other addresses, and each
 * datacenter starting from cold while the link is down.
 */
import { restartDatacenter, setLink } from '../fault';
import { sleep } from '../core/wait';
import type { Lab } from '../labState';
import { verifyBgp } from './bgp';
import { whyUnread, verifyData, write } from './data';
import { type Datacenter, type CassandraPod, datacenters, nodetool } from './pods';
import { type Check, check } from './report';
import { parseStatus, verifyRing } from './ring';

/** Seconds. */
const PATIENCE = {
  /** For each node, since they start one after another. */
  start: 240,
  /** Until a node that is up takes clients. */
  clients: 120,
  /** Until the failure detector gives the other side up. */
  loss: 120,
  /** BGP after its hold time, then gossip. */
  link: 180,
  /** For a row that was written while the link was down. */
  hints: 180,
};
const INTERVAL = 3_000;

/** @param tell gets the checks of each step as it ends */
export async function verifyFaults(lab: Lab, tell: (checks: readonly Check[]) => void): Promise<void> {
  const [first, ...others] = (await datacenters(lab)).map(({ name }) => name);
  if (first === undefined) return tell([check('faults', false, 'there is no datacenter')]);
  tell([await restarts(lab, first, 'with the link up')]);
  tell(await settled(PATIENCE.link, () => ring(lab)));
  const value = String(Date.now());
  await setLink(lab, 'down');
  try {
    tell(await settled(PATIENCE.loss, () => apart(lab)));
    for (const name of [first, ...others]) {
      tell([await restarts(lab, name, 'with the link down')]);
      tell(await settled(PATIENCE.clients, () => serves(lab, name, value)));
    }
  } finally {
    await setLink(lab, 'up');
  }
  tell(await settled(PATIENCE.link, () => verifyBgp(lab)));
  tell(await settled(PATIENCE.link, () => ring(lab)));
  tell(await settled(PATIENCE.hints, () => arrived(lab, value)));
  tell(await verifyData(lab, await datacenters(lab)));
}

/** Looks until all is well or the time is over. */
async function settled(seconds: number, look: () => Promise<Check[]>): Promise<Check[]> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const checks = await look();
    if (checks.every(({ ok }) => ok) || Date.now() >= end) return checks;
    await sleep(INTERVAL);
  }
}

async function ring(lab: Lab): Promise<Check[]> {
  return verifyRing(lab, await datacenters(lab));
}

/** Ends every pod of a datacenter; every one must come back, at another address, as a node that its own side sees up. */
async function restarts(lab: Lab, name: string, when: string): Promise<Check> {
  const before = (await podsOf(lab, name)).map(({ address }) => address);
  await restartDatacenter(lab, name);
  const started = Date.now();
  const [result] = await settled(PATIENCE.start * before.length, async () => {
    const pods = await podsOf(lab, name);
    const now = pods.map(({ address }) => address);
    const moved = now.length === before.length && now.every((address) => !before.includes(address));
    const up = moved ? await seenUp(lab, name, pods) : [];
    const ok = moved && now.every((address) => up.includes(address));
    const seconds = Math.round((Date.now() - started) / 1000);
    const detail = `was at ${before.join(' ')}, is at ${now.join(' ') || 'none'}, of which UN: ${up.join(' ') || 'none'}, after ${seconds} s`;
    return [check(`${name} restarts as a whole ${when}`, ok, detail)];
  });
  if (result === undefined) throw new Error('there was nothing to look at');
  return result;
}

async function podsOf(lab: Lab, name: string): Promise<readonly CassandraPod[]> {
  return (await datacenters(lab)).find((datacenter) => datacenter.name === name)?.pods ?? [];
}

/** Addresses of the datacenter's nodes that all of its own pods see up and normal. */
async function seenUp(lab: Lab, name: string, pods: readonly CassandraPod[]): Promise<string[]> {
  const views: string[][] = [];
  for (const pod of pods) {
    const nodes = parseStatus((await nodetool(lab, pod, 'status')).stdout);
    views.push(
      nodes.filter(({ datacenter, state }) => datacenter === name && state === 'UN').map(({ address }) => address),
    );
  }
  return (views[0] ?? []).filter((address) => views.every((view) => view.includes(address)));
}

/** From every datacenter the nodes of the others are down, so nothing of what follows comes over the link. */
async function apart(lab: Lab): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, pods } of await datacenters(lab)) {
    const [pod] = pods;
    if (pod === undefined) continue;
    const others = parseStatus((await nodetool(lab, pod, 'status')).stdout).filter(
      ({ datacenter }) => datacenter !== name,
    );
    const ok = others.length > 0 && others.every(({ state }) => state.startsWith('D'));
    const states = others.map(({ datacenter, address, state }) => `${datacenter} ${address} ${state}`).join('; ');
    checks.push(check(`with the link cut ${name} has lost the others`, ok, states || 'it knows no other node'));
  }
  return checks;
}

/** The row that a datacenter writes while it is alone. */
function rowOf(name: string): string {
  return `${name} alone`;
}

async function serves(lab: Lab, name: string, value: string): Promise<Check[]> {
  const what = `${name} takes a write at LOCAL_QUORUM with the link down`;
  const datacenter = await named(lab, name);
  const failure = await write(lab, datacenter, rowOf(name), value);
  return [check(what, failure === undefined, failure ?? 'written')];
}

/** What each side took while it was alone has come to the others. */
async function arrived(lab: Lab, value: string): Promise<Check[]> {
  const all = await datacenters(lab);
  const checks: Check[] = [];
  for (const { name } of all) {
    for (const reader of all.filter((other) => other.name !== name)) {
      const found = await whyUnread(lab, reader, rowOf(name), value);
      checks.push(
        check(`what ${name} took with the link down is read in ${reader.name}`, found === undefined, found ?? 'read'),
      );
    }
  }
  return checks;
}

async function named(lab: Lab, name: string): Promise<Datacenter> {
  const found = (await datacenters(lab)).find((datacenter) => datacenter.name === name);
  if (found === undefined) throw new Error(`datacenter ${name} is gone`);
  return found;
}
