/** `npm run lab -- mistakes`: for each mistake the network is built anew, and the proof is held against packets. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import { recordedNamespaces, takeDown } from '../core/ledger';
import { labDirectory, localExport } from '../core/paths';
import { say } from '../core/say';
import { sleep } from '../core/wait';
import { buildNetwork } from '../network/build';
import { readModel } from '../network/readModel';
import { checkRequirements } from '../requirements';
import { passphrase, readStack } from '../stack/stack';
import { showSecrets } from '../stack/secrets';
import { sessions } from '../verify/bgp';
import { type Flow, verdicts } from '../verify/flows';
import { Places } from '../verify/places';
import { balancerAddresses, buildBalancers } from './balanced';
import { Echoes, call, inParallel } from './connections';
import { type Comparison, compare, renderDisagreement } from './compare';
import { askedFlows, isRefusedByPolicy } from './flows';
import type { Mistake } from './mistake';
import { MISTAKES } from './mistakes';
import { State } from './state';

/** Seconds in which every session that can come up does; BIRD takes about two. */
const CONVERGENCE = 6;
/** Connections tried at once. */
const PARALLEL = 20;
/** Milliseconds that the network's daemons get to end by themselves: nothing of theirs is kept. */
const GRACE = 300;

/** @returns whether proof and packets agree on every flow under every mistake */
export async function mistakes(file: string | undefined, only: readonly string[]): Promise<boolean> {
  await checkRequirements();
  if (recordedNamespaces().length > 0)
    throw new LabError('the lab is up; the mistakes need its place: npm run lab -- down');
  const chosen = only.length === 0 ? MISTAKES : MISTAKES.filter(({ id }) => only.includes(id));
  if (chosen.length === 0) throw new LabError(`there is no mistake ${only.join(', ')}`);
  const stack = readStack(file);
  const exported = showSecrets(fs.readFileSync(file ?? localExport, 'utf8'), passphrase());
  const reserved = new Set(balancerAddresses(stack, readModel(stack.inventory)));
  const asked = await askedFlows(file ?? localExport, readModel(stack.inventory));
  const all: Comparison[] = [];
  for (const mistake of [NO_MISTAKE, ...chosen]) {
    const compared = await tryMistake(mistake, exported, asked, reserved);
    const differing = compared.filter(({ agrees }) => !agrees);
    const blocked = compared.filter(({ passes }) => !passes).length;
    say(
      `${differing.length === 0 ? 'ok  ' : 'FAIL'}  ${mistake.id}: ${mistake.what}; ${blocked} of ${compared.length} flows do not pass`,
    );
    differing.forEach((entry) => process.stdout.write(renderDisagreement(entry)));
    all.push(...compared);
  }
  const disagreements = all.filter(({ agrees }) => !agrees).length;
  process.stdout.write(`${chosen.length} mistakes, ${all.length} flows, ${disagreements} disagreements\n`);
  return disagreements === 0;
}

const NO_MISTAKE: Mistake = { id: 'none', what: 'the stack as it is', source: '', make: () => undefined };

async function tryMistake(
  mistake: Mistake,
  exported: string,
  asked: readonly string[],
  reserved: ReadonlySet<string>,
): Promise<Comparison[]> {
  const state = State.of(exported);
  mistake.make(state);
  fs.mkdirSync(labDirectory, { recursive: true, mode: 0o700 });
  const file = path.join(labDirectory, 'mutated.json');
  fs.writeFileSync(file, state.text(), { mode: 0o600 });
  const stack = readStack(file);
  const model = readModel(stack.inventory);
  const echoes = new Echoes();
  try {
    const [flows] = await Promise.all([verdicts(file, asked), buildNetwork(model, () => undefined)]);
    const places = new Places(model);
    places.surveyMachines();
    const balanced = new Set(balancerAddresses(stack, model));
    await buildBalancers(stack, model, places, echoes);
    await provide(flows, places, echoes, reserved);
    await converge(model);
    const judged = flows.filter((flow) => !isRefusedByPolicy(flow));
    return await inParallel(judged, PARALLEL, async (flow) => {
      const { netns } = await places.at(flow.source);
      return compare(flow, await call(netns, flow, balanced.has(flow.destination) ? 5 : 1));
    });
  } finally {
    echoes.end();
    await takeDown(() => undefined, GRACE);
  }
}

/** Stand-ins for both ends of every flow. An address planned for a load balancer is never anybody else's. */
async function provide(flows: readonly Flow[], places: Places, echoes: Echoes, reserved: ReadonlySet<string>) {
  for (const { source, destination } of flows) {
    await places.at(source);
    if (!reserved.has(destination)) await places.at(destination);
  }
  const direct = flows.filter(({ destination }) => !reserved.has(destination));
  const services = new Map(direct.map((flow) => [`${flow.destination} ${flow.port}/${flow.protocol}`, flow]));
  await inParallel([...services.values()], 8, async ({ destination, port, protocol }) =>
    echoes.at((await places.at(destination)).netns, port, protocol),
  );
}

async function converge(model: Parameters<typeof sessions>[0]): Promise<void> {
  const end = Date.now() + CONVERGENCE * 1000;
  while (Date.now() < end) {
    if ((await sessions(model)).every(({ state }) => state === 'Established')) break;
    await sleep(500);
  }
  // BIRD hands what it has learnt to the kernel.
  await sleep(500);
}
