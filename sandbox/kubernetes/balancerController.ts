import { list, number, text, type Props } from '../core/values';

/** How a controller makes the load balancer of one Service. */
export interface BalancerController {
  /** The finalizer by which the controller holds a Service until its load balancer is gone. */
  readonly finalizer: string;
  /** What the controller would make; compared with what it made. */
  readonly request: Props;
  create(): { readonly handle: string; readonly addresses: readonly string[]; readonly ingress: Props };
}

/** Ports of a Service by protocol. */
export function portsByProtocol(live: Props): Map<string, number[]> {
  const ports = new Map<string, number[]>();
  for (const port of list(live, 'spec', 'ports')) {
    const protocol = text(port, 'protocol') ?? 'TCP';
    ports.set(protocol, [...(ports.get(protocol) ?? []), number(port, 'port') ?? 0]);
  }
  return ports;
}
