import type {
  Policies,
  PolicyResource,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import { EXEMPT, type RuleConfig, judge } from './judge';
import { type Finding, type Rule, formatFinding } from './rule';
import { UNDETERMINED } from './report';
import { plainTree } from './secrets';
import { Stack } from './stack';
import type { ResourceInput } from '../reachability';

/**
 * The rules as policies of the engine.
 *
 * Rules judge the whole stack, but a stack policy is given outputs alone, and the engine has none for what it
 * cannot preview (every Kubernetes object of a cluster that does not exist yet). So a first policy records each
 * resource's inputs as it passes, and the rules judge inputs overlaid by outputs.
 *
 * What a rule could not decide is reported by a policy of its own, the last one: an unknown value never passes
 * silently, and whether it stops an update is that policy's level.
 */
export function policiesOf(rules: readonly Rule[]): Policies {
  const recorder = new Recorder();
  const session = new Session(recorder);
  return [recorder, ...rules.map((rule) => rulePolicy(rule, session)), undeterminedPolicy(session)];
}

function rulePolicy(rule: Rule, session: Session): StackValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.level,
    configSchema: { properties: { ...rule.settings, exempt: { ...EXEMPT } } },
    validateStack: (args, report) => {
      const stack = session.stackFor(rule, args.resources);
      for (const finding of judge(rule, stack, args.getConfig<RuleConfig>())) {
        if (finding.outcome === 'fail') report(formatFinding(finding), finding.urn);
        else session.undetermined.push([rule, finding]);
      }
    },
  };
}

function undeterminedPolicy(session: Session): StackValidationPolicy {
  return {
    name: UNDETERMINED,
    description:
      'Every rule can be decided before the update. Raise the level to mandatory to refuse what is only known after it.',
    enforcementLevel: 'advisory',
    validateStack: (_, report) => {
      for (const [rule, finding] of session.undetermined) {
        report(`${rule.name}: ${formatFinding(finding)}`, finding.urn);
      }
    },
  };
}

/** One judgement of a stack: all of its rules share one reading of it. */
class Session {
  readonly undetermined: [Rule, Finding][] = [];
  private readonly judged = new Set<Rule>();
  private stack: Stack | undefined;

  constructor(private readonly recorder: Recorder) {}

  /** The engine runs every policy once per judgement, so a rule that comes round again judges another stack. */
  stackFor(rule: Rule, resources: readonly PolicyResource[]): Stack {
    if (this.judged.has(rule)) {
      this.judged.clear();
      this.undetermined.length = 0;
      this.stack = undefined;
    }
    this.judged.add(rule);
    if (this.stack === undefined) {
      const inputs = resources.map((resource) => this.recorder.complete(resource));
      this.stack = new Stack(inputs, this.recorder.secretsMarked);
    }
    return this.stack;
  }
}

type Recorded = Parameters<ResourceRemediation>[0];

/** Keeps the inputs of each resource, and which of them are secret. */
class Recorder implements ResourceValidationPolicy {
  readonly name = 'record-inputs';
  readonly description =
    'Keeps the inputs of each resource for the rules over the whole stack; never reports or changes any.';
  /** Only a remediation is told which inputs are secret. This one remedies nothing. */
  readonly enforcementLevel = 'remediate';
  /** False while the pack's configuration takes the remediation away. */
  secretsMarked = false;
  private readonly inputs = new Map<string, Record<string, unknown>>();

  readonly remediateResource = (args: Recorded): void => {
    this.secretsMarked = true;
    this.record(args);
  };

  /** Nothing to look at where the remediation has recorded: for an empty list the SDK decodes no resource again. */
  get validateResource(): ResourceValidation[] {
    return this.secretsMarked ? [] : [(args) => this.record(args)];
  }

  complete(resource: PolicyResource): ResourceInput {
    const { urn, type, parent, provider, dependencies, propertyDependencies } = resource;
    const inputs = this.inputs.get(urn);
    return {
      urn,
      type,
      inputs,
      outputs: plainTree(resource.props, inputs) as Record<string, unknown>,
      parent: parent?.urn,
      provider: provider && `${provider.urn}::`,
      dependencies: dependencies.map((dependency) => dependency.urn),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, sources]) => [key, sources.map((source) => source.urn)]),
      ),
    };
  }

  private record({ urn, props }: Recorded): void {
    this.inputs.set(urn, plainTree(props) as Record<string, unknown>);
  }
}
