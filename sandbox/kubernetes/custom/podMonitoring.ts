import { list, number, text, type Props, type Value } from '../../core/values';
import { customKind } from './customKind';
import { LABEL_SELECTOR, fields, listOf, mapOf, struct } from './shapes';
import type { Cause } from '../apiErrors';

const SECRET_SELECTOR = struct({ secret: struct({ name: 'string', key: 'string', namespace: 'string' }) });
const CREDENTIALS = struct({ type: 'string', credentials: SECRET_SELECTOR, ...SECRET_SELECTOR.fields });
const RELABELING = struct({
  ...fields('string', 'targetLabel', 'separator', 'regex', 'replacement', 'action'),
  sourceLabels: listOf('string'),
  modulus: 'number',
});
const TLS = struct({
  ...fields('string', 'serverName', 'minVersion', 'maxVersion'),
  insecureSkipVerify: 'boolean',
  ...fields(SECRET_SELECTOR, 'ca', 'cert', 'key'),
});
const ENDPOINT = struct(
  {
    ...fields('string', 'scheme', 'path', 'proxyUrl', 'interval', 'timeout'),
    port: 'any',
    params: mapOf(listOf('string')),
    metricRelabeling: listOf(RELABELING),
    tls: TLS,
    authorization: CREDENTIALS,
    basicAuth: struct({ username: 'string', password: SECRET_SELECTOR }),
    oauth2: 'any',
  },
  ['port'],
);

/** Scraping by Google Cloud Managed Service for Prometheus; a cluster with managed collection knows the kind. */
export const podMonitoring = customKind({
  apiVersion: 'monitoring.googleapis.com/v1',
  kind: 'PodMonitoring',
  plural: 'podmonitorings',
  namespaced: true,
  spec: struct(
    {
      selector: LABEL_SELECTOR,
      endpoints: listOf(ENDPOINT),
      targetLabels: struct({
        metadata: listOf('string'),
        fromPod: listOf(struct({ from: 'string', to: 'string' }, ['from'])),
      }),
      limits: struct(fields('number', 'samples', 'labels', 'labelNameLength', 'labelValueLength')),
      filterRunning: 'boolean',
    },
    ['endpoints', 'selector'],
  ),
  served: ({ cluster }) => cluster.kind === 'gke' && cluster.cloud.managedPrometheus,
  validate: (live) =>
    list(live, 'spec', 'endpoints').flatMap((endpoint, i) => endpointCauses(endpoint, `spec.endpoints[${i}]`)),
  reconcile: (live) => ({ live: withStatus(live), pending: [] }),
});

/** The admission webhook's rules: an interval is a Prometheus duration, and no timeout is longer than it. */
function endpointCauses(endpoint: Value, field: string): Cause[] {
  const interval = seconds(text(endpoint, 'interval') ?? '1m');
  const timeout = seconds(text(endpoint, 'timeout') ?? text(endpoint, 'interval') ?? '1m');
  const causes: Cause[] = [];
  if (interval === undefined)
    causes.push({ field: `${field}.interval`, detail: 'Invalid value: invalid scrape interval' });
  if (interval !== undefined && timeout !== undefined && timeout > interval) {
    causes.push({
      field: `${field}.timeout`,
      detail: 'Invalid value: scrape timeout must not be greater than scrape interval',
    });
  }
  const port = number(endpoint, 'port');
  if (port !== undefined && (port < 1 || port > 65535)) {
    causes.push({ field: `${field}.port`, detail: `Invalid value: ${port}: must be between 1 and 65535, inclusive` });
  }
  return causes;
}

function seconds(duration: string): number | undefined {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(duration);
  if (!match) return undefined;
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 }[match[2] as 'ms'];
  return Number(match[1]) * unit;
}

function withStatus(live: Props): Props {
  const now = text(live, 'metadata', 'creationTimestamp') ?? '';
  const created = { type: 'ConfigurationCreateSuccess', status: 'True', lastTransitionTime: now, lastUpdateTime: now };
  return {
    ...live,
    status: { conditions: [created], observedGeneration: number(live, 'metadata', 'generation') ?? 1 },
  };
}
