/** Corefiles as CoreDNS reads them (CoreDNS manual, "Configuration"; plugins `kubernetes`, `forward`). */

import { type Address, holds, parseRange } from '../../ip';

/** A server block: the zones it is for, and its plugins in the order written. */
export interface ServerBlock {
  /** Without scheme and port; `.` for every zone. */
  readonly zones: readonly string[];
  readonly port: number;
  readonly plugins: readonly Plugin[];
}

export interface Plugin {
  readonly name: string;
  readonly args: readonly string[];
  /** Lines of its own block. */
  readonly block: readonly (readonly string[])[];
}

/** Parses a Corefile; undefined when its braces do not match. */
export function parseCorefile(text: string): ServerBlock[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
  const blocks: ServerBlock[] = [];
  let server: { zones: string[]; port: number; plugins: Plugin[] } | undefined;
  let plugin: { name: string; args: string[]; block: string[][] } | undefined;
  for (const words of lines) {
    const opens = words.at(-1) === '{';
    const head = opens ? words.slice(0, -1) : words;
    if (words[0] === '}') {
      if (plugin !== undefined) plugin = undefined;
      else if (server !== undefined) server = undefined;
      else return undefined;
    } else if (server === undefined) {
      if (!opens) return undefined;
      blocks.push((server = { ...readZones(head), plugins: [] }));
    } else if (plugin !== undefined) {
      plugin.block.push(head);
    } else {
      const [name, ...args] = head;
      const read = { name: name ?? '', args, block: [] as string[][] };
      server.plugins.push(read);
      if (opens) plugin = read;
    }
  }
  return server === undefined && plugin === undefined ? blocks : undefined;
}

function readZones(head: readonly string[]): { zones: string[]; port: number } {
  let port = 53;
  const zones = head.map((word) => {
    const [, zone, number] = /^(?:[a-z]+:\/\/)?([^:]*)(?::([0-9]+))?,?$/.exec(word) ?? [undefined, word, undefined];
    if (number !== undefined) port = Number(number);
    return zone === '' || zone === undefined ? '.' : zone.replace(/,$/, '').replace(/(.)\.$/, '$1');
  });
  return { zones, port };
}

/** Whether a name is the zone itself or below it. */
export function inZone(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`);
}

/** The block that answers for a name: the one with the longest zone that holds it. */
export function blockFor(blocks: readonly ServerBlock[], name: string): ServerBlock | undefined {
  let best: ServerBlock | undefined;
  let longest = -1;
  for (const block of blocks) {
    for (const zone of block.zones) {
      const length = zone === '.' ? 0 : zone.length;
      if (block.port === 53 && inZone(name, zone) && length > longest) [best, longest] = [block, length];
    }
  }
  return best;
}

/** Addresses that the block forwards a name to; undefined without a matching `forward`. */
export function forwardsOf(block: ServerBlock, name: string): readonly string[] | undefined {
  const forward = block.plugins.find(
    (plugin) => plugin.name === 'forward' && inZone(name, dotless(plugin.args[0] ?? '.')),
  );
  return forward?.args.slice(1).map(upstreamOf);
}

const DNS_PORT = 53;
const DNS_OVER_TLS_PORT = 853;

/** An upstream without its scheme; with its port unless that is DNS's own. */
export function upstreamOf(text: string): string {
  const [, scheme, host = text, port] = /^(?:([a-z]+):\/\/)?(.*?)(?::([0-9]+))?$/.exec(text) ?? [];
  const number = port === undefined ? (scheme === 'tls' ? DNS_OVER_TLS_PORT : DNS_PORT) : Number(port);
  return number === DNS_PORT ? host : `${host}:${number}`;
}

/** What CoreDNS 1.12 is built with (coredns, `plugin.cfg`). */
const PLUGINS = new Set(
  (
    'root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof ' +
    'prometheus errors log dnstap local dns64 any chaos loadbalance tsig cache rewrite header dnssec autopath minimal ' +
    'template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc ' +
    'erratic whoami on sign view acl import nomad'
  ).split(' '),
);

/** Why CoreDNS does not start with a Corefile that parses, or keeps the one that it had. */
export function refusal(blocks: readonly ServerBlock[]): string | undefined {
  const seen = new Set<string>();
  for (const { zones, port, plugins } of blocks) {
    for (const zone of zones) {
      const name = `${zone}:${port}`;
      // With `view` several blocks may share a zone.
      if (seen.has(name) && !plugins.some((plugin) => plugin.name === 'view')) return `${name} has two server blocks`;
      seen.add(name);
    }
    const strange = plugins.find(({ name }) => !PLUGINS.has(name));
    if (strange !== undefined) return `${strange.name} is no plugin`;
  }
  return undefined;
}

/** Plugins that may answer a question, or change it, before it is forwarded or looked up in the cluster. */
const ALTERING = ['rewrite', 'template', 'file', 'auto', 'secondary', 'etcd', 'k8s_external'];

/** The plugin of a block whose effect on its questions is not judged, if there is one. */
export function alteringPlugin({ plugins }: ServerBlock): string | undefined {
  const hosts = plugins.find(({ name }) => name === 'hosts');
  if (hosts !== undefined && !hosts.block.some(([key]) => key === 'fallthrough')) return 'hosts';
  return plugins.find(({ name }) => ALTERING.includes(name))?.name;
}

/** Whether a block listens on nothing but the pod's own loopback (plugin `bind`). */
export function listensToItself({ plugins }: ServerBlock): boolean {
  const bound = plugins.filter(({ name }) => name === 'bind').flatMap(({ args }) => args);
  return (
    bound.length > 0 && bound.every((address) => address.startsWith('127.') || address === '::1' || address === 'lo')
  );
}

/** Whether the plugin `acl` turns a client away: its first rule for the client's address decides. */
export function turnsAway({ plugins }: ServerBlock, client: Address): boolean {
  return plugins
    .filter(({ name }) => name === 'acl')
    .some(({ block }) => {
      const rule = block.find((words) => {
        const from = words.indexOf('net');
        const nets = from < 0 ? [] : words.slice(from + 1);
        return nets.length === 0 || nets.includes('*') || nets.some((net) => heldBy(net, client));
      });
      return rule !== undefined && rule[0] !== 'allow';
    });
}

function heldBy(net: string, client: Address): boolean {
  const range = parseRange(net);
  return range !== undefined && holds(range, client);
}

/**
 * Whether the block answers for names of a namespace from the Kubernetes API: the `kubernetes` plugin has the name's zone
 * among its own, or takes the block's, and its `namespaces` list holds the namespace, or there is no list.
 */
export function servesNamespace(block: ServerBlock, name: string, namespace: string): 'yes' | 'no' | 'other-namespace' {
  const plugin = block.plugins.find((candidate) => candidate.name === 'kubernetes');
  if (plugin === undefined) return 'no';
  const zones = plugin.args.length > 0 ? plugin.args.map(dotless) : block.zones;
  if (!zones.some((zone) => inZone(name, zone))) return 'no';
  const listed = plugin.block.filter(([key]) => key === 'namespaces').flatMap(([, ...names]) => names);
  return listed.length === 0 || listed.includes(namespace) ? 'yes' : 'other-namespace';
}

export function hasPlugin(blocks: readonly ServerBlock[], name: string): boolean {
  return blocks.some((block) => block.plugins.some((plugin) => plugin.name === name));
}

function dotless(zone: string): string {
  return zone === '.' ? zone : zone.replace(/\.$/, '');
}
