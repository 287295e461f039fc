/** Whom a network load balancer admits: by security groups of the stack's own, or by the group that its controller makes. */
import { formatAddress } from '../ip';
import { type SecurityGroup, namesPeer } from '../model/aws/securityGroups';
import type { NetworkLoadBalancer } from '../model/kubernetes/loadBalancers';
import { textMap } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import { admitsPort } from '../model/ports';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { nameOfUrn } from './filters';
import { LBC } from './networkLoadBalancerSettings';
import { type Packet, describeService } from './packet';
import { admitSource } from './sourceRanges';

export function admit(model: Model, trace: Trace, balancer: NetworkLoadBalancer, request: Packet): Stop | undefined {
  const named = balancer.annotations.get(`${LBC}security-groups`);
  return named === undefined
    ? sourceRanges(trace, balancer, request)
    : ownGroups(
        model,
        trace,
        balancer,
        named.split(',').map((name) => name.trim()),
        request,
      );
}

/** With groups of its own, named by id or Name tag, source ranges are ignored (LBC, "Security groups"). */
function ownGroups(
  model: Model,
  trace: Trace,
  balancer: NetworkLoadBalancer,
  names: readonly string[],
  request: Packet,
): Stop | undefined {
  const groups = names.map((name) => groupNamed(model, name));
  const known = groups.filter((group) => group !== undefined);
  const what = `${describeService(request.service)} from ${formatAddress(request.source)}`;
  const rule = known
    .flatMap(({ ingress }) => ingress)
    .find((entry) => admitsPort(entry.match, request.service) && namesPeer(entry, request.source, []));
  if (rule !== undefined) {
    trace.pass('security-group', rule.urn, `${what} is admitted to ${balancer.name}`);
    return undefined;
  }
  const [first] = known;
  if (first === undefined || known.length < groups.length)
    return unknownValue('security-group', balancer.resource.urn, `what ${names.join(', ')} admit`);
  const why = `no ingress rule of ${known.map(({ urn }) => nameOfUrn(urn)).join(', ')} admits ${what} to ${balancer.name}`;
  return block('security-group', first.urn, 'no-ingress-rule', why, `Add an ingress rule for ${what}`);
}

function groupNamed(model: Model, name: string): SecurityGroup | undefined {
  return model.groups.all.find(({ urn }) => {
    const resource = model.inventory.get(urn);
    return resource?.id === name || textMap(resource?.value('tags')).get('Name') === name;
  });
}

/** LBC 2.6 and later put a group on the load balancer; without ranges an internal one admits its VPC only. */
function sourceRanges(trace: Trace, balancer: NetworkLoadBalancer, request: Packet): Stop | undefined {
  const own = balancer.cluster.vpc.cidrs.map(({ range }) => range);
  const given =
    balancer.sourceRanges === undefined
      ? 'no source ranges are given, so only the VPC is admitted'
      : 'it is in none of the source ranges';
  const refusal = `${formatAddress(request.source)}: ${given}`;
  return admitSource(trace, balancer, balancer.sourceRanges ?? own, request.source, refusal);
}
