/** What pods ask the resolvers of their own zones, before those ask others. */
import type { Places } from '../verify/places';
import { type Attempt, type Echoes, call, inParallel } from './connections';
import type { SeatedFlow } from './standIns';

export const DNS_PORT = 53;
/** Answers started at once. */
const PARALLEL = 8;

/** Has every resolver that a pod asks answer it. */
export async function answerPods(flows: readonly SeatedFlow[], places: Places, echoes: Echoes): Promise<void> {
  const asked = flows.filter(({ asker }) => asker !== undefined);
  const resolvers = new Map(asked.map((flow) => [`${flow.source}/${flow.protocol}`, flow]));
  await inParallel([...resolvers.values()], PARALLEL, async ({ source, protocol }) =>
    echoes.at((await places.at(source)).netns, DNS_PORT, protocol),
  );
}

/** Questions of pods to their resolvers; flows to several targets are one question, and it is asked once. */
export class Questions {
  private readonly asked = new Map<string, Promise<Attempt>>();

  /** @param firstPort source port of the questions; see `Calls` */
  constructor(
    private readonly places: Pick<Places, 'at'>,
    private readonly firstPort: number,
    private readonly connect: typeof call = call,
  ) {}

  /** Whether the pod that a flow starts with gets an answer from its resolver; true where it starts with none. */
  async answered({ asker, source, protocol }: SeatedFlow): Promise<boolean> {
    if (asker === undefined) return true;
    const key = `${asker} ${source} ${protocol}`;
    const attempt = this.asked.get(key) ?? this.ask(asker, source, protocol);
    this.asked.set(key, attempt);
    return (await attempt).passes;
  }

  private async ask(asker: string, resolver: string, protocol: string): Promise<Attempt> {
    const { netns } = await this.places.at(asker);
    const question = { destination: resolver, port: DNS_PORT, protocol };
    return this.connect(netns, question, { firstPort: this.firstPort, targets: 1 });
  }
}
