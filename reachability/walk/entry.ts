import type { Endpoint } from '../model/endpoint';
import type { Packet } from './packet';

/** A request that is on its way to a load balancer. */
export interface Entry {
  readonly from: Endpoint;
  /** Where the packet comes from once it has left its pod: the pod, or its node when SNAT rewrites the source. */
  readonly sender: Endpoint;
  readonly to: Endpoint;
  readonly request: Packet;
}
