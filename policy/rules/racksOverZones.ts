import type { Datacenter } from '../../reachability/model/kubernetes/cassandra';
import { UNKNOWN } from '../../reachability/resources/value';
import { type Finding, type Rule, broken, undecided } from '../rule';

interface Settings {
  readonly racks: number;
}

/**
 * Racks are zones: each in one of its own that has nodes, all of the same number of Cassandra nodes. Cassandra
 * keeps one replica in each rack, so with as many racks as replicas the loss of a zone costs one of them and no quorum.
 */
export const racksOverZones: Rule<Settings> = {
  name: 'racks-over-zones',
  description:
    'The racks of a datacenter are in as many zones, which have nodes, with equally many Cassandra nodes each.',
  level: 'mandatory',
  settings: {
    racks: {
      type: 'integer',
      minimum: 1,
      default: 2,
      description:
        'Fewest racks of a datacenter. As many as it keeps replicas lets it lose a zone without losing a quorum; two keep the data.',
    },
  },
  judge: ({ model }, { racks }) => model.datacenters.flatMap((datacenter) => judgeDatacenter(datacenter, racks)),
};

function judgeDatacenter(datacenter: Datacenter, fewest: number): Finding[] {
  const { resource, racks, name } = datacenter;
  if (resource.value('spec.racks') === UNKNOWN) return [undecided(resource, 'spec.racks', 'the racks')];
  const fault = (message: string, remedy: string, property = 'spec.racks'): Finding =>
    broken(resource, `datacenter ${name} ${message}`, remedy, { property });
  const findings: Finding[] = [];
  if (racks.length < fewest) {
    findings.push(fault(`has ${racks.length} racks, requires ${fewest}`, 'use a rack in each of as many zones'));
  }
  const zones = racks.map(({ zone }) => zone);
  racks
    .filter(({ zone }) => zone === undefined)
    .forEach((rack) =>
      findings.push(fault(`pins rack ${rack.name} to no zone`, 'set nodeAffinityLabels to a zone of its own')),
    );
  racks
    .filter(({ zone }, index) => zone !== undefined && zones.indexOf(zone) !== index)
    .forEach(({ name: rack, zone }) =>
      findings.push(
        fault(`has rack ${rack} in ${zone ?? ''}, where another is`, 'use a zone of its own for each rack'),
      ),
    );
  const served = nodeZones(datacenter);
  racks
    .filter(({ zone }) => zone !== undefined && served.length > 0 && !served.includes(zone))
    .forEach(({ name: rack, zone }) =>
      findings.push(
        fault(`has rack ${rack} in ${zone ?? ''}, which has no nodes`, 'add nodes there, or use another zone'),
      ),
    );
  const size = resource.number('spec.size');
  if (typeof size !== 'number') findings.push(undecided(resource, 'spec.size', 'the size'));
  else if (racks.length > 0 && size % racks.length !== 0) {
    findings.push(fault(`has ${size} nodes in ${racks.length} racks`, 'use a multiple of the racks', 'spec.size'));
  }
  return findings;
}

/** Empty when no node group or pool of the stack says where it is. */
function nodeZones({ cluster }: Datacenter): readonly string[] {
  if (cluster.cloud === 'gcp') return cluster.zones;
  const zones = cluster.zones.map(({ zone }) => zone);
  return zones.includes(undefined) ? [] : (zones as string[]);
}
