/** `npm run lab -- mistakes`: the network of each mistake is made, and the proof is held against packets. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UsageError } from '../arguments';
import { labDirectory, localExport } from '../core/paths';
import { say } from '../core/say';
import { sleep } from '../core/wait';
import type { LabModel } from '../network/model';
import { readModel } from '../network/readModel';
import { passphrase, readStack } from '../stack/stack';
import { showSecrets } from '../stack/secrets';
import { compareSessions, sessions } from '../verify/bgp';
import type { Flow, ProvenSession } from '../verify/proof';
import { type Check, renderCheck } from '../verify/report';
import { balance, balancerAddresses, seatTargets } from './balanced';
import { call, inParallel } from './connections';
import { type Comparison, UNANSWERED, compare, renderDisagreement } from './compare';
import { furtherFlows, judge } from './flows';
import type { Mistake } from './mistake';
import { MISTAKES } from './mistakes';
import { Questions, answerPods } from './resolvers';
import { type SeatedFlow, StandIns } from './standIns';
import { DoesNotApply, State } from './state';
import { type Built, Stage } from './stage';

/** Seconds in which a session comes up if it can; BIRD takes about two. One that must not come up gets as long. */
const CONVERGENCE = 6;
/** Seconds after which a session that the proof expects is not coming, on however busy a machine. */
const PATIENCE = 30;
/** Connections tried at once. */
const PARALLEL = 20;
/** Source ports of the first mistake's connections; each has its own, so that none is taken for a part of an earlier one. */
const FIRST_PORT = 32_768;
const PORTS_EACH = 16;

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
  const further = await furtherFlows(file ?? localExport, readModel(stack.inventory));
  const stage = new Stage();
  const outcomes: Outcome[] = [];
  let leftOut = 0;
  try {
    for (const [number, mistake] of [NO_MISTAKE, ...chosen].entries()) {
      const state = stateWith(mistake, exported);
      if (state instanceof DoesNotApply) {
        leftOut += 1;
        say(`left out  ${mistake.id}: ${state.message}`);
        continue;
      }
      const outcome = await tryMistake(stage, state, number, further, reserved);
      tell(mistake, outcome);
      outcomes.push(outcome);
    }
  } finally {
    await stage.end();
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

/** @throws UsageError that names every word that is no mistake's */
function chooseMistakes(only: readonly string[]): readonly Mistake[] {
  const unknown = only.filter((word) => MISTAKES.every(({ id }) => id !== word));
  if (unknown.length > 0) throw new UsageError(`there is no mistake ${unknown.join(', ')}`);
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

async function tryMistake(
  stage: Stage,
  state: State,
  number: number,
  further: readonly string[],
  reserved: ReadonlySet<string>,
): Promise<Outcome> {
  const file = path.join(labDirectory, 'mutated.json');
  fs.writeFileSync(file, state.text(), { mode: 0o600 });
  const stack = readStack(file);
  const model = readModel(stack.inventory);
  const [proof, built] = await Promise.all([judge(file, further), stage.become(model)]);
  const standIns = new StandIns(stack, model, built.places);
  const seated = await seatTargets(model, standIns, built);
  const tried = await provide(proof.flows, standIns, built, reserved);
  await standIns.enforcePolicies();
  const serving = await balance(model, seated);
  const sessions = await converge(model, proof.sessions);
  const firstPort = FIRST_PORT + PORTS_EACH * number;
  const questions = new Questions(built.places, firstPort);
  const flows = await inParallel(tried, PARALLEL, async (flow) => {
    if (!(await questions.answered(flow))) return compare(flow, UNANSWERED);
    const { netns } = await built.places.at(flow.source);
    const behind = serving.get(`${flow.destination} ${flow.port}/${flow.protocol}`);
    const attempt = await call(netns, flow, { firstPort, targets: Math.max(1, behind?.targets.length ?? 1) });
    return compare(flow, { ...attempt, lastResort: behind?.lastResort === true });
  });
  return { flows, sessions };
}

/**
 * Stand-ins for both ends of every flow. An address planned for a load balancer is never anybody else's.
 *
 * @returns the flows as they are tried
 */
async function provide(
  judged: readonly Flow[],
  standIns: StandIns,
  { places, echoes }: Built,
  reserved: ReadonlySet<string>,
): Promise<SeatedFlow[]> {
  const flows: SeatedFlow[] = [];
  for (const flow of judged) {
    const seated = await standIns.seat(flow);
    await places.at(seated.source);
    if (seated.asker !== undefined) await places.at(seated.asker);
    if (!reserved.has(seated.destination)) await places.at(seated.destination);
    flows.push(seated);
  }
  const direct = flows.filter(({ destination }) => !reserved.has(destination));
  const services = new Map(direct.map((flow) => [`${flow.destination} ${flow.port}/${flow.protocol}`, flow]));
  await inParallel([...services.values()], 8, async ({ destination, port, protocol }) =>
    echoes.at((await places.at(destination)).netns, port, protocol),
  );
  await answerPods(flows, places, echoes);
  return flows;
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
