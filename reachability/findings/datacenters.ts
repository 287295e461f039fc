/** One cluster, several datacenters: users, namespaces, operator and configuration. */
import { asText } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { type Fields, UNKNOWN, isFields, reveal } from '../resources/value';
import { type Datacenter, joins, skipsUsers } from '../model/kubernetes/cassandra';
import { dig, jsonText, kindOf, nameOf, namespaceOf } from '../model/kubernetes/objects';
import { readReleases } from '../model/kubernetes/releases';
import type { Model } from '../model/model';
import type { Finding } from '../verdict';
import { clustersOf } from './seeds';

export function datacenterFindings(model: Model): Finding[] {
  return [
    ...clustersOf(model).flatMap((datacenters) => [
      ...userFindings(datacenters),
      ...namespaceFindings(datacenters),
      ...nameFindings(datacenters),
      ...versionFindings(datacenters),
    ]),
    ...model.datacenters.flatMap((datacenter) => [
      ...operatorFindings(datacenter),
      ...configFindings(datacenter),
      ...rackFindings(datacenter),
    ]),
  ];
}

/** Roles are made once, by the first: a second datacenter that makes them again fails, as it does with another password. */
function userFindings(datacenters: readonly Datacenter[]): Finding[] {
  const findings: Finding[] = [];
  for (const datacenter of datacenters) {
    const joining = joins(datacenter, datacenters);
    if (!joining && skipsUsers(datacenter)) {
      const message = `${datacenter.name} starts the cluster and leaves its users to another: nothing creates them`;
      const remedy = 'Leave cassandra.datastax.com/skip-user-creation off the first datacenter';
      findings.push({ rule: 'no-user-creation', urn: datacenter.resource.urn, message, remedy });
    }
    if (!joining || skipsUsers(datacenter)) continue;
    const message = `${datacenter.name} joins the cluster and would create its users again`;
    const remedy = 'Annotate it with cassandra.datastax.com/skip-user-creation: "true"';
    findings.push({ rule: 'user-creation', urn: datacenter.resource.urn, message, remedy });
  }
  const secrets = datacenters.map((datacenter) => ({ datacenter, secret: superuserSecret(datacenter) }));
  for (const { datacenter, secret } of secrets) {
    if (secret !== undefined) continue;
    const message = `the superuser secret of ${datacenter.name} is not in the stack: the operator makes one of its own`;
    const remedy = 'Make the same secret on every site';
    findings.push({ rule: 'superuser-missing', urn: datacenter.resource.urn, message, remedy });
  }
  const present = secrets.map(({ secret }) => secret).filter((secret) => secret !== undefined);
  const [first, ...others] = present;
  for (const secret of others) {
    if (first === undefined || samePassword(first, secret)) continue;
    const message = `${nameOf(secret)} in ${namespaceOf(secret)} holds another password than in ${namespaceOf(first)}`;
    findings.push({ rule: 'superuser-differs', urn: secret.urn, message, remedy: 'Take both from the same source' });
  }
  return findings;
}

function superuserSecret({ resource, cluster, clusterName, namespace }: Datacenter): Resource | undefined {
  const name = resource.knownText('spec.superuserSecretName') ?? `${clusterName}-superuser`;
  return cluster.objects.find(
    (object) => kindOf(object) === 'Secret' && nameOf(object) === name && namespaceOf(object) === namespace,
  );
}

/** Equal if the texts are, or, where they are hidden, if both come from the same resources. */
function samePassword(a: Resource, b: Resource): boolean {
  const [ours, theirs] = [a, b].map((secret) =>
    asText(dig(secret.value('data'), 'password') ?? dig(secret.value('stringData'), 'password')),
  );
  if (typeof ours === 'string' && typeof theirs === 'string') return ours === theirs;
  const sources = (secret: Resource): string =>
    [...secret.sources('data'), ...secret.sources('stringData')].sort().join(' ');
  return sources(a) === sources(b);
}

/** Both clusters are cluster.local: only the namespace tells their services apart. */
function namespaceFindings(datacenters: readonly Datacenter[]): Finding[] {
  return datacenters
    .filter((datacenter, index) =>
      datacenters
        .slice(0, index)
        .some((other) => other.cluster !== datacenter.cluster && other.namespace === datacenter.namespace),
    )
    .map(({ resource, namespace }) => ({
      rule: 'shared-namespace',
      urn: resource.urn,
      message: `two clusters use the namespace ${namespace}: their services have the same names`,
      remedy: 'Give each site a namespace of its own',
    }));
}

function nameFindings(datacenters: readonly Datacenter[]): Finding[] {
  return datacenters
    .filter((datacenter, index) => datacenters.slice(0, index).some(({ name }) => name === datacenter.name))
    .map(({ resource, name }) => ({
      rule: 'shared-datacenter-name',
      urn: resource.urn,
      message: `two datacenters are named ${name}: Cassandra takes them for one`,
      remedy: 'Give each datacenter a name of its own',
    }));
}

/** Nodes of two major versions neither stream nor change the schema together (Cassandra's NEWS.txt, "Upgrading"). */
function versionFindings(datacenters: readonly Datacenter[]): Finding[] {
  const majors = datacenters.map(({ resource }) => resource.knownText('spec.serverVersion')?.split('.')[0]);
  const [first] = majors;
  return datacenters
    .filter((_, index) => first !== undefined && majors[index] !== undefined && majors[index] !== first)
    .map(({ resource, name }) => ({
      rule: 'versions-differ',
      urn: resource.urn,
      message: `${name} is of Cassandra ${resource.knownText('spec.serverVersion') ?? ''}, ${datacenters[0]?.name ?? ''} of ${first ?? ''}.x: it can neither be rebuilt nor repaired from there`,
      remedy: 'Set the same spec.serverVersion in all datacenters',
    }));
}

/** The chart's default watches the operator's own namespace only. */
function operatorFindings({ cluster, namespace, name }: Datacenter): Finding[] {
  return readReleases(cluster.objects)
    .filter(({ chart }) => chart === 'cass-operator')
    .filter((release) => {
      const scoped = asText(dig(release.values, 'global', 'clusterScoped'));
      return scoped !== 'true' && scoped !== UNKNOWN && release.namespace !== namespace;
    })
    .map(({ resource }) => ({
      rule: 'operator-scope',
      urn: resource.urn,
      message: `the operator does not watch ${namespace}, where ${name} is`,
      remedy: 'Set global.clusterScoped to true',
    }));
}

/** Settings that the operator's config builder sets itself, or that no longer mean what they did. */
const BUILT = ['listen_address', 'broadcast_address', 'broadcast_rpc_address', 'seed_provider', 'endpoint_snitch'];

function configFindings(datacenter: Datacenter): Finding[] {
  const { resource } = datacenter;
  const config = configOf(datacenter);
  const yaml = isFields(config) ? reveal(config['cassandra-yaml']) : undefined;
  const own = isFields(yaml) ? BUILT.filter((key) => yaml[key] !== undefined) : [];
  const findings: Finding[] = own.map((key) => ({
    rule: 'config-overridden',
    urn: resource.urn,
    message: `${key} is set in the configuration, but the operator sets or drops it itself`,
    remedy: `Remove ${key}`,
  }));
  if (isFields(config) && config['jvm-options'] !== undefined) {
    const message = 'jvm-options is refused from Cassandra 4.0 on';
    findings.push({ rule: 'config-refused', urn: resource.urn, message, remedy: 'Use jvm-server-options' });
  }
  if (isFields(yaml) && asText(yaml['storage_port']) !== undefined && asText(yaml['storage_port']) !== '7000') {
    const message = `storage_port is ${String(asText(yaml['storage_port']))}; everything else expects 7000`;
    findings.push({ rule: 'config-port', urn: resource.urn, message, remedy: 'Leave storage_port at 7000' });
  }
  return findings;
}

/** `spec.config`, or the JSON in the Secret that `configSecret` names, where it can be read. */
export function configOf({ resource, cluster, namespace }: Datacenter): Fields | undefined {
  const inline = reveal(resource.value('spec.config'));
  if (isFields(inline)) return inline;
  const name = resource.knownText('spec.configSecret');
  const secret = cluster.objects.find(
    (object) => kindOf(object) === 'Secret' && nameOf(object) === name && namespaceOf(object) === namespace,
  );
  const encoded = asText(dig(secret?.value('data'), 'config'));
  const text =
    typeof encoded === 'string'
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : asText(dig(secret?.value('stringData'), 'config'));
  const parsed = jsonText(text);
  return parsed === UNKNOWN ? undefined : parsed;
}

/** Racks that share a zone, or a datacenter in one: the loss of a zone takes more than one replica. */
function rackFindings({ resource, racks, name }: Datacenter): Finding[] {
  const zones = racks.map(({ zone }) => zone).filter((zone) => zone !== undefined);
  if (racks.length < 2 || zones.length < racks.length || new Set(zones).size === zones.length) return [];
  const message = `racks of ${name} share a zone: losing it loses more than one replica`;
  return [{ rule: 'racks-share-zone', urn: resource.urn, message, remedy: 'Pin each rack to a zone of its own' }];
}
