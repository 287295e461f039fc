import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SettingsError, loadPlan } from '../../plan';
import type { Plan, SitePlan } from '../../plan';
import { type Raw, awsSite, bySlot, gcpSite, stack } from './fixtures';
import * as oracle from './oracle';

const POOL = { range: '10.64.0.0/10', prefix: 15 };
const SLOTS = 32;

interface Choice {
  readonly cloud: 'aws' | 'gcp';
  readonly letters: readonly string[];
  readonly slot: number;
  readonly pinned: boolean;
}

const letters = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], { minLength: 2, maxLength: 6 });

const choice: fc.Arbitrary<Choice> = fc.record({
  cloud: fc.constantFrom('aws', 'gcp'),
  letters,
  slot: fc.integer({ min: 0, max: SLOTS - 1 }),
  pinned: fc.boolean(),
});

/** Sites with different slots, some of which pin the ranges that another pool gives that slot. */
const choices = fc.uniqueArray(choice, { minLength: 1, maxLength: 8, selector: ({ slot }) => slot });

function siteOf({ cloud, letters: zones, slot, pinned }: Choice): Raw {
  const name = `site-${slot}`;
  const own = { name, datacenter: `dc-${slot}`, asn: undefined, cassandra: { nodesPerRack: 2 } };
  const site =
    cloud === 'aws'
      ? awsSite({ ...own, zones: zones.map((letter) => `eu-west-1${letter}`), nodes: { maxPods: 32 } })
      : gcpSite({ ...own, zones: zones.map((letter) => `europe-west4-${letter}`), nodes: { maxPods: 16 } });
  const base = BigInt(slot) << 14n;
  const ranges = {
    nodes: oracle.text(oracle.number('10.0.0.0') + (32n << 16n) + base, 19),
    pods: oracle.text(oracle.number('10.48.0.0') + base, 19),
    services: oracle.text(oracle.number('172.18.0.0') + BigInt(slot) * 256n, 24),
  };
  return pinned && slot % 2 === 0 ? { ...site, ranges } : bySlot(site, slot);
}

/** Every AWS site is linked with every GCP site. */
function linksOf(sites: readonly Raw[]): Raw[] {
  const named = (cloud: string) => sites.filter((site) => site['cloud'] === cloud).map((site) => site['name']);
  return named('aws').flatMap((aws) => named('gcp').map((gcp) => ({ sites: [aws, gcp] })));
}

function planOf(sites: readonly Raw[], links: readonly Raw[] = linksOf(sites)): Plan {
  try {
    return loadPlan(stack({ pool: POOL, sites, links })).plan;
  } catch (error) {
    // Two names may lead to one number. That is refused, as other tests show, and not what these are about.
    const derived = error instanceof SettingsError && error.problems.every(({ message }) => /^derived/.test(message));
    fc.pre(!derived);
    throw error;
  }
}

/** What of a site must not depend on any other site. */
function own(site: SitePlan): unknown {
  const { peers: _peers, snatExclusions: _snat, firewallSources: _sources, remoteSeeds: _seeds, ...rest } = site;
  return rest;
}

describe('every plan', () => {
  it('keeps top-level ranges, and the parts of each, disjoint', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { ranges } = planOf(chosen.map(siteOf));
        const level = (within: (outer: string | undefined) => boolean) =>
          ranges.filter((range) => range.role !== 'tunnel' && within(range.within)).map(({ cidr }) => cidr);
        assert.deepEqual(oracle.overlappingPairs(level((outer) => outer === undefined)), []);
        for (const outer of new Set(ranges.flatMap((range) => range.within ?? []))) {
          assert.deepEqual(oracle.overlappingPairs(level((other) => other === outer)), []);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the tunnels of each site disjoint, and clear of what the clouds refuse', () => {
    const refused = [0, 1, 2, 3, 4, 5]
      .map((n) => `169.254.${n}.0/30`)
      .concat('169.254.169.252/30', '169.254.123.0/24', '169.254.20.10/32', '169.254.170.23/32');
    fc.assert(
      fc.property(choices, (chosen) => {
        const plan = planOf(chosen.map(siteOf));
        for (const { name } of plan.sites) {
          const tunnels = plan.links
            .filter(({ aws, gcp }) => aws === name || gcp === name)
            .flatMap((link) => link.tunnels);
          assert.deepEqual(oracle.overlappingPairs(tunnels.map(({ cidr }) => cidr)), []);
        }
        for (const { cidr, awsAddress, gcpAddress } of plan.links.flatMap((link) => link.tunnels)) {
          assert(oracle.contains('169.254.0.0/16', cidr) && cidr.endsWith('/30'));
          assert.deepEqual(
            refused.filter((range) => oracle.overlap(range, cidr)),
            [],
          );
          assert.deepEqual(
            [awsAddress, gcpAddress].map((address) => oracle.position(cidr, address).fromStart),
            [1n, 2n],
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps parts inside the range they are a part of', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        for (const { cidr, within } of planOf(chosen.map(siteOf)).ranges) {
          assert(within === undefined || oracle.contains(within, cidr), `${cidr} in ${within}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('plans addresses that the cloud leaves free in their subnets', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        for (const site of planOf(chosen.map(siteOf)).sites) {
          assert.equal(oracle.position(site.services, site.clusterDns).fromStart, 10n);
          if (site.cloud === 'gcp') {
            for (const address of [...site.gateway.addresses, ...site.dns.addresses]) {
              const { fromStart, fromEnd } = oracle.position(site.nodeSubnet, address);
              assert(fromStart >= 2n && fromEnd >= 2n);
            }
            continue;
          }
          assert.deepEqual(
            site.gateway.addresses,
            site.zones.map((zone) => zone.gatewayAddress),
          );
          assert.deepEqual(
            site.dns.addresses,
            site.zones.map((zone) => zone.dnsAddress),
          );
          for (const zone of site.zones) {
            assert.notEqual(zone.gatewayAddress, zone.dnsAddress);
            for (const address of [zone.gatewayAddress, zone.dnsAddress]) {
              const { fromStart, fromEnd } = oracle.position(zone.loadBalancerSubnet, address);
              assert(fromStart >= 4n && fromEnd >= 1n);
              assert(oracle.contains(zone.loadBalancerReservation, `${address}/32`));
            }
            // The lowest addresses stay free for other load balancers, which want eight.
            const below = oracle.span(zone.loadBalancerReservation).first - oracle.span(zone.loadBalancerSubnet).first;
            assert(below - 4n >= 8n);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of sites, zones or links', () => {
    fc.assert(
      fc.property(choices, fc.infiniteStream(fc.nat()), (chosen, numbers) => {
        const shuffle = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, at: numbers.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const sites = chosen.map(siteOf);
        const moved = shuffle(sites.map((site) => ({ ...site, zones: shuffle(site['zones'] as string[]) })));
        const links = shuffle(linksOf(moved).map((link) => ({ sites: shuffle(link['sites'] as string[]) })));
        assert.deepEqual(planOf(moved, links), planOf(sites));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a site where it is when others come and go', () => {
    fc.assert(
      fc.property(choices, fc.nat(), (chosen, at) => {
        const sites = chosen.map(siteOf);
        const removed = sites[at % sites.length]!['name'];
        const before = planOf(sites).sites;
        const rest = sites.filter((site) => site['name'] !== removed);
        fc.pre(rest.length > 0);
        assert.deepEqual(planOf(rest).sites.map(own), before.filter((site) => site.name !== removed).map(own));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a link where it is when others come and go', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const sites = chosen.map(siteOf);
        for (const link of linksOf(sites)) {
          const [alone] = planOf(sites, [link]).links;
          assert.deepEqual(
            alone,
            planOf(sites).links.find(({ name }) => name === alone!.name),
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('leaves a zone where it is when others come and go', () => {
    fc.assert(
      fc.property(choice, letters, (chosen, others) => {
        const [before] = planOf([siteOf(chosen)]).sites;
        const [after] = planOf([siteOf({ ...chosen, letters: others })]).sites;
        const kept = before!.zones.filter(({ zone }) => others.includes(zone.at(-1)!));
        assert.deepEqual(
          after!.zones.filter(({ zone }) => chosen.letters.includes(zone.at(-1)!)),
          kept,
        );
        assert.deepEqual(
          [after!.nodes, after!.pods, after!.services, after!.asn],
          [before!.nodes, before!.pods, before!.services, before!.asn],
        );
      }),
      { numRuns: 100 },
    );
  });

  it('names every peer from both sides, and everything of a peer as that site has it', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { sites } = planOf(chosen.map(siteOf));
        const byName = new Map(sites.map((site) => [site.name, site]));
        for (const site of sites) {
          assert.deepEqual(
            site.firewallSources,
            site.peers.flatMap((peer) => [peer.nodes, peer.pods]),
          );
          assert.deepEqual(site.snatExclusions, site.firewallSources);
          assert.deepEqual(
            site.remoteSeeds,
            site.peers.flatMap((peer) => peer.gatewayAddresses),
          );
          for (const peer of site.peers) {
            const other = byName.get(peer.site)!;
            assert(other.peers.some(({ site: name }) => name === site.name));
            assert.deepEqual(
              [peer.nodes, peer.pods, peer.gatewayAddresses, peer.dnsAddresses, peer.dnsZone, peer.datacenter],
              [other.nodes, other.pods, other.gateway.addresses, other.dns.addresses, other.dns.zone, other.datacenter],
            );
            assert(!site.advertised.includes(site.services));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says no more than its own ranges hold', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        for (const { nodes, pods, capacity } of planOf(chosen.map(siteOf)).sites) {
          const size = (cidr: string) => Number(oracle.span(cidr).last - oracle.span(cidr).first + 1n);
          assert(capacity.nodes.used <= capacity.nodes.max && capacity.nodes.max <= size(nodes));
          assert(capacity.pods.used <= capacity.pods.max && capacity.pods.max <= size(pods));
          assert(capacity.cassandraNodes.max <= capacity.nodes.max);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('planning', () => {
  it('takes less than a second for a thousand sites', () => {
    const sites = Array.from({ length: 1000 }, (_, n) => {
      const name = { name: `site-${n}`, datacenter: `dc-${n}`, asn: 4200000000 + n };
      return bySlot(n % 2 === 0 ? awsSite(name) : gcpSite(name), n + 8);
    });
    const links = Array.from({ length: 500 }, (_, n) => ({ sites: [`site-${2 * n}`, `site-${2 * n + 1}`] }));
    const raw = stack({ pool: { range: '10.0.0.0/8', prefix: 18 }, sites, links });
    const small = { maxPods: 16 };
    const sized = { ...raw, sites: sites.map((site) => ({ ...site, nodes: small })) };
    const start = process.hrtime.bigint();
    const { plan } = loadPlan(sized);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    assert.equal(plan.sites.length, 1000);
    assert.equal(plan.links.length, 500);
    assert(seconds < 1, `${seconds} s`);
  });
});
