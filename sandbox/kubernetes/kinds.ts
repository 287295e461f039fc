import { configMap, secret, serviceAccount } from './configuration';
import { cassandraKinds } from './cassandra/kinds';
import { certManagerKinds } from './custom/certManager';
import { eniConfig } from './custom/eniConfig';
import { podMonitoring } from './custom/podMonitoring';
import { deployment } from './deployments';
import { job } from './jobs';
import type { Kind } from './kind';
import { namespaceKind } from './namespaces';
import { networkPolicy } from './networkPolicies';
import { rbacKinds } from './rbac';
import { service } from './services';
import { endpoints, podDisruptionBudget } from './simpleKinds';
import { storageClass } from './storageClasses';

/** Kinds that every API server knows. */
export const builtInKinds: readonly Kind[] = [
  deployment,
  job,
  configMap,
  endpoints,
  namespaceKind(() => allKinds),
  secret,
  service,
  serviceAccount,
  networkPolicy,
  podDisruptionBudget,
  ...rbacKinds,
  storageClass,
];

/** Kinds that a CustomResourceDefinition brings. */
export const customKinds: readonly Kind[] = [eniConfig, podMonitoring, ...certManagerKinds, ...cassandraKinds];

/**
 * All kinds, in the order in which a namespace's contents go: what controllers finish first, while the objects they
 * need are still there.
 */
const allKinds: readonly Kind[] = [...customKinds, service, ...builtInKinds.filter((kind) => kind !== service)];
