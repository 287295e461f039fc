import type { Endpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import type { Stop, Trace } from '../verdict';
import { routeFromVpc } from './awsRoutes';
import { arrive, leave } from './filters';
import { routeFromNetwork } from './gcpRoutes';
import type { Packet } from './packet';

/** One packet over the network: what filters it where it leaves, the way, and what filters it where it arrives. */
export function carry(model: Model, trace: Trace, from: Endpoint, to: Endpoint, packet: Packet): Stop | undefined {
  return (
    leave(model, trace, from, to, packet) ??
    route(model, trace, from, to, packet) ??
    arrive(model, trace, from, to, packet)
  );
}

export function route(model: Model, trace: Trace, from: Endpoint, to: Endpoint, packet: Packet): Stop | undefined {
  return from.cloud === 'aws'
    ? routeFromVpc(model, trace, from, to, packet)
    : routeFromNetwork(model, trace, from, to, packet);
}
