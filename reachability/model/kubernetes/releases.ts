/** Helm releases of the operators that a Cassandra cluster relies on. */
import { type Resource, asText } from '../../resources/resource';
import { asNumber } from '../../resources/resource';
import { UNKNOWN, type Value } from '../../resources/value';
import { dig, kindOf } from './objects';

export interface Release {
  readonly resource: Resource;
  /** Name of the chart without repository or path. */
  readonly chart: string;
  readonly namespace: string;
  /** Port of its admission webhook's pods; undefined when it has none. */
  readonly webhookPort: number | undefined;
  readonly values: Value | undefined;
}

/** Charts whose webhooks the database waits for: which value moves the port, and the port without it. */
const WEBHOOKS: Readonly<Record<string, { readonly port: number; readonly path: readonly string[] }>> = {
  // k8ssandra/cass-operator, `config/webhook`: the manager listens at controller-runtime's default.
  'cass-operator': { port: 9443, path: ['admissionWebhooks', 'port'] },
  // cert-manager, chart value `webhook.securePort`.
  'cert-manager': { port: 10250, path: ['webhook', 'securePort'] },
  // aws-load-balancer-controller, chart value `webhookBindPort`.
  'aws-load-balancer-controller': { port: 9443, path: ['webhookBindPort'] },
};

export function readReleases(objects: readonly Resource[]): Release[] {
  return objects.filter((object) => ['Release', 'Chart'].includes(kindOf(object))).map(readRelease);
}

export function hasChart(objects: readonly Resource[], name: string): boolean {
  return readReleases(objects).some(({ chart }) => chart === name);
}

function readRelease(resource: Resource): Release {
  const text = resource.knownText('chart') ?? resource.name;
  const chart = text.slice(text.lastIndexOf('/') + 1).replace(/-[0-9.]+\.tgz$/, '');
  const values = resource.value('values');
  const webhook = WEBHOOKS[chart];
  const switchedOff = asText(dig(values, 'admissionWebhooks', 'enabled')) === 'false';
  const moved = webhook === undefined ? undefined : asNumber(dig(values, ...webhook.path));
  return {
    resource,
    chart,
    namespace: resource.knownText('namespace') ?? 'default',
    webhookPort:
      webhook === undefined || switchedOff
        ? undefined
        : moved !== UNKNOWN && moved !== undefined
          ? moved
          : webhook.port,
    values,
  };
}
