import type { AwsGateway } from '../../reachability/model/aws/gateways';
import type { Resource } from '../../reachability/resources/resource';
import { UNKNOWN } from '../../reachability/resources/value';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';
import { oneOf, tunnelFindings } from '../tunnels';

/** RFC 6996, as far as both clouds take it: AWS refuses 65535 and 4294967295 (S2S guide, "Create a virtual private gateway"). */
function isPrivate(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}

/**
 * Every BGP speaker has a private number of its own. A site that hears its own number takes the route for a loop, so
 * two sites behind one transit gateway with the same number never see each other.
 */
export const asnPrivate: Rule = {
  name: 'asn-private',
  description:
    'Every gateway and Cloud Router has a private AS number of its own, and both ends of a session agree on it.',
  level: 'mandatory',
  judge: (stack) => [
    ...speakers(stack).flatMap(([resource, property, asn]) => numberOf(resource, property, asn)),
    ...repeated(stack),
    ...tunnelFindings(
      stack,
      (fault) => oneOf('asn-mismatch', 'asn-equal')(fault) || (fault.kind === 'undetermined' && /asn/i.test(fault.why)),
    ),
  ],
};

type Asn = number | typeof UNKNOWN | undefined;

function speakers({ model }: Stack): [Resource, string, Asn][] {
  const gateways = [...model.gateways.virtualPrivate.values(), ...model.gateways.transit.values()];
  const routers = [...model.routers.routers.values()].filter(({ resource }) => resource.value('bgp') !== undefined);
  return [
    ...gateways.map(({ resource, asn }): [Resource, string, Asn] => [resource, 'amazonSideAsn', asn]),
    ...routers.map(({ resource, asn }): [Resource, string, Asn] => [resource, 'bgp.asn', asn]),
  ];
}

function numberOf(resource: Resource, property: string, asn: Asn): Finding[] {
  if (typeof asn !== 'number') return [undecided(resource, property, 'the AS number')];
  if (isPrivate(asn)) return [];
  const message = `AS ${asn} of ${resource.name} is not private (RFC 6996)`;
  const remedy = 'use 64512 to 65534, or 4200000000 to 4294967294';
  return [broken(resource, message, remedy, { property, value: String(asn) })];
}

/** Two Cloud Routers linked with the same AWS gateway. */
function repeated({ model }: Stack): Finding[] {
  const findings: Finding[] = [];
  for (const [gateway, tunnels] of model.routing.tunnelsOfGateway) {
    const owners = new Map<number, Resource>();
    const routers = new Set(tunnels.map(({ gcp }) => gcp.router).filter((router) => router !== undefined));
    for (const { resource, asn } of routers) {
      if (typeof asn !== 'number') continue;
      const owner = owners.get(asn);
      if (owner === undefined) owners.set(asn, resource);
      else findings.push(sameNumber(resource, owner, asn, gateway));
    }
  }
  return findings;
}

function sameNumber(resource: Resource, owner: Resource, asn: number, gateway: AwsGateway): Finding {
  const message = `${resource.name} and ${owner.name} are both AS ${asn} to ${gateway.resource.name}`;
  return broken(resource, message, 'give each site a number of its own', { property: 'bgp.asn', value: String(asn) });
}
