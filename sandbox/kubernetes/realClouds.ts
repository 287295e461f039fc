import * as awsClusters from '../aws/forKubernetes';
import * as gcpClusters from '../gcp/forKubernetes';

const { findEksCluster, createNetworkLoadBalancer, deleteNetworkLoadBalancer, createVolume, deleteVolume } =
  awsClusters;
const { findGkeCluster, createForwardingRule, deleteForwardingRule, createDisk, deleteDisk } = gcpClusters;

/** The local AWS cloud's part of `Clouds`. */
export const aws = { findEksCluster, createNetworkLoadBalancer, deleteNetworkLoadBalancer, createVolume, deleteVolume };

/** The local Google Cloud's part of `Clouds`. */
export const gcp = { findGkeCluster, createForwardingRule, deleteForwardingRule, createDisk, deleteDisk };
