import * as pulumi from '@pulumi/pulumi';
import type { CassandraSettings, OperatorSettings } from '../../plan/settings';
import type { KubernetesSite } from '../kubernetesSite';
import { Datacenter } from './datacenter';
import { Gateway } from './gateway';
import { ClusterIdentity } from './identity';
import { LinkProbe } from './probe';
import { ClusterReplication } from './replication';
import { RemoteSeeds } from './seeds';
import { SiteFoundation } from './siteFoundation';

/** A link as the database sees it: which sites it joins, and what must exist before packets cross. */
export interface SiteLink {
  readonly sites: readonly [string, string];
  readonly ready: readonly pulumi.Resource[];
}

export interface CassandraClusterArgs {
  /** Cassandra cluster name. */
  readonly cluster: string;
  readonly settings: CassandraSettings;
  readonly charts: OperatorSettings;
  readonly sites: readonly KubernetesSite[];
  readonly links: readonly SiteLink[];
  /** Protects the datacenters from being deleted. */
  readonly protect: boolean;
}

/**
 * One Cassandra cluster over all sites.
 *
 * The datacenters start one after another, because Cassandra refuses concurrent bootstraps and the second
 * needs seeds of the first: first datacenter → its gateway; gateway and link → probe, and with it the
 * `Endpoints` of the other's seeds → next datacenter → its gateway; then replication and rebuild.
 */
export class CassandraCluster extends pulumi.ComponentResource {
  /** PEM certificate that clients verify nodes by. */
  readonly caCertificate: pulumi.Output<string>;
  readonly superuserName: string;
  /** Secret. */
  readonly superuserPassword: pulumi.Output<string>;
  /** Every datacenter is Ready, is reached by the others, and holds its replicas and their data. */
  readonly ready: readonly pulumi.Resource[];

  private readonly identity: ClusterIdentity;
  private readonly child = { parent: this };

  constructor(
    private readonly name: string,
    private readonly args: CassandraClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('multicloud-cassandra:cassandra:Cluster', name, { cluster: args.cluster }, opts);
    const { cluster, settings } = args;
    this.identity = new ClusterIdentity(`${name}-identity`, { cluster }, this.child);

    // All sites prepare themselves at once; only the datacenters stand in line.
    const [first, ...later] = startOrder(args.sites, settings.firstSite).map((site) => ({
      site,
      foundation: new SiteFoundation(
        `${name}-${site.plan.name}`,
        { site, cluster, identity: this.identity, charts: args.charts },
        this.child,
      ),
    }));
    if (first === undefined) throw new Error(`cluster ${cluster} has no site`);

    const started = [this.startFirst(first)];
    for (const prepared of later) {
      started.push(this.startLater(prepared, started));
    }

    const datacenters = started.flatMap(({ datacenter }) => datacenter);
    const replication = new ClusterReplication(
      `${name}-replication`,
      { cluster, settings, first: first.site, later: later.map(({ site }) => site), datacenters },
      this.child,
    );

    this.caCertificate = this.identity.caCertificate;
    this.superuserName = this.identity.superuserName;
    this.superuserPassword = this.identity.superuserPassword;
    this.ready = [...datacenters, ...started.flatMap(({ gateway }) => gateway), ...replication.ready];
    this.registerOutputs({ caCertificate: this.caCertificate });
  }

  private startFirst(prepared: PreparedSite): StartedSite {
    const { datacenter, gateway } = this.start(prepared, true, []);
    // After it is Ready: it starts the ring, and seeds that do not exist yet would only slow its first start.
    const seeds = this.remoteSeeds(prepared.site, datacenter);
    return { site: prepared.site, datacenter, gateway, seeds };
  }

  private startLater(prepared: PreparedSite, started: readonly StartedSite[]): StartedSite {
    const { site, foundation } = prepared;
    // Before the datacenter: its first node is a seed of its own, and where it finds no other seed at its
    // start it makes a second ring instead of joining the first.
    const seeds = this.remoteSeeds(site, foundation.namespace);
    const { datacenter, gateway } = this.start(prepared, false, [
      // Packets cross.
      ...started.flatMap((earlier) => this.probe(prepared, earlier)),
      // It finds the ring that it joins.
      ...seeds,
      ...started.flatMap((earlier) => [
        // One bootstrap at a time.
        ...earlier.datacenter,
        // From the first packet on, both sides know each other.
        ...earlier.seeds,
      ]),
    ]);
    return { site, datacenter, gateway, seeds };
  }

  private start({ site, foundation }: PreparedSite, first: boolean, dependsOn: readonly pulumi.Resource[]) {
    const { cluster, settings, protect } = this.args;
    const name = `${this.name}-${site.plan.datacenter}`;
    const datacenter = new Datacenter(
      name,
      {
        site,
        cluster,
        settings,
        identity: this.identity,
        first,
        protect,
        namespace: foundation.namespace,
        dependsOn: [...foundation.ready, ...dependsOn],
      },
      this.child,
    ).ready;
    const gateway =
      site.plan.peers.length === 0
        ? []
        : new Gateway(`${name}-gateway`, { site, cluster, datacenter }, this.child).ready;
    return { datacenter, gateway };
  }

  private remoteSeeds(site: KubernetesSite, dependsOn: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const { cluster } = this.args;
    return site.plan.remoteSeeds.length === 0
      ? []
      : new RemoteSeeds(`${this.name}-${site.plan.datacenter}-remote-seeds`, { site, cluster, dependsOn }, this.child)
          .ready;
  }

  /** Packets cross from a site to one that has started; nothing where no link joins the two. */
  private probe({ site, foundation }: PreparedSite, earlier: StartedSite): readonly pulumi.Resource[] {
    const links = linksBetween(this.args.links, site, earlier.site);
    if (links.length === 0) return [];
    return new LinkProbe(
      `${this.name}-probe-${site.plan.datacenter}-${earlier.site.plan.datacenter}`,
      {
        from: site,
        to: earlier.site.plan,
        version: this.args.settings.version,
        dependsOn: [
          // The Job lives in it.
          ...foundation.namespace,
          // Its pod needs somewhere to run.
          ...site.nodes,
          // What it asks, and what it goes through.
          ...earlier.gateway,
          ...links.flatMap(({ ready }) => ready),
        ],
      },
      this.child,
    ).ready;
  }
}

interface PreparedSite {
  readonly site: KubernetesSite;
  readonly foundation: SiteFoundation;
}

/** A site whose datacenter is part of the cluster; each list is what to wait for. */
interface StartedSite {
  readonly site: KubernetesSite;
  readonly datacenter: readonly pulumi.Resource[];
  readonly gateway: readonly pulumi.Resource[];
  readonly seeds: readonly pulumi.Resource[];
}

/** The site that starts the cluster (the first by name unless set), then the others by name. */
export function startOrder<Site extends Pick<KubernetesSite, 'plan'>>(
  sites: readonly Site[],
  firstSite: string | undefined,
): Site[] {
  const byName = [...sites].sort((a, b) => (a.plan.name < b.plan.name ? -1 : 1));
  const isFirst = ({ plan }: Site) => plan.name === firstSite;
  return [...byName.filter(isFirst), ...byName.filter((site) => !isFirst(site))];
}

function linksBetween(links: readonly SiteLink[], a: KubernetesSite, b: KubernetesSite): SiteLink[] {
  return links.filter(({ sites }) => sites.includes(a.plan.name) && sites.includes(b.plan.name));
}
