/** DNS of a cluster: which servers there are, what they answer, and where they forward. */
import type { Inventory } from '../../resources/inventory';
import { type Resource, asNumber, asText } from '../../resources/resource';
import { UNKNOWN, isList } from '../../resources/value';
import type { Cluster, Pod } from './cluster';
import { type ServerBlock, alteringPlugin, inZone, parseCorefile, refusal, upstreamOf } from './corefile';
import { addonOf } from './eks';
import { dig, jsonText, kindOf, nameOf, namespaceOf, objectsOf, textMap, yamlText } from './objects';

export interface ClusterDns {
  readonly kind: 'coredns' | 'kube-dns' | 'cloud-dns';
  /** The resource that configures the cluster's own resolver. */
  readonly urn: string;
  /** Where the resolver forwards other clusters' zones, as far as it is in force. */
  readonly forwards: readonly Forward[];
  /** Why a configuration that exists is not in force. */
  readonly inert: { readonly urn: string; readonly why: string; readonly remedy: string } | undefined;
  /** A part of the configuration is not known. */
  readonly unknown: { readonly urn: string; readonly property: string } | undefined;
  readonly servers: readonly DnsServer[];
}

export interface Forward {
  readonly zone: string;
  /** With their port, unless it is DNS's own. */
  readonly addresses: readonly string[];
  readonly urn: string;
  /** Plugin that may answer or change a question first, with an effect that is not judged. */
  readonly altering?: string | undefined;
}

/** DNS servers that run as pods and that a Service may select. */
export interface DnsServer {
  readonly pod: Pod;
  readonly replicas: number;
  /** Undefined for kube-dns, which answers for the whole cluster domain. */
  readonly blocks: readonly ServerBlock[] | undefined;
  readonly urn: string;
}

/** Cluster domain of both clouds' clusters; EKS offers no other. */
export const CLUSTER_DOMAIN = 'cluster.local';

/** kubernetes/dns, "ConfigMap options": at most three upstreams for one stub domain. */
export const MAX_STUB_UPSTREAMS = 3;

export function readClusterDns(inventory: Inventory, cluster: Cluster): ClusterDns {
  const own =
    cluster.cloud === 'aws'
      ? readCoreDns(inventory, cluster.resource, cluster.objects)
      : readGkeDns(cluster.resource, cluster.objects);
  return { ...own, servers: [...own.servers, ...deployedServers(cluster.objects)] };
}

/** EKS: the CoreDNS add-on. It reverts edits of its ConfigMap, so only its own configuration counts. */
function readCoreDns(inventory: Inventory, cluster: Resource, objects: readonly Resource[]): ClusterDns {
  const addon = addonOf(inventory, cluster, 'coredns');
  const edited = configMap(objects, 'kube-system', 'coredns');
  const configuration = yamlText(addon?.value('configurationValues'));
  const holder = addon ?? edited ?? cluster;
  const unknown = configuration === UNKNOWN ? { urn: holder.urn, property: 'configurationValues' } : undefined;
  const fromAddon = configuration === UNKNOWN ? undefined : asText(dig(configuration, 'corefile'));
  const fromMap = textMap(edited?.value('data')).get('Corefile');
  const text = addon === undefined ? fromMap : typeof fromAddon === 'string' ? fromAddon : undefined;
  const parsed = text === undefined ? undefined : parseCorefile(text);
  // CoreDNS goes on with what it had, at first with what EKS ships.
  const blocks = parsed === undefined || refusal(parsed) !== undefined ? undefined : parsed;
  const replicas = configuration === UNKNOWN ? 2 : asNumber(dig(configuration, 'replicaCount'));
  const inert =
    addon !== undefined && fromMap !== undefined
      ? {
          urn: edited?.urn ?? addon.urn,
          why: 'the CoreDNS add-on reverts edits of its ConfigMap',
          remedy: "Set the add-on's configurationValues.corefile",
        }
      : refusedFile(holder.urn, text, parsed);
  return {
    kind: 'coredns',
    urn: holder.urn,
    forwards: corefileForwards(blocks ?? [], holder.urn),
    inert,
    unknown,
    servers: [
      {
        pod: { name: 'CoreDNS', namespace: 'kube-system', labels: new Map([['k8s-app', 'kube-dns']]) },
        replicas: typeof replicas === 'number' ? replicas : 2,
        blocks: blocks ?? DEFAULT_COREFILE,
        urn: holder.urn,
      },
    ],
  };
}

function refusedFile(
  urn: string,
  text: string | undefined,
  parsed: readonly ServerBlock[] | undefined,
): ClusterDns['inert'] {
  if (text === undefined) return undefined;
  if (parsed === undefined)
    return { urn, why: 'the Corefile does not parse', remedy: 'Close every block of the Corefile' };
  const why = refusal(parsed);
  return why === undefined
    ? undefined
    : { urn, why: `CoreDNS refuses the Corefile: ${why}`, remedy: 'Correct the Corefile' };
}

/** What EKS ships (EKS guide, "Manage CoreDNS"). */
const DEFAULT_COREFILE: readonly ServerBlock[] = [
  {
    zones: ['.'],
    port: 53,
    plugins: [
      { name: 'health', args: [], block: [] },
      { name: 'ready', args: [], block: [] },
      { name: 'kubernetes', args: [CLUSTER_DOMAIN, 'in-addr.arpa', 'ip6.arpa'], block: [] },
      { name: 'forward', args: ['.', '/etc/resolv.conf'], block: [] },
    ],
  },
];

/**
 * Forwards of single zones at DNS's port; the block for everything goes to the node's resolver. Within its block a `forward` is
 * for names of its own first argument only.
 */
function corefileForwards(blocks: readonly ServerBlock[], urn: string): Forward[] {
  return blocks
    .filter(({ port }) => port === 53)
    .flatMap((block) =>
      block.plugins
        .filter((plugin) => plugin.name === 'forward')
        .flatMap((plugin) => {
          const [from = '.', ...to] = plugin.args;
          const excepted = plugin.block.filter(([key]) => key === 'except').flatMap(([, ...names]) => names);
          return block.zones
            .map((zone) => narrower(zone, from.replace(/(.)\.$/, '$1')))
            .filter((zone) => zone !== undefined && zone !== '.')
            .filter((zone) => !excepted.some((name) => inZone(zone as string, name.replace(/\.$/, ''))))
            .map((zone) => ({
              zone: zone as string,
              addresses: to.map(upstreamOf),
              urn,
              altering: alteringPlugin(block),
            }));
        }),
    );
}

/** The zone that lies within the other; undefined when neither does. */
function narrower(a: string, b: string): string | undefined {
  return inZone(a, b) ? a : inZone(b, a) ? b : undefined;
}

/** GKE: kube-dns with stub domains, unless Cloud DNS answers, which ignores them ("Using Cloud DNS for GKE"). */
function readGkeDns(cluster: Resource, objects: readonly Resource[]): ClusterDns {
  const cloud = cluster.knownText('dnsConfig.clusterDns') === 'CLOUD_DNS';
  const map = configMap(objects, 'kube-system', 'kube-dns');
  const text = textMap(map?.value('data')).get('stubDomains');
  const stubs = text === undefined ? [] : stubDomains(text, map?.urn ?? cluster.urn);
  const unknown = map !== undefined && map.value('data') === UNKNOWN ? { urn: map.urn, property: 'data' } : undefined;
  const inert = inertStubs(cluster, map, text, stubs, cloud);
  return {
    kind: cloud ? 'cloud-dns' : 'kube-dns',
    urn: map?.urn ?? cluster.urn,
    forwards: inert === undefined ? (stubs ?? []) : [],
    inert,
    unknown,
    servers: cloud
      ? []
      : [
          {
            pod: { name: 'kube-dns', namespace: 'kube-system', labels: new Map([['k8s-app', 'kube-dns']]) },
            replicas: 2,
            blocks: undefined,
            urn: cluster.urn,
          },
        ],
  };
}

function inertStubs(
  cluster: Resource,
  map: Resource | undefined,
  text: string | undefined,
  stubs: readonly Forward[] | undefined,
  cloud: boolean,
): ClusterDns['inert'] {
  if (text === undefined || map === undefined) return undefined;
  if (cloud) {
    return {
      urn: cluster.urn,
      why: 'stub domains do nothing under CLOUD_DNS',
      remedy: 'Set dnsConfig.clusterDns to KUBE_DNS',
    };
  }
  if (stubs === undefined) {
    return {
      urn: map.urn,
      why: 'stubDomains is no JSON object of zone to addresses',
      remedy: 'Write {"zone":["address"]}',
    };
  }
  if (stubs.some((stub) => stub.zone === CLUSTER_DOMAIN)) {
    return {
      urn: map.urn,
      why: 'a stub domain must not be the cluster domain',
      remedy: 'Forward the other namespace only',
    };
  }
  const many = stubs.find((stub) => stub.addresses.length > MAX_STUB_UPSTREAMS);
  if (many === undefined) return undefined;
  const why = `${many.zone} has ${many.addresses.length} upstreams, kube-dns takes ${MAX_STUB_UPSTREAMS}`;
  return { urn: map.urn, why, remedy: `List at most ${MAX_STUB_UPSTREAMS} addresses` };
}

function stubDomains(text: string, urn: string): Forward[] | undefined {
  const parsed = jsonText(text);
  if (parsed === undefined || parsed === UNKNOWN) return undefined;
  const stubs: Forward[] = [];
  for (const [zone, list] of Object.entries(parsed)) {
    if (!isList(list)) return undefined;
    const addresses = list
      .map((item) => asText(item))
      .filter((item) => typeof item === 'string')
      .map(upstreamOf);
    stubs.push({ zone: zone.replace(/\.$/, ''), addresses, urn });
  }
  return stubs;
}

function configMap(objects: readonly Resource[], namespace: string, name: string): Resource | undefined {
  return objects.find(
    (object) =>
      ['ConfigMap', 'ConfigMapPatch'].includes(kindOf(object)) &&
      nameOf(object) === name &&
      namespaceOf(object) === namespace,
  );
}

/** Deployments that run CoreDNS with a Corefile from a ConfigMap. */
function deployedServers(objects: readonly Resource[]): DnsServer[] {
  return objects
    .filter((object) => kindOf(object) === 'Deployment')
    .flatMap((object) => {
      const containers = objectsOf(object.value('spec.template.spec.containers'));
      if (!containers.some((container) => /(^|\/)coredns(:|@|$)/.test(String(asText(container['image']) ?? ''))))
        return [];
      const mounted = mountedCorefile(object, objects);
      const replicas = object.number('spec.replicas');
      return [
        {
          pod: {
            name: nameOf(object),
            namespace: namespaceOf(object),
            labels: textMap(object.value('spec.template.metadata.labels')),
          },
          replicas: typeof replicas === 'number' ? replicas : 1,
          blocks: mounted === undefined ? [] : (parseCorefile(mounted.text) ?? []),
          urn: mounted?.urn ?? object.urn,
        },
      ];
    });
}

function mountedCorefile(
  deployment: Resource,
  objects: readonly Resource[],
): { readonly text: string; readonly urn: string } | undefined {
  for (const volume of objectsOf(deployment.value('spec.template.spec.volumes'))) {
    const name = asText(dig(volume, 'configMap', 'name'));
    const map = typeof name === 'string' ? configMap(objects, namespaceOf(deployment), name) : undefined;
    const text = textMap(map?.value('data')).get('Corefile');
    if (map !== undefined && text !== undefined) return { text, urn: map.urn };
  }
  return undefined;
}

/** The forward for a name: of several, the one of the longest zone. */
export function forwardFor(dns: ClusterDns, name: string): Forward | undefined {
  return dns.forwards.filter((forward) => inZone(name, forward.zone)).sort((a, b) => b.zone.length - a.zone.length)[0];
}
