import { list, number, text, texts, type Props } from '../../core/values';
import { all, between, check, exactlyOne, isSet, oneOf } from '../checks';
import { invalidField } from '../errors';
import { parseRange } from '../ranges';
import { computeResource } from '../resource';

/** Protocols that may be written by name (VPC documentation, "VPC firewall rules", section "Protocols and ports"). */
const PROTOCOLS = ['tcp', 'udp', 'icmp', 'esp', 'ah', 'sctp', 'ipip', 'all'];
const WITH_PORTS = ['tcp', 'udp', 'sctp', '6', '17', '132'];

/** VPC firewall rules (Compute Engine API, `firewalls`). */
export const firewall = computeResource({
  collection: 'firewalls',
  title: 'Firewall',
  immutable: ['direction', 'network', 'params'],
  seconds: { create: 12, update: 11, delete: 11 },
  defaults: { priority: 1000 },
  check: all(
    exactlyOne('allows', 'denies'),
    oneOf('direction', 'INGRESS', 'EGRESS'),
    oneOf('logConfig.metadata', 'EXCLUDE_ALL_METADATA', 'INCLUDE_ALL_METADATA'),
    between('priority', 0, 65535),
    checkSources,
    ...['allows', 'denies'].flatMap((list_) => [
      check(`${list_}[*].protocol`, (value) => protocolProblem(String(value))),
      check(`${list_}[*].ports[*]`, (value) => portProblem(String(value))),
    ]),
  ),
  validate: ({ inputs }) => {
    const outgoing = text(inputs, 'direction') === 'EGRESS';
    for (const field of ['sourceRanges', 'destinationRanges']) {
      texts(inputs, field).forEach((value, i) => {
        if (!isAnyRange(value)) throw invalidField(`${field}[${i}]`, value, 'Must be a CIDR range.');
      });
      if (list(inputs, field).length > 5000) throw invalidField(field, list(inputs, field).length, 'At most 5000.');
    }
    if (outgoing && isSet(inputs, 'sourceTags')) {
      throw invalidField('sourceTags', texts(inputs, 'sourceTags'), 'Source tags apply to INGRESS only.');
    }
    if (isSet(inputs, 'targetTags') && isSet(inputs, 'targetServiceAccounts')) {
      throw invalidField('targetTags', texts(inputs, 'targetTags'), 'Not together with target service accounts.');
    }
    requirePortsFit(inputs);
  },
  computed: ({ inputs }) => ({
    direction: text(inputs, 'direction') ?? 'INGRESS',
    enableLogging: isSet(inputs, 'logConfig'),
    destinationRanges:
      text(inputs, 'direction') === 'EGRESS' && !isSet(inputs, 'destinationRanges')
        ? ['0.0.0.0/0']
        : texts(inputs, 'destinationRanges'),
    sourceRanges: texts(inputs, 'sourceRanges'),
    priority: number(inputs, 'priority') ?? 1000,
  }),
});

/** The provider's own rule: an ingress rule says where from. */
function checkSources(inputs: Props) {
  const incoming = (text(inputs, 'direction') ?? 'INGRESS') === 'INGRESS';
  const said = ['sourceRanges', 'sourceTags', 'sourceServiceAccounts'].some((name) => isSet(inputs, name));
  if (!incoming || said) return [];
  return [
    {
      property: 'sourceRanges',
      reason: 'one of source_tags, source_ranges, or source_service_accounts must be defined for INGRESS',
    },
  ];
}

function protocolProblem(protocol: string): string | undefined {
  const known = PROTOCOLS.includes(protocol.toLowerCase()) || (/^\d{1,3}$/.test(protocol) && Number(protocol) <= 255);
  return known ? undefined : `"${protocol}" is not one of ${PROTOCOLS.join(', ')} and no IP protocol number`;
}

function portProblem(port: string): string | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port);
  const [low, high] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match && low <= high && high <= 65535) return undefined;
  return `"${port}" is neither a port nor a range of ports from 0 to 65535`;
}

function requirePortsFit(inputs: Props): void {
  for (const field of ['allows', 'denies']) {
    list(inputs, field).forEach((item, i) => {
      const protocol = (text(item, 'protocol') ?? '').toLowerCase();
      if (texts(item, 'ports').length > 0 && !WITH_PORTS.includes(protocol)) {
        const name = `${field === 'allows' ? 'allowed' : 'denied'}[${i}].ports`;
        throw invalidField(
          name,
          texts(item, 'ports'),
          `Ports may only be specified for TCP, UDP and SCTP, not ${protocol}.`,
        );
      }
    });
  }
}

function isAnyRange(value: string): boolean {
  return (
    parseRange(value) !== undefined || parseRange(`${value}/32`) !== undefined || /^[0-9a-f:]+(\/\d+)?$/i.test(value)
  );
}
