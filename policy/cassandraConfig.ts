import type { Datacenter } from '../reachability/model/kubernetes/cassandra';
import { dig, kindOf, nameOf, namespaceOf } from '../reachability/model/kubernetes/objects';
import { type Resource, asText } from '../reachability/resources/resource';
import { type Fields, UNKNOWN, isFields, parseFields, reveal } from '../reachability/resources/value';
import { jsonObject } from './properties';

/** Configuration of a datacenter's nodes, as its config builder takes it. */
export interface CassandraConfig {
  /** The CassandraDatacenter, or the Secret that holds the configuration. */
  readonly holder: Resource;
  readonly property: string;
  /** `cassandra-yaml`, `jvm-server-options` and so on; UNKNOWN when it is not known, or only in encrypted form. */
  readonly settings: Fields | typeof UNKNOWN;
}

/** The configuration a datacenter names, or undefined when it names none, or a Secret that is not of the stack. */
export function configOf({ resource, cluster, namespace }: Datacenter): CassandraConfig | undefined {
  const inline = reveal(resource.value('spec.config'));
  if (inline === UNKNOWN || isFields(inline)) return { holder: resource, property: 'spec.config', settings: inline };
  const name = resource.knownText('spec.configSecret');
  const secret = cluster.objects.find(
    (object) => kindOf(object) === 'Secret' && nameOf(object) === name && namespaceOf(object) === namespace,
  );
  return secret === undefined ? undefined : { holder: secret, ...settingsOf(secret) };
}

function settingsOf(secret: Resource): Pick<CassandraConfig, 'property' | 'settings'> {
  const encoded = asText(dig(secret.value('data'), 'config'));
  const plain = asText(dig(secret.value('stringData'), 'config'));
  if (typeof plain === 'string') return { property: 'stringData', settings: parsed(plain) };
  if (typeof encoded !== 'string') return { property: 'data', settings: UNKNOWN };
  return { property: 'data', settings: parsed(Buffer.from(encoded, 'base64').toString('utf8')) };
}

/** Text that is no JSON object configures nothing. */
function parsed(text: string): Fields {
  return parseFields(jsonObject(text));
}
