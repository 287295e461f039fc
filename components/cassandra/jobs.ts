import { createHash } from 'node:crypto';
import type * as kubernetes from '@pulumi/kubernetes';

/**
 * Ten hexadecimal digits that change when `facts` do. Part of the name of whatever must run once for
 * those facts: as long as they stay, so does the object, and nothing runs again.
 */
export function runKey(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 10);
}

/** User that the Cassandra image is made for. */
const CASSANDRA_USER = 999;

/** A pod that runs one script to its end, without privileges, credentials of the API or a writable root. */
export function scriptPod(args: {
  readonly image: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly volumes?: kubernetes.types.input.core.v1.Volume[];
  readonly volumeMounts?: kubernetes.types.input.core.v1.VolumeMount[];
}): kubernetes.types.input.core.v1.PodSpec {
  return {
    restartPolicy: 'OnFailure',
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: CASSANDRA_USER,
      runAsGroup: CASSANDRA_USER,
      fsGroup: CASSANDRA_USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'script',
        image: args.image,
        command: ['/bin/bash', '-euo', 'pipefail', '-c', args.script],
        env: Object.entries(args.env).map(([name, value]) => ({ name, value })),
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, ...(args.volumeMounts ?? [])],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }, ...(args.volumes ?? [])],
  };
}
