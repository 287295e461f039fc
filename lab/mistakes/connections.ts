/** Real connections between stand-ins, many at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { listening } from '../core/listening';
import { tryInNamespace } from '../core/namespace';

export interface Attempt {
  readonly passes: boolean;
  /** The source addresses that the other end saw. */
  readonly seen: readonly string[];
}

/** Seconds without an answer after which nothing comes. */
const PATIENCE = 2;
/** Datagrams that a caller sends before it gives up, like a resolver. */
const DATAGRAMS = 3;

/** Services that answer every caller with the address it called from. */
export class Echoes {
  private readonly running = new Map<string, ChildProcess>();

  async at(netns: string, port: number, protocol: string): Promise<void> {
    const key = `${netns} ${port}/${protocol}`;
    if (protocol === 'icmp' || this.running.has(key)) return;
    const kind = protocol === 'udp' ? 'UDP-RECVFROM' : 'TCP-LISTEN';
    const answer = 'SYSTEM:read line; echo $SOCAT_PEERADDR';
    const args = ['netns', 'exec', netns, 'socat', `${kind}:${port},reuseaddr,fork`, answer];
    this.running.set(key, spawn('ip', args, { stdio: 'ignore' }));
    await listening(netns, port, protocol);
  }

  end(): void {
    this.running.forEach((child) => child.kill('SIGKILL'));
    this.running.clear();
  }
}

/** Source ports of the calls of one flow: each goes to another of the targets behind a balancer. */
export interface Calls {
  /** A multiple of 16; a connection of before must not have had it. */
  readonly firstPort: number;
  /** How many targets may answer. */
  readonly targets: number;
}

/** Calls a service, once for each target that may answer; all must. */
export async function call(
  netns: string,
  { destination, port, protocol }: { destination: string; port: number; protocol: string },
  { firstPort, targets }: Calls,
): Promise<Attempt> {
  if (protocol === 'icmp') {
    const args = ['-c', '2', '-i', '0.2', '-W', String(PATIENCE), destination];
    return { passes: (await tryInNamespace(netns, 'ping', args)).code === 0, seen: [] };
  }
  const address = (index: number): string => {
    const options = `sourceport=${firstPort + 2 * index},reuseaddr`;
    return protocol === 'udp'
      ? `UDP:${destination}:${port},${options}`
      : `TCP:${destination}:${port},${options},connect-timeout=${PATIENCE}`;
  };
  const answers = await Promise.all(
    Array.from({ length: targets }, (_, index) => ask(netns, address(index), protocol === 'udp' ? DATAGRAMS : 1)),
  );
  const seen = answers.flatMap((answer) => answer ?? []);
  return { passes: seen.length === targets, seen: [...new Set(seen)].sort() };
}

/** The address that the service saw; a datagram may be lost, so it is sent again, from the same port. */
async function ask(netns: string, target: string, times: number): Promise<string | undefined> {
  const args = ['-t', String(PATIENCE), '-', target];
  const { stdout } = await tryInNamespace(netns, 'socat', args, { input: 'x\n', timeout: 8_000 });
  const seen = /^[0-9.]+/.exec(stdout)?.[0];
  return seen === undefined && times > 1 ? ask(netns, target, times - 1) : seen;
}

/** Does the work of a list, so many at a time. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
