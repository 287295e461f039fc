/** Which controller makes a load balancer of a Service on EKS (LBC, "Service", "Legacy Cloud Provider", chart values). */
import { asText } from '../resources/resource';
import { dig } from '../model/kubernetes/objects';
import type { NetworkLoadBalancer } from '../model/kubernetes/loadBalancers';
import { readReleases } from '../model/kubernetes/releases';
import { type Stop, type Trace, block } from '../verdict';
import { LBC } from './networkLoadBalancerSettings';

const CLASS = 'service.k8s.aws/nlb';

/** Why the AWS Load Balancer Controller does not make it. */
export function controllerFault(trace: Trace, balancer: NetworkLoadBalancer): Stop | undefined {
  const { resource, annotations, cluster, name } = balancer;
  const release = readReleases(cluster.objects).find(({ chart }) => chart === 'aws-load-balancer-controller');
  const own = asText(dig(release?.values, 'clusterName'));
  const clusterName = cluster.resource.knownText('name');
  if (release !== undefined && typeof own === 'string' && clusterName !== undefined && own !== clusterName) {
    const why = `the controller works for ${own}, the cluster is ${clusterName}`;
    return block('load-balancer', release.resource.urn, 'controller-cluster', why, `Set clusterName to ${clusterName}`);
  }
  const asked = resource.knownText('spec.loadBalancerClass');
  const answered = asText(dig(release?.values, 'loadBalancerClass'));
  const type = annotations.get(`${LBC}type`);
  const taken = asked === undefined ? type === 'external' || type === 'nlb-ip' : asked === CLASS || asked === answered;
  if (!taken)
    return untaken(balancer, asked, asText(dig(release?.values, 'enableServiceMutatorWebhook')), release?.resource.urn);
  if (release === undefined)
    trace.assume(`an AWS Load Balancer Controller runs in ${cluster.resource.name} and makes ${name}`);
  return undefined;
}

/** The controller's webhook gives Services without a class its own, unless it is switched off. */
function untaken(
  { resource }: NetworkLoadBalancer,
  asked: string | undefined,
  webhook: ReturnType<typeof asText>,
  release: string | undefined,
): Stop | undefined {
  const remedy = `Set loadBalancerClass to ${CLASS}`;
  if (asked !== undefined) {
    const why = `no controller makes load balancers of the class ${asked}`;
    return block('load-balancer', resource.urn, 'no-controller', why, remedy);
  }
  if (release !== undefined && webhook !== 'false') return undefined;
  const why = 'without a class the legacy cloud provider makes it, which knows no planned addresses';
  const stop = block('load-balancer', resource.urn, 'legacy-controller', why, remedy);
  return release === undefined ? { ...stop, kind: 'undetermined' } : stop;
}
