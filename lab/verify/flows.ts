/** Every flow of the proof, tried with a real connection, and its verdict compared with what happened. */
import { spawn } from 'node:child_process';
import { NotYet, until } from '../core/wait';
import { tryInNamespace } from '../core/namespace';
import { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import type { Lab } from '../labState';
import { type Place, Places } from './places';
import { type Flow, askProof } from './proof';
import { type Check, check } from './report';

export async function verifyFlows(lab: Lab): Promise<Check[]> {
  const { flows } = await askProof(lab.state);
  const balancers = new Set(await balancerAddresses(lab));
  const places = new Places(lab.model);
  await places.survey();
  try {
    const checks: Check[] = [];
    for (const flow of flows) checks.push(await compare(flow, places, balancers));
    return checks;
  } finally {
    await places.remove();
  }
}

async function compare(flow: Flow, places: Places, balancers: ReadonlySet<string>): Promise<Check> {
  const service = flow.protocol === 'icmp' ? 'icmp' : `${flow.port}/${flow.protocol}`;
  const name = `flow ${flow.source} → ${flow.destination} ${service} (${flow.purpose ?? 'asked'})`;
  const source = await places.at(flow.source);
  const outcome = balancers.has(flow.destination)
    ? await askBalancer(flow, source)
    : await connect(flow, source, await places.at(flow.destination));
  const passes = outcome.passes;
  const agrees = flow.verdict === 'undetermined' ? false : passes === (flow.verdict === 'reachable');
  // The proof tells when a source is rewritten; otherwise the other end must see it as it is.
  const rewritten = flow.path.some(({ hop, why }) => hop.includes('snat') && !why.includes('own address'));
  const sourceAgrees = outcome.seen === undefined || (outcome.seen === flow.source) === !rewritten;
  const seen = outcome.seen === undefined ? '' : `, seen as ${outcome.seen}`;
  return check(
    name,
    agrees && sourceAgrees,
    `proof ${flow.verdict}, packets ${passes ? 'pass' : 'do not pass'}${seen}`,
  );
}

interface Attempt {
  readonly passes: boolean;
  /** The source address that the other end saw, where it could tell. */
  readonly seen?: string;
}

/** A real service answers behind a balancer. */
async function askBalancer({ destination, port, protocol }: Flow, source: Place): Promise<Attempt> {
  if (port === 53) {
    const args = [
      `@${destination}`,
      '+time=2',
      '+tries=2',
      protocol === 'tcp' ? '+tcp' : '+notcp',
      'SOA',
      'cluster.local',
    ];
    const { code } = await tryInNamespace(source.netns, 'dig', args);
    return { passes: code === 0 };
  }
  const { code } = await tryInNamespace(source.netns, 'socat', [
    '-u',
    'OPEN:/dev/null',
    `TCP:${destination}:${port},connect-timeout=3`,
  ]);
  return { passes: code === 0 };
}

async function connect(flow: Flow, source: Place, destination: Place): Promise<Attempt> {
  if (flow.protocol === 'icmp') {
    const { code } = await tryInNamespace(source.netns, 'ping', ['-c', '2', '-i', '0.2', '-W', '2', flow.destination]);
    return { passes: code === 0 };
  }
  const listener = destination.standIn ? await listen(destination.netns, flow) : undefined;
  try {
    const target = `${flow.protocol === 'udp' ? 'UDP' : 'TCP'}:${flow.destination}:${flow.port}`;
    const { code, stdout } = await tryInNamespace(
      source.netns,
      'socat',
      ['-t', '5', '-', flow.protocol === 'udp' ? target : `${target},connect-timeout=3`],
      { input: 'x\n', timeout: 8_000 },
    );
    const seen = /^[0-9.]+/.exec(stdout)?.[0];
    // A listener of ours always tells whom it saw; another service need only accept.
    return listener === undefined ? { passes: code === 0 } : { passes: seen !== undefined, seen };
  } finally {
    listener?.kill('SIGKILL');
  }
}

/** A listener that answers with the address it was called from. */
async function listen(netns: string, { port, protocol }: Flow) {
  const kind = protocol === 'udp' ? 'UDP-RECVFROM' : 'TCP-LISTEN';
  const args = [
    'netns',
    'exec',
    netns,
    'socat',
    `${kind}:${port},reuseaddr,fork`,
    'SYSTEM:read line; echo $SOCAT_PEERADDR',
  ];
  const child = spawn('ip', args, { stdio: 'ignore' });
  await until(
    `listener on ${port}/${protocol} in ${netns}`,
    10,
    async () => {
      const { stdout } = await tryInNamespace(netns, 'ss', [
        '-Hln',
        protocol === 'udp' ? '-u' : '-t',
        `sport = :${port}`,
      ]);
      return stdout.trim() === '' ? new NotYet('it does not listen') : true;
    },
    100,
  );
  return child;
}

/** Planned addresses behind which a service of the lab answers. */
async function balancerAddresses(lab: Lab): Promise<string[]> {
  const addresses: string[] = [];
  for (const cluster of lab.model.clusters) {
    for (const { spec, status } of await new KubeClient(clusterFolder(cluster)).list('v1', 'Service')) {
      if (spec.type !== 'LoadBalancer') continue;
      const ingress = (status?.loadBalancer?.ingress ?? []) as { ip: string }[];
      addresses.push(...ingress.map(({ ip }) => ip));
    }
  }
  return addresses;
}
