/** What a cluster has to run for the database to start, and does not. */
import { storageClassOf } from '../model/kubernetes/cassandra';
import { addonOf, isAutoMode } from '../model/kubernetes/eks';
import type { Cluster } from '../model/kubernetes/cluster';
import { dig, kindOf, nameOf } from '../model/kubernetes/objects';
import { hasChart, readReleases } from '../model/kubernetes/releases';
import type { Model } from '../model/model';
import { asText } from '../resources/resource';
import { UNKNOWN } from '../resources/value';
import type { Finding } from '../verdict';

export function addonFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster) => [
    ...proxyFindings(model, cluster),
    ...driverFindings(model, cluster),
    ...issuingFindings(model, cluster),
  ]);
}

/** Without it nothing answers at the addresses of Services. A cluster gets it by itself unless `bootstrapSelfManagedAddons` is off. */
function proxyFindings(model: Model, cluster: Cluster): Finding[] {
  const { resource, objects } = cluster;
  if (cluster.cloud !== 'aws' || resource.flag('bootstrapSelfManagedAddons') !== false || isAutoMode(resource))
    return [];
  const replaced = objects.some((object) => /kube-proxy/.test(nameOf(object))) || hasChart(objects, 'cilium');
  if (replaced || addonOf(model.inventory, resource, 'kube-proxy') !== undefined) return [];
  const message = `${resource.name} starts without add-ons, and nothing installs kube-proxy: Services answer nowhere`;
  return [{ rule: 'no-kube-proxy', urn: resource.urn, message, remedy: 'Add the add-on kube-proxy' }];
}

/** EKS has no driver for EBS until one is installed ("Use Kubernetes volume storage with Amazon EBS"); GKE's may be switched off. */
function driverFindings(model: Model, cluster: Cluster): Finding[] {
  const { resource } = cluster;
  const provisioners = new Set(
    model.datacenters
      .filter((datacenter) => datacenter.cluster === cluster)
      .map((datacenter) => {
        const wanted = storageClassOf(datacenter);
        const found = cluster.objects.find((object) => kindOf(object) === 'StorageClass' && nameOf(object) === wanted);
        return found?.knownText('provisioner');
      }),
  );
  const finding = (message: string, remedy: string): Finding[] => [
    { rule: 'no-volume-driver', urn: resource.urn, message, remedy },
  ];
  if (cluster.cloud === 'gcp') {
    const off = resource.flag('addonsConfig.gcePersistentDiskCsiDriverConfig.enabled') === false;
    if (!off || !provisioners.has('pd.csi.storage.gke.io')) return [];
    return finding(`${resource.name} has its Persistent Disk driver switched off`, 'Switch it on');
  }
  const installed =
    addonOf(model.inventory, resource, 'aws-ebs-csi-driver') !== undefined ||
    hasChart(cluster.objects, 'aws-ebs-csi-driver');
  if (installed || isAutoMode(resource) || !provisioners.has('ebs.csi.aws.com')) return [];
  return finding(
    `nothing installs the EBS driver in ${resource.name}: volumes are not made`,
    'Add the add-on aws-ebs-csi-driver',
  );
}

/** Certificates, and the webhook of cass-operator, are issued by cert-manager; its chart brings its CRDs only when told. */
function issuingFindings(model: Model, cluster: Cluster): Finding[] {
  const { objects, resource } = cluster;
  const releases = readReleases(objects);
  const wanted =
    objects.some((object) => kindOf(object) === 'Certificate') ||
    releases.some(({ chart, webhookPort }) => chart === 'cass-operator' && webhookPort !== undefined);
  const isDefined = objects.some((object) => /\.cert-manager\.io$/.test(nameOf(object)));
  // By a chart, an add-on, or the project's manifest.
  const installed = objects.some((object) => kindOf(object) === 'Deployment' && /cert-manager/.test(nameOf(object)));
  const release = releases.find(({ chart }) => chart === 'cert-manager');
  if (!wanted || isDefined || installed) return [];
  if (release === undefined) {
    if (cluster.cloud === 'aws' && addonOf(model.inventory, resource, 'cert-manager') !== undefined) return [];
    const message = `nothing installs cert-manager in ${resource.name}: no certificate is issued`;
    return [{ rule: 'no-cert-manager', urn: resource.urn, message, remedy: 'Install its chart before the operator' }];
  }
  const flags = [['crds', 'enabled'], ['installCRDs']].map((path) => asText(dig(release.values, ...path)));
  if (flags.some((flag) => flag === UNKNOWN || flag === 'true')) return [];
  const message = `${release.resource.name} does not bring the definitions of Certificate and Issuer`;
  return [{ rule: 'no-definitions', urn: release.resource.urn, message, remedy: 'Set crds.enabled to true' }];
}
