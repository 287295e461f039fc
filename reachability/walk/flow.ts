import { parseAddress } from '../ip';
import type { Model } from '../model/model';
import type { Service } from '../model/ports';
import { type Flow, type FlowVerdict, type Stop, Trace, block, verdictOf } from '../verdict';
import { connect, place } from './connection';

/** Judges a flow between two addresses. */
export function judgeFlow(model: Model, flow: Flow): FlowVerdict {
  const trace = new Trace();
  return verdictOf(flow, trace, walk(model, trace, flow));
}

function walk(model: Model, trace: Trace, flow: Flow): Stop | undefined {
  const service: Service = { protocol: flow.protocol, port: flow.port };
  const source = parseAddress(flow.source);
  const destination = parseAddress(flow.destination);
  if (source === undefined || destination === undefined) {
    const text = source === undefined ? flow.source : flow.destination;
    return block('source', '', 'no-such-address', `${text} is not an IPv4 address`, 'Ask about IPv4 addresses');
  }
  const from = place(model, source, service, 'source');
  if ('kind' in from) return from;
  const to = place(model, destination, service, 'destination');
  if ('kind' in to) return to;
  return connect(model, trace, from, to, service);
}
