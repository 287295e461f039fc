/** `npm run lab -- mistakes`: for each mistake the network is built anew, and the proof is held against packets. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LabError } from '../core/errors';
import { endNamespaces } from '../core/ledger';
import { labDirectory, localExport } from '../core/paths';
import { say } from '../core/say';
import { sleep } from '../core/wait';
import { buildNetwork } from '../network/build';
import type { LabModel } from '../network/model';
import { readModel } from '../network/readModel';
import { passphrase, readStack } from '../stack/stack';
import { showSecrets } from '../stack/secrets';
import { compareSessions, sessions } from '../verify/bgp';
import { Places } from '../verify/places';
import { type Flow, type ProvenSession, askProof } from '../verify/proof';
import { type Check, renderCheck } from '../verify/report';
import { balancerAddresses, buildBalancers } from './balanced';
import { Echoes, call, inParallel } from './connections';
import { type Comparison, compare, renderDisagreement } from './compare';
import { askedFlows, isRefusedByPolicy } from './flows';
import { DoesNotApply, type Mistake } from './mistake';
import { MISTAKES } from './mistakes';
import { State } from './state';

/** Seconds in which a session comes up if it can; BIRD takes about two. One that must not come up gets as long. */
const CONVERGENCE = 6;
/** Seconds after which a session that the proof expects is not coming, on however busy a machine. */
const PATIENCE = 30;
/** Connections tried at once. */
const PARALLEL = 20;
/** Milliseconds that the network's daemons get to end by themselves: nothing of theirs is kept. */
const GRACE = 300;

/** What came of one mistake. */
interface Outcome {
  readonly flows: readonly Comparison[];
  readonly sessions: readonly Check[];
}

/** @returns whether proof and packets agree on every flow and every session under every mistake */
export async function mistakes(file: string | undefined, only: readonly string[]): Promise<boolean> {
  const chosen = chooseMistakes(only);
  const stack = readStack(file);
  const exported = showSecrets(fs.readFileSync(file ?? localExport, 'utf8'), passphrase());
  const reserved = new Set(balancerAddresses(stack, readModel(stack.inventory)));
  const asked = await askedFlows(file ?? localExport, readModel(stack.inventory));
  const outcomes: Outcome[] = [];
  let leftOut = 0;
  for (const mistake of [NO_MISTAKE, ...chosen]) {
    const state = stateWith(mistake, exported);
    if (state instanceof DoesNotApply) {
      leftOut += 1;
      say(`left out  ${mistake.id}: ${state.message}`);
      continue;
    }
    const outcome = await tryMistake(state, asked, reserved);
    tell(mistake, outcome);
    outcomes.push(outcome);
  }
  const flows = outcomes.flatMap((outcome) => outcome.flows);
  const sessions = outcomes.flatMap((outcome) => outcome.sessions);
  const disagreements = flows.filter(({ agrees }) => !agrees).length + sessions.filter(({ ok }) => !ok).length;
  const tried = `${chosen.length - leftOut} mistakes, ${leftOut} left out`;
  process.stdout.write(
    `${tried}, ${flows.length} flows, ${sessions.length} sessions, ${disagreements} disagreements\n`,
  );
  return disagreements === 0;
}

/** @throws LabError that names every word that is no mistake's */
function chooseMistakes(only: readonly string[]): readonly Mistake[] {
  const unknown = only.filter((word) => MISTAKES.every(({ id }) => id !== word));
  if (unknown.length > 0) throw new LabError(`there is no mistake ${unknown.join(', ')}`);
  return only.length === 0 ? MISTAKES : MISTAKES.filter(({ id }) => only.includes(id));
}

const NO_MISTAKE: Mistake = { id: 'none', what: 'the stack as it is', source: '', make: () => undefined };

/** The state with the mistake, or why the mistake is none of this stack. */
function stateWith(mistake: Mistake, exported: string): State | DoesNotApply {
  const state = State.of(exported);
  try {
    mistake.make(state);
  } catch (error) {
    if (error instanceof DoesNotApply) return error;
    throw error;
  }
  return state;
}

function tell({ id, what }: Mistake, { flows, sessions }: Outcome): void {
  const differing = flows.filter(({ agrees }) => !agrees);
  const wrong = sessions.filter(({ ok }) => !ok);
  const stopped = flows.filter(({ passes }) => !passes).length;
  const mark = differing.length + wrong.length === 0 ? 'ok  ' : 'FAIL';
  const counts = `${stopped} of ${flows.length} flows do not pass, ${sessions.length - wrong.length} of ${sessions.length} sessions as proven`;
  say(`${mark}  ${id}: ${what}; ${counts}`);
  wrong.forEach((entry) => process.stdout.write(`      ${renderCheck(entry)}\n`));
  differing.forEach((entry) => process.stdout.write(renderDisagreement(entry)));
}

async function tryMistake(state: State, asked: readonly string[], reserved: ReadonlySet<string>): Promise<Outcome> {
  const file = path.join(labDirectory, 'mutated.json');
  fs.writeFileSync(file, state.text(), { mode: 0o600 });
  const stack = readStack(file);
  const model = readModel(stack.inventory);
  const echoes = new Echoes();
  try {
    const [proof] = await Promise.all([askProof(file, asked), buildNetwork(model, () => undefined)]);
    const places = new Places(model);
    places.surveyMachines();
    const balanced = new Set(balancerAddresses(stack, model));
    await buildBalancers(stack, model, places, echoes);
    await provide(proof.flows, places, echoes, reserved);
    const sessions = await converge(model, proof.sessions);
    const judged = proof.flows.filter((flow) => !isRefusedByPolicy(flow));
    const flows = await inParallel(judged, PARALLEL, async (flow) => {
      const { netns } = await places.at(flow.source);
      return compare(flow, await call(netns, flow, balanced.has(flow.destination) ? 5 : 1));
    });
    return { flows, sessions };
  } finally {
    echoes.end();
    await endNamespaces(GRACE);
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

/** Waits for what the proof expects of the sessions, and returns how it turned out. */
async function converge(model: LabModel, proven: readonly ProvenSession[]): Promise<Check[]> {
  const start = Date.now();
  const settled = proven.every(({ state }) => state === 'established') ? 0 : CONVERGENCE * 1000;
  for (;;) {
    const checks = compareSessions(await sessions(model), proven);
    const elapsed = Date.now() - start;
    const asProven = checks.every(({ ok }) => ok);
    if ((asProven && elapsed >= settled) || elapsed >= PATIENCE * 1000) {
      // BIRD hands what it has learnt to the kernel.
      await sleep(500);
      return checks;
    }
    await sleep(500);
  }
}
