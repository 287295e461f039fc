import type { FlowVerdict } from '../../reachability';
import { push } from '../../reachability/resources/inventory';
import type { Finding, Rule } from '../rule';

interface Settings {
  readonly ignore: readonly string[];
}

/** Flows named in one message; the others are counted. */
const NAMED = 3;

/**
 * The proof: every flow that the Cassandra resources need gets through, request and reply. One finding for each
 * culprit, however many flows it stops; and what the proof noticed besides.
 */
export const reachability: Rule<Settings> = {
  name: 'reachability',
  description: 'Every flow that the database needs gets through, both ways, on the planned network.',
  level: 'mandatory',
  settings: {
    ignore: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of findings that the proof makes besides verdicts, and that are not to be reported.',
    },
  },
  judge: ({ proof }, { ignore }) => {
    const byCulprit = new Map<string, FlowVerdict[]>();
    for (const flow of proof.flows) {
      if (flow.blockedAt === null) continue;
      const { urn, rule } = flow.blockedAt;
      push(byCulprit, [flow.verdict, urn, rule].join(' '), flow);
    }
    return [
      ...[...byCulprit.values()].map(culprit),
      ...proof.findings
        .filter(({ rule }) => !ignore.includes(rule))
        .map(({ rule, urn, message, remedy }): Finding => ({
          outcome: 'fail',
          urn,
          message: `${rule}: ${message}`,
          remedy,
        })),
    ];
  },
};

function culprit(flows: readonly FlowVerdict[]): Finding {
  const [first] = flows as readonly [FlowVerdict, ...FlowVerdict[]];
  const { urn = '', hop, rule = '', remedy = '' } = first.blockedAt ?? {};
  const named = flows.slice(0, NAMED).map(describe).join('; ');
  const more = flows.length > NAMED ? ` and ${flows.length - NAMED} more` : '';
  const why = first.path.at(-1)?.why ?? '';
  return {
    outcome: first.verdict === 'undetermined' ? 'undetermined' : 'fail',
    urn,
    message: `${first.verdict} at ${hop ?? 'an unknown hop'} by ${rule}: ${why} (${named}${more})`,
    remedy,
  };
}

function describe({ source, destination, port, protocol, purpose }: FlowVerdict): string {
  const service = protocol === 'icmp' ? 'icmp' : `${port}/${protocol}`;
  return `${source} to ${destination} ${service}${purpose === undefined ? '' : `, ${purpose}`}`;
}
