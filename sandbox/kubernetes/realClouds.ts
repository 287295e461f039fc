import * as aws from '../aws/forKubernetes';
import * as gcp from '../gcp/forKubernetes';
import type { Clouds } from './clouds';

/** The local AWS and Google clouds as Kubernetes clusters use them. */
export const realClouds: Clouds = {
  findEksCluster: aws.findEksCluster,
  createNetworkLoadBalancer: aws.createNetworkLoadBalancer,
  deleteNetworkLoadBalancer: aws.deleteNetworkLoadBalancer,
  createVolume: aws.createVolume,
  deleteVolume: aws.deleteVolume,
  findGkeCluster: gcp.findGkeCluster,
  createForwardingRule: gcp.createForwardingRule,
  deleteForwardingRule: gcp.deleteForwardingRule,
  createDisk: gcp.createDisk,
  deleteDisk: gcp.deleteDisk,
};
