import type { Fault } from '../reachability/model/vpn/fault';
import type { Finding } from './rule';
import type { Stack } from './stack';

/**
 * The proof's own faults of tunnels, for the rules that report them: whether they ever carry a flow or not.
 *
 * A value that is not known is a fault of both kinds of hop (`tunnel`, `bgp`); which rule tells of it is the caller's choice.
 */
export function tunnelFindings(stack: Stack, concerns: (fault: Fault) => boolean): Finding[] {
  const findings = new Map<string, Finding>();
  for (const { faults } of stack.model.vpn.tunnels) {
    for (const fault of faults.filter(concerns)) {
      const { urn, why, remedy } = fault;
      const outcome = fault.kind === 'blocked' ? 'fail' : 'undetermined';
      // Two ends of one tunnel, or four tunnels of one gateway, may share one mistake.
      findings.set(`${urn} ${why}`, { outcome, urn, message: why, remedy });
    }
  }
  return [...findings.values()];
}

/** Faults by the name of the proof's rule. */
export function oneOf(...rules: readonly string[]): (fault: Fault) => boolean {
  return ({ rule }) => rules.includes(rule);
}
