/** Who reads the metrics of a datacenter's pods. */
import { formatAddress } from '../ip';
import { SUBNET_TYPES } from '../model/aws/network';
import { GROUP_OWNERS } from '../model/aws/securityGroups';
import type { Datacenter } from '../model/kubernetes/cassandra';
import type { EksCluster } from '../model/kubernetes/cluster';
import { EKS_CLUSTER } from '../model/kubernetes/eks';
import { kindOf, namespaceOf, textMap } from '../model/kubernetes/objects';
import type { Model } from '../model/model';
import { type AwsEndpoint, SAMPLE } from '../model/endpoint';
import type { Resource } from '../resources/resource';
import { type PodPlace, placeIn, zonesOf } from './endpoints';

/** Managed collectors that the input declares for the datacenter: none, if nobody scrapes. */
export function scraperPlaces(model: Model, datacenter: Datacenter): PodPlace[] {
  const { cluster } = datacenter;
  if (cluster.cloud === 'aws') return amazonScrapers(model, cluster);
  const monitored = cluster.objects.some(
    (object) => kindOf(object) === 'PodMonitoring' && namespaceOf(object) === datacenter.namespace,
  );
  // Google Cloud Managed Service for Prometheus: collectors are pods of a namespace of their own.
  const collector = {
    name: 'a Prometheus collector',
    namespace: 'gmp-system',
    labels: textMap({ app: 'managed-prometheus-collector' }),
  };
  return monitored ? [placeIn(model, cluster, zonesOf(cluster)[0], collector, 4)] : [];
}

/** Amazon Managed Service for Prometheus: the scraper has interfaces in the named subnets, with the named groups. */
function amazonScrapers(model: Model, cluster: EksCluster): PodPlace[] {
  const scrapers = model.inventory
    .all('aws:amp/scraper:Scraper')
    .filter((scraper) => model.inventory.find(scraper, 'source.eks.clusterArn', EKS_CLUSTER) === cluster.resource);
  return scrapers.flatMap((scraper) =>
    scraperInterfaces(model, scraper).map((endpoint) => ({ text: formatAddress(endpoint.address), endpoint })),
  );
}

function scraperInterfaces(model: Model, scraper: Resource): AwsEndpoint[] {
  const groups = model.inventory
    .resolveAll(scraper, 'source.eks.securityGroupIds', ...GROUP_OWNERS)
    .resources.map((owner) => model.groups.byUrn.get(owner.urn))
    .filter((group) => group !== undefined);
  return model.inventory
    .resolveAll(scraper, 'source.eks.subnetIds', ...SUBNET_TYPES)
    .resources.map((owner) => model.aws.subnets.get(owner.urn))
    .filter((subnet) => subnet !== undefined)
    .map((subnet) => {
      const address = subnet.range.first + SAMPLE;
      const label = 'the Prometheus scraper';
      return {
        cloud: 'aws',
        address,
        subnet,
        urn: scraper.urn,
        label,
        groups,
        groupsAssumed: false,
        range: subnet.range,
      } as const;
    })
    .sort((a, b) => a.address - b.address);
}
