import { isList, isObject, type ObjectShape, type Shape } from '../../schema/schema';
import {
  AFFINITY,
  CLAIM_SPEC,
  POD_SPEC,
  RESOURCES,
  VOLUME,
  fields,
  listOf,
  mapOf,
  optional,
  struct,
} from '../custom/shapes';

const SERVICE_ADDITIONS = struct(fields(mapOf('string'), 'additionalAnnotations', 'additionalLabels'));

/**
 * `spec` of a CassandraDatacenter, cass-operator v1.28 (the CustomResourceDefinition in `config/crd/bases`). The
 * real definition keeps unknown fields at its top level; the operator reads none, so here they are refused.
 */
export const DATACENTER_SPEC: ObjectShape = struct(
  {
    ...fields(
      'string',
      'clusterName',
      'configBuilderImage',
      'configSecret',
      'datacenterName',
      'serverImage',
      'serverType',
      'serverVersion',
      'serviceAccount',
      'serviceAccountName',
      'superuserSecretName',
      'systemLoggerImage',
    ),
    ...fields(
      'boolean',
      'allowMultipleNodesPerWorker',
      'canaryUpgrade',
      'disableSystemLoggerSidecar',
      'dockerImageRunsAsCassandra',
      'readOnlyRootFilesystem',
      'rollingRestartRequested',
      'stopped',
    ),
    ...fields('number', 'canaryUpgradeCount', 'minReadySeconds', 'size'),
    ...fields(mapOf('string'), 'additionalAnnotations', 'additionalLabels', 'nodeAffinityLabels', 'nodeSelector'),
    ...fields(listOf('string'), 'additionalSeeds', 'forceUpgradeRacks', 'replaceNodes'),
    ...fields(optional(RESOURCES), 'configBuilderResources', 'resources', 'systemLoggerResources'),
    additionalServiceConfig: struct(
      fields(
        SERVICE_ADDITIONS,
        'additionalSeedService',
        'allpodsService',
        'dcService',
        'nodePortService',
        'seedService',
      ),
    ),
    cdc: struct(
      {
        ...fields(
          'string',
          'cdcWorkingDir',
          'pulsarAuthParams',
          'pulsarAuthPluginClassName',
          'pulsarServiceUrl',
          'sslAllowInsecureConnection',
          'sslCipherSuites',
          'sslEnabledProtocols',
          'sslHostnameVerificationEnable',
          'sslKeystorePassword',
          'sslKeystorePath',
          'sslProvider',
          'sslTruststorePassword',
          'sslTruststorePath',
          'sslTruststoreType',
          'topicPrefix',
        ),
        ...fields(
          'number',
          'cdcConcurrentProcessors',
          'cdcPollIntervalM',
          'pulsarBatchDelayInMs',
          'pulsarMaxPendingMessages',
          'pulsarMaxPendingMessagesAcrossPartitions',
        ),
        ...fields('boolean', 'errorCommitLogReprocessEnabled', 'pulsarKeyBasedBatcher'),
      },
      ['pulsarServiceUrl'],
    ),
    config: 'any',
    dseWorkloads: struct(fields('boolean', 'analyticsEnabled', 'graphEnabled', 'searchEnabled')),
    managementApiAuth: struct({
      insecure: struct({}),
      manual: struct({ ...fields('string', 'clientSecretName', 'serverSecretName'), skipSecretValidation: 'boolean' }, [
        'clientSecretName',
        'serverSecretName',
      ]),
    }),
    networking: struct({
      hostNetwork: 'boolean',
      nodePort: struct(fields('number', 'internode', 'internodeSSL', 'native', 'nativeSSL')),
    }),
    podTemplateSpec: struct({
      metadata: struct({
        ...fields('string', 'name', 'namespace'),
        ...fields(mapOf('string'), 'annotations', 'labels'),
        finalizers: listOf('string'),
      }),
      spec: POD_SPEC,
    }),
    racks: listOf(
      struct({ ...fields('string', 'name', 'zone'), affinity: AFFINITY, nodeAffinityLabels: mapOf('string') }, [
        'name',
      ]),
    ),
    storageConfig: struct({
      cassandraDataVolumeClaimSpec: optional(CLAIM_SPEC),
      additionalVolumes: listOf(
        struct(
          {
            ...fields('string', 'mountPath', 'name'),
            pvcSpec: optional(CLAIM_SPEC),
            volumeSource: optionalName(VOLUME),
          },
          ['mountPath', 'name'],
        ),
      ),
    }),
    tolerations: listOf(
      struct({ ...fields('string', 'effect', 'key', 'operator', 'value'), tolerationSeconds: 'number' }),
    ),
    users: listOf(struct({ secretName: 'string', superuser: 'boolean' }, ['secretName', 'superuser'])),
  },
  ['clusterName', 'serverType', 'serverVersion', 'size', 'storageConfig'],
);

/** A volume source: a volume without its name. */
function optionalName(volumes: Shape): ObjectShape {
  const volume = isList(volumes) ? volumes.list : volumes;
  if (!isObject(volume)) throw new Error('the built-in volumes are not a list of objects');
  const { name: _named, ...sources } = volume.fields;
  return struct(sources);
}
