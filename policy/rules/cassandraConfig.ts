import { dig } from '../../reachability/model/kubernetes/objects';
import { isFields } from '../../reachability/resources/value';
import { UNKNOWN } from '../../reachability/resources/value';
import { configOf } from '../cassandraConfig';
import { type Rule, broken } from '../rule';

/** Settings of cassandra.yaml that the operator's config builder writes or removes itself (k8ssandra-client, `config build`). */
const BUILDERS = ['listen_address', 'broadcast_address', 'endpoint_snitch', 'seed_provider'];

/**
 * What the operator decides is not configured beside it: the config builder overwrites addresses, snitch and seeds, so
 * the setting does nothing and misleads; `jvm-options` is refused from Cassandra 4.0 on.
 */
export const cassandraConfig: Rule = {
  name: 'cassandra-config',
  description: 'The configuration of a datacenter sets nothing that cass-operator overwrites or refuses.',
  level: 'mandatory',
  judge: ({ model }) =>
    model.datacenters.flatMap((datacenter) => {
      const config = configOf(datacenter);
      // What a Secret holds is judged as soon as it is known; before, nothing in the plan could tell.
      if (config === undefined || config.settings === UNKNOWN) return [];
      const { holder, property, settings } = config;
      const yaml = dig(settings, 'cassandra-yaml');
      const overwritten = BUILDERS.filter((key) => isFields(yaml) && yaml[key] !== undefined).map((key) =>
        broken(holder, `${holder.name} sets ${key}, which cass-operator overwrites`, 'leave it out', { property }),
      );
      return settings['jvm-options'] === undefined
        ? overwritten
        : [
            ...overwritten,
            broken(holder, `${holder.name} sets jvm-options, which cass-operator refuses`, 'use jvm-server-options', {
              property,
            }),
          ];
    }),
};
