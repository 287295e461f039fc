import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { CassandraSettings } from '../../plan/settings';
import type { KubernetesSite } from '../kubernetesSite';
import { type Replication, replicationStatements } from './cql';
import { datacenterSize, effectiveReplication } from './datacenterSize';
import { runKey, scriptPod } from './jobs';
import { NATIVE_PORT, cassandraImage, datacenterSecrets, datacenterServices } from './names';

export interface ReplicationArgs {
  readonly cluster: string;
  readonly settings: CassandraSettings;
  /** Site whose datacenter started the cluster; the data is there. */
  readonly first: KubernetesSite;
  /** Sites whose datacenters joined it. */
  readonly later: readonly KubernetesSite[];
  /** Every datacenter Ready: a replication that names an absent one is refused. */
  readonly datacenters: readonly pulumi.Resource[];
}

const CREDENTIALS_PATH = '/etc/superuser';
const CA_PATH = '/etc/cassandra-ca';

/**
 * Gives every datacenter its replicas and then its data: cass-operator does neither for datacenters in
 * other clusters.
 *
 * Job and tasks are named after what they do (datacenters, replicas, keyspaces) and never expire, so they
 * run once for it; otherwise the next refresh and update would stream all data again.
 */
export class ClusterReplication extends pulumi.ComponentResource {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:cassandra:Replication', name, {}, opts);
    const { settings, first, later } = args;
    const replication = replicationOf([first, ...later], settings.replicationFactor);
    const key = runKey({ replication, keyspaces: settings.keyspaces });

    const job = this.replicationJob(name, `replication-${key}`, args, replication);
    const rebuilds = later.map(
      (site) =>
        new kubernetes.apiextensions.CustomResource(
          `${name}-rebuild-${site.plan.name}`,
          {
            apiVersion: 'control.k8ssandra.io/v1alpha1',
            kind: 'CassandraTask',
            metadata: {
              name: `rebuild-${key}`,
              namespace: site.plan.namespace,
              annotations: { 'pulumi.com/waitFor': 'condition=Complete' },
            },
            spec: {
              datacenter: { name: site.plan.datacenter, namespace: site.plan.namespace },
              jobs: [
                {
                  name: `rebuild-${site.plan.datacenter}`,
                  command: 'rebuild',
                  args: { source_datacenter: first.plan.datacenter },
                },
              ],
              // Zero keeps it for good; by default the operator deletes a finished task after a day.
              ttlSecondsAfterFinished: 0,
            },
          },
          {
            parent: this,
            provider: site.provider,
            dependsOn: [
              // Without replicas here there is nothing to stream.
              job,
              // The task runs on its pods.
              ...args.datacenters,
            ],
            // Bounded by the data there is: a datacenter added to a full cluster streams for hours.
            customTimeouts: { create: '12h' },
          },
        ),
    );

    this.ready = [job, ...rebuilds];
    this.registerOutputs({});
  }

  private replicationJob(
    name: string,
    jobName: string,
    args: ReplicationArgs,
    replication: Replication,
  ): kubernetes.batch.v1.Job {
    const { cluster, settings, first } = args;
    const { datacenter, namespace } = first.plan;
    const secrets = datacenterSecrets(cluster, datacenter);
    return new kubernetes.batch.v1.Job(
      `${name}-job`,
      {
        metadata: {
          name: jobName,
          namespace,
          // One that failed is repeated by the next update instead of being waited for again.
          annotations: { 'pulumi.com/replaceUnready': 'true' },
        },
        spec: {
          backoffLimit: 10,
          template: {
            spec: scriptPod({
              image: cassandraImage(settings.version),
              script: CQL_SCRIPT,
              env: {
                CONTACT_POINT: `${datacenterServices(cluster, datacenter).clients}.${namespace}.svc.cluster.local`,
                PORT: String(NATIVE_PORT),
                SSL_CERTFILE: `${CA_PATH}/ca.crt`,
                CQL: replicationStatements(replication, settings.keyspaces).join('\n'),
              },
              volumes: [
                { name: 'superuser', secret: { secretName: secrets.superuser } },
                {
                  name: 'ca',
                  // The certificate that nodes are verified by, and not the key beside it.
                  secret: { secretName: secrets.internodeTls, items: [{ key: 'ca.crt', path: 'ca.crt' }] },
                },
              ],
              volumeMounts: [
                { name: 'superuser', mountPath: CREDENTIALS_PATH, readOnly: true },
                { name: 'ca', mountPath: CA_PATH, readOnly: true },
              ],
            }),
          },
        },
      },
      {
        parent: this,
        provider: first.provider,
        dependsOn: [...args.datacenters],
        // It has run; a later version's image is no reason to run it again.
        ignoreChanges: ['spec.template.spec.containers[0].image'],
        customTimeouts: { create: '30m' },
      },
    );
  }
}

/** Replicas by datacenter, in order of the sites given. */
export function replicationOf(sites: readonly KubernetesSite[], replicationFactor: number): Replication {
  return Object.fromEntries(
    sites.map(({ plan, settings }) => [
      plan.datacenter,
      effectiveReplication(replicationFactor, datacenterSize(plan, settings)),
    ]),
  );
}

/** The password goes through a file: arguments are readable in the process list. */
const CQL_SCRIPT = `
umask 077
printf '[PlainTextAuthProvider]\\nusername = %s\\npassword = %s\\n' \\
  "$(cat ${CREDENTIALS_PATH}/username)" "$(cat ${CREDENTIALS_PATH}/password)" > /tmp/credentials
export HOME=/tmp
printf '%s\\n' "$CQL" > /tmp/replication.cql
cqlsh --ssl --credentials /tmp/credentials --connect-timeout 30 --request-timeout 120 \\
  --file /tmp/replication.cql "$CONTACT_POINT" "$PORT"
`.trim();
