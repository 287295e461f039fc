import type { Datacenter } from '../../reachability/model/kubernetes/cassandra';
import { dig, kindOf, nameOf, namespaceOf, objectsOf } from '../../reachability/model/kubernetes/objects';
import type { Resource } from '../../reachability/resources/resource';
import { type Fields, type Value, UNKNOWN } from '../../reachability/resources/value';
import { type CassandraConfig, configOf } from '../cassandraConfig';
import { type Finding, type Rule, broken, undecided } from '../rule';

interface Settings {
  readonly clients: boolean;
}

/** `cassandra.yaml`, `server_encryption_options.internode_encryption`: `rack` leaves what crosses racks of one datacenter plain too. */
const ACROSS_DATACENTERS = ['all', 'dc'];

/**
 * Cassandra encrypts and authenticates what crosses datacenters, and what clients send. The tunnels encrypt only
 * between the clouds' gateways: neither inside a cloud, nor against a stranger who gets into the network.
 *
 * The configuration usually holds store passwords and is not known before the first update. Then the plan decides: a
 * datacenter that mounts the stores of a certificate that the stack issues is set up for it, and is judged by its settings once they are known.
 */
export const encryptionInTransit: Rule<Settings> = {
  name: 'encryption-in-transit',
  description: 'Cassandra nodes speak TLS with client certificates between datacenters, and TLS with clients.',
  level: 'mandatory',
  settings: {
    clients: { type: 'boolean', default: true, description: 'Whether connections of clients must be encrypted too.' },
  },
  judge: ({ model }, settings) => model.datacenters.flatMap((datacenter) => judgeDatacenter(datacenter, settings)),
};

function judgeDatacenter(datacenter: Datacenter, { clients }: Settings): Finding[] {
  const { resource, name } = datacenter;
  const config = configOf(datacenter);
  if (config === undefined) {
    if (resource.value('spec.configSecret') !== undefined)
      return [undecided(resource, 'spec.configSecret', 'the configuration')];
    const message = `datacenter ${name} configures no encryption, and Cassandra's default is none`;
    return [
      broken(resource, message, 'set server_encryption_options and client_encryption_options', {
        property: 'spec.config',
      }),
    ];
  }
  const { holder, settings } = config;
  if (settings === UNKNOWN)
    return mountsStores(datacenter) ? [] : [undecided(holder, config.property, 'the encryption')];
  const server = dig(settings, 'cassandra-yaml', 'server_encryption_options');
  const client = dig(settings, 'cassandra-yaml', 'client_encryption_options');
  return [...betweenNodes(config, server), ...(clients ? fromClients(config, client) : [])];
}

function betweenNodes({ holder, property }: CassandraConfig, options: Value | undefined): Finding[] {
  const fault = (message: string, remedy: string) => broken(holder, `${holder.name}: ${message}`, remedy, { property });
  const mode = dig(options, 'internode_encryption');
  if (!ACROSS_DATACENTERS.includes(String(mode ?? 'none'))) {
    return [fault(`internode_encryption is ${String(mode ?? 'none')}`, 'set it to all, or dc')];
  }
  return [
    ...(isTrue(dig(options, 'require_client_auth'))
      ? []
      : [fault('whoever reaches the internode port may join: require_client_auth is off', 'set it to true')]),
    ...(isTrue(dig(options, 'optional')) ? [fault('internode encryption is optional', 'set optional to false')] : []),
  ];
}

function fromClients({ holder, property }: CassandraConfig, options: Value | undefined): Finding[] {
  if (isTrue(dig(options, 'enabled')) && !isTrue(dig(options, 'optional'))) return [];
  const message = `${holder.name}: clients may send passwords and data in the clear`;
  return [broken(holder, message, 'set client_encryption_options.enabled to true and optional to false', { property })];
}

function isTrue(value: Value | undefined): boolean {
  return value === true || value === 'true';
}

/** A certificate with keystores that the stack issues into a Secret which the datacenter mounts. */
function mountsStores({ resource, cluster, namespace }: Datacenter): boolean {
  const mounted = objectsOf(resource.value('spec.storageConfig.additionalVolumes'))
    .map((volume: Fields) => dig(volume, 'volumeSource', 'secret', 'secretName'))
    .filter((name) => typeof name === 'string');
  return cluster.objects.some(
    (object: Resource) =>
      kindOf(object) === 'Certificate' &&
      namespaceOf(object) === namespace &&
      object.value('spec.keystores') !== undefined &&
      mounted.includes(object.knownText('spec.secretName') ?? nameOf(object)),
  );
}
