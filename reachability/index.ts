/** The static proof: from registered resources to a verdict for every flow. Pure; knows the clouds' rules and no program's intentions. */
import { findingsOf } from './findings/findings';
import { requiredFlows } from './flows/required';
import { Model } from './model/model';
import type { ResourceInput } from './resources/resource';
import { sessionsOf } from './sessions';
import { type Flow, type Report, Trace, verdictOf } from './verdict';
import { judgeFlow } from './walk/flow';

export type { ResourceInput } from './resources/resource';
export { UnusableInput, readResources } from './resources/read';
export type { Finding, Flow, FlowVerdict, Hop, HopName, Report, Session } from './verdict';

export interface ProofOptions {
  /** Flows to judge, in this order; without it those that the Cassandra resources of the input need. */
  readonly flows?: readonly Flow[];
}

/** Judges the flows and looks for what is wrong besides. Time grows with resources plus flows. */
export function prove(resources: readonly ResourceInput[], options: ProofOptions = {}): Report {
  const model = new Model(resources);
  const flows =
    options.flows?.map((flow) => judgeFlow(model, flow)) ??
    requiredFlows(model).map(({ flow, walk }) => {
      const trace = new Trace();
      return verdictOf(flow, trace, walk(trace));
    });
  return { flows, sessions: sessionsOf(model), findings: findingsOf(model) };
}
