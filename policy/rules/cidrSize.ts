import { type RangeRole, networkRanges, undecidedRanges } from '../ranges';
import { type Rule, broken } from '../rule';

interface Settings {
  /** Shortest and longest prefix length for each kind of range. */
  readonly sizes: Partial<Record<RangeRole, readonly [shortest: number, longest: number]>>;
}

/**
 * What the clouds take: VPC guide, "VPC CIDR blocks" and "Subnet sizing"; EKS API, KubernetesNetworkConfigRequest;
 * Google Cloud VPC, "Subnets, valid ranges"; GKE, "VPC-native clusters" and "Private clusters"; S2S guide, "Tunnel options".
 */
const CLOUDS: Required<Settings['sizes']> = {
  vpc: [16, 28],
  awsSubnet: [16, 28],
  eksServices: [12, 24],
  gcpSubnet: [4, 29],
  gcpSecondary: [4, 29],
  gkeServices: [8, 27],
  controlPlane: [28, 28],
  tunnel: [30, 30],
};

/** Ranges have sizes that their cloud takes, or a narrower choice that an organisation makes. */
export const cidrSize: Rule<Settings> = {
  name: 'cidr-size',
  description: 'Every address range has a size that its kind of resource takes, or that the organisation allows.',
  level: 'mandatory',
  settings: {
    sizes: {
      type: 'object',
      additionalProperties: {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 32 },
        minItems: 2,
        maxItems: 2,
      },
      default: {},
      description:
        `Shortest and longest prefix length by kind (${Object.keys(CLOUDS).join(', ')}), e.g. {"vpc": [16, 20]}; ` +
        'a kind that is left out has what its cloud takes.',
    },
  },
  judge: (stack, { sizes }) => {
    const { ranges, unread } = networkRanges(stack);
    const findings = ranges.flatMap(({ cidr, text, role, label, resource, property }) => {
      const [shortest, longest] = sizes[role] ?? CLOUDS[role];
      if (cidr.prefix >= shortest && cidr.prefix <= longest) return [];
      const allowed = shortest === longest ? `exactly /${shortest}` : `/${shortest} to /${longest}`;
      const message = `${label} ${text} of ${resource.name} is /${cidr.prefix}, allowed is ${allowed}`;
      return [broken(resource, message, `use a range of ${allowed}`, { property, value: text })];
    });
    return [...findings, ...undecidedRanges(unread)];
  },
};
