import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GcpApis } from './apis';
import type { Namer } from './names';

/** Longest service account id that IAM takes. */
const ACCOUNT_ID_LIMIT = 30;

export interface NodeIdentityArgs {
  readonly project: string;
  readonly names: Namer;
  readonly apis: GcpApis;
}

/**
 * The service account of the nodes. The Compute Engine default account is an editor of the project
 * where organisation policy has not stripped it, and useless where it has; this one can do what a node
 * must: write logs and metrics.
 */
export class NodeIdentity extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** The account may do its work: without its role nodes come up and report nothing. */
  readonly granted: pulumi.Resource;

  constructor(name: string, args: NodeIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:NodeIdentity', name, {}, opts);

    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      {
        accountId: args.names('node', ACCOUNT_ID_LIMIT),
        displayName: args.names('node'),
        description: 'GKE nodes: logs and metrics only',
      },
      { parent: this, dependsOn: [args.apis.services.iam] },
    );
    this.granted = new gcp.projects.IAMMember(
      `${name}-role`,
      {
        project: args.project,
        role: 'roles/container.defaultNodeServiceAccount',
        member: account.member,
      },
      // A project's policy is read and written through Resource Manager; the role itself is GKE's.
      { parent: this, dependsOn: [args.apis.services.cloudresourcemanager, args.apis.services.container] },
    );

    this.email = account.email;
    this.registerOutputs({ email: this.email });
  }
}
