import type { ResourceType } from '../../core/resourceType';
import type { Stored } from '../../core/store';
import { flag, number, object, text, type Props } from '../../core/values';
import { CloudError } from '../../core/errors';
import { requireApi } from '../apis';
import { isSet } from '../checks';
import { lowestFree, subnetworkAt } from '../compute/address';
import { CLUSTER } from '../compute/clusterRanges';
import { badRequest, during, googleError } from '../errors';
import { checkLabels, labelOutputs } from '../labels';
import { isRegion, isZone, regionOf } from '../locations';
import { nameOf, resolvePath } from '../names';
import { allocateExternalAddress } from '../publicAddresses';
import { formatAddress, range } from '../ranges';
import { requireReferences } from '../references';
import { checkDeletionPolicy, checkGiven, deletionPolicy, mayDelete, projectOf, refusing, without } from '../resource';
import { type GcpSession, hex, projectNumber } from '../session';
import { certificateAuthority } from './certificate';
import { checkCluster, isAutopilot } from './clusterChecks';
import { clusterId, clusterInfo, infoOf, poolsOf, type ClusterInfo } from './clusterInfo';
import {
  chooseRanges,
  madeRanges,
  requirePlace,
  setSecondaryRanges,
  validateControlPlane,
  type ClusterPlace,
  type ClusterRanges,
} from './clusterNetwork';
import { validateOptions } from './clusterOptions';
import { answeredInside, clusterOutputs, isByAddress, type Endpoints, type Identity } from './clusterOutputs';
import { makeEndpointSubnetwork, makeFirewalls, removeMade } from './hidden';
import { makeDefaultPool, requireDefaultPoolFits } from './nodePool';
import { validateNodeConfig } from './nodePoolRules';
import { removeNodes } from './nodes';

/** GKE clusters (Kubernetes Engine API, `projects.locations.clusters`). */
export const cluster: ResourceType<GcpSession> = {
  token: CLUSTER,
  immutable: [
    'clusterIpv4Cidr',
    'confidentialNodes',
    'datapathProvider',
    'defaultMaxPodsPerNode',
    'description',
    'dnsConfig.clusterDnsScope',
    'enableAutopilot',
    'enableKubernetesAlpha',
    'enableMultiNetworking',
    'enableTpu',
    'initialNodeCount',
    'ipAllocationPolicy.clusterIpv4CidrBlock',
    'ipAllocationPolicy.clusterSecondaryRangeName',
    'ipAllocationPolicy.servicesIpv4CidrBlock',
    'ipAllocationPolicy.servicesSecondaryRangeName',
    'location',
    'masterAuth.clientCertificateConfig',
    'name',
    'network',
    'networkingMode',
    'nodeConfig',
    'privateClusterConfig.masterIpv4CidrBlock',
    'privateClusterConfig.privateEndpointSubnetwork',
    'project',
    'subnetwork',
  ],
  autoName: { property: 'name', maxLength: 40 },
  // GKE documentation gives no figures; regional clusters are commonly up in eight minutes and gone in five.
  seconds: { create: 480, update: 120, delete: 300 },
  defaults: () => ({ deletionProtection: true, enableShieldedNodes: true }),
  previewOutputs: (inputs, cloud, olds) => ({
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...without({ ...projectOf(cloud), ...locationOf(cloud) }, inputs),
    ...labelOutputs(inputs, 'resourceLabels', cloud),
    ...answeredInside(inputs, olds),
  }),
  check: (inputs) => [
    ...checkGiven(inputs, 'name', 40),
    ...checkCluster(inputs),
    ...checkLabels(inputs, 'resourceLabels'),
    ...checkDeletionPolicy(inputs),
  ],

  create: async (inputs, cloud, subject) => {
    const authority = await certificateAuthority();
    return refusing('Error creating Cluster', () => {
      const who = identityOf(inputs, cloud, subject.name);
      requireApi(cloud, who.project, 'container.googleapis.com');
      requireApi(cloud, who.project, 'compute.googleapis.com');
      if (!isRegion(who.location) && !isZone(who.location))
        throw badRequest(`Location "${who.location}" does not exist.`);
      requireReferences(CLUSTER, { network: 'default', ...inputs }, cloud, who.project, who.region);
      if (cloud.get(CLUSTER, who.id)) throw googleError(409, `Already exists: ${who.id}.`, 'alreadyExists');
      return { id: who.id, outputs: make(inputs, cloud, who, authority) };
    });
  },

  update: (stored, inputs, cloud) =>
    refusing(`Error updating Cluster "${stored.id}"`, () => {
      const who = identityOf(inputs, cloud, nameOf(stored.id));
      validateOptions(inputs, cloud, who.project, who.location);
      const outputs = clusterOutputs(inputs, cloud, who, rangesOf(stored), endpointsOf(stored, inputs, cloud), stored);
      return { ...outputs, nodePools: stored.outputs.nodePools ?? [] };
    }),

  delete: (stored, cloud) => {
    if (flag(stored.inputs, 'deletionProtection') ?? true) {
      const message =
        'Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.';
      throw during('Error deleting Cluster', new CloudError('deletionProtection', message));
    }
    if (!mayDelete(stored, cloud, 'Cluster')) return;
    const info = clusterInfo(cloud.store, stored.id);
    if (!info) return;
    // Its pools and what GKE made for it go with a cluster; load balancers and disks of its workloads do not.
    for (const pool of poolsOf(cloud.store, stored.id)) {
      removeNodes(cloud, pool);
      cloud.remove(pool.token, pool.id);
    }
    removeMade(cloud, stored.id);
    const made = new Set(madeRanges(stored.inputs, rangesOf(stored)).map(({ rangeName }) => rangeName));
    if (made.size > 0) {
      setSecondaryRanges(cloud, info.subnetwork, (items) =>
        items.filter((item) => !made.has(text(item, 'rangeName') ?? '')),
      );
    }
  },
};

function locationOf(cloud: GcpSession | undefined): Props {
  const location = cloud?.region ?? cloud?.zone;
  return location === undefined ? {} : { location };
}

function identityOf(inputs: Props, cloud: GcpSession, fallback: string): Identity {
  const project = text(inputs, 'project') ?? cloud.project ?? '';
  const location = text(inputs, 'location') ?? cloud.region ?? cloud.zone ?? '';
  const name = text(inputs, 'name') ?? fallback;
  return { id: clusterId(project, location, name), name, project, location, region: regionOf(location) };
}

function make(inputs: Props, cloud: GcpSession, who: Identity, authority: string): Props {
  const network = resolvePath(text(inputs, 'network') ?? 'default', 'networks', who.project, who.region) ?? '';
  const subnetwork =
    resolvePath(text(inputs, 'subnetwork') ?? nameOf(network), 'subnetworks', who.project, who.region) ?? '';
  const place: ClusterPlace = { id: who.id, name: who.name, region: who.region, network, subnetwork };
  requirePlace(cloud, place);
  validateOptions(inputs, cloud, who.project, who.location);
  validateFirstPool(inputs);
  const ranges = chooseRanges(inputs, cloud, place);
  validateControlPlane(inputs, cloud, place);
  const endpoints: Endpoints = {
    authority,
    publicAddress: allocateExternalAddress(cloud),
    privateAddress: privateAddress(inputs, cloud, who, place),
    // Another one than an earlier cluster of the name had.
    dnsName: `gke-${hex(`${who.id} ${cloud.store.nextSerial()}`, 32)}-${projectNumber(who.project)}.${who.region}.gke.goog`,
  };
  const outputs = { subnetwork, ...clusterOutputs(inputs, cloud, who, ranges, endpoints, undefined) };
  const info = infoOf(cloud.store, { token: CLUSTER, id: who.id, inputs, outputs, serial: 0 });
  validateNodeConfig(object(inputs, 'nodeConfig'), info, cloud);
  if (!isAutopilot(inputs)) requireDefaultPoolFits(inputs, info, cloud, ranges.pods.range);
  makeSurroundings(inputs, cloud, info, ranges);
  return outputs;
}

/** What GKE makes in the project with the cluster. Nothing is refused any more here: a refused cluster leaves nothing. */
function makeSurroundings(inputs: Props, cloud: GcpSession, info: ClusterInfo, ranges: ClusterRanges): void {
  const made = madeRanges(inputs, ranges);
  if (made.length > 0) setSecondaryRanges(cloud, info.subnetwork, (items) => [...items, ...made]);
  const block = text(inputs, 'privateClusterConfig', 'masterIpv4CidrBlock');
  if (block) makeEndpointSubnetwork(cloud, info, block);
  makeFirewalls(cloud, info);
  if (!isAutopilot(inputs) && !flag(inputs, 'removeDefaultNodePool')) makeDefaultPool(inputs, info, cloud);
}

/** A cluster starts with a pool: the API takes none without nodes. */
function validateFirstPool(inputs: Props): void {
  if (isAutopilot(inputs)) return;
  if (isSet(inputs, 'nodePools')) {
    throw badRequest('Pools inside the cluster are not served by the local cloud: use NodePool resources.');
  }
  if ((number(inputs, 'initialNodeCount') ?? 0) < 1) {
    throw badRequest('Cluster.initial_node_count must be greater than zero.');
  }
}

/** The control plane's address inside the network: the first usable one of its range, or any of its subnetwork. */
function privateAddress(inputs: Props, cloud: GcpSession, who: Identity, place: ClusterPlace): string {
  const block = text(inputs, 'privateClusterConfig', 'masterIpv4CidrBlock');
  if (block) return formatAddress(range(block).first + 2);
  const home = text(inputs, 'privateClusterConfig', 'privateEndpointSubnetwork') ?? place.subnetwork;
  const path = resolvePath(home, 'subnetworks', who.project, who.region) ?? '';
  const { range: primary, network } = subnetworkAt(cloud, path);
  return lowestFree(cloud, network, primary, path);
}

function rangesOf(stored: Stored): ClusterRanges {
  const policy = stored.outputs.ipAllocationPolicy;
  const one = (kind: string) => ({
    name: text(policy, `${kind}SecondaryRangeName`) ?? '',
    range: range(text(policy, `${kind}Ipv4CidrBlock`) ?? ''),
  });
  return { pods: one('cluster'), services: one('services') };
}

/** The endpoints of a cluster that exists; one that had no public address gets one when it is to have it. */
function endpointsOf(stored: Stored, inputs: Props, cloud: GcpSession): Endpoints {
  const known =
    text(stored.outputs, 'privateClusterConfig', 'publicEndpoint') || (text(stored.outputs, 'endpoint') ?? '');
  return {
    authority: text(stored.outputs, 'masterAuth', 'clusterCaCertificate') ?? '',
    publicAddress: known === '' && isByAddress(inputs) ? allocateExternalAddress(cloud) : known,
    dnsName: text(stored.outputs, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint') ?? '',
    privateAddress: text(stored.outputs, 'privateClusterConfig', 'privateEndpoint') ?? '',
  };
}
