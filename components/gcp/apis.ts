import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

const API_NAMES = ['cloudkms', 'cloudresourcemanager', 'compute', 'container', 'iam', 'logging', 'monitoring'] as const;

export type ApiName = (typeof API_NAMES)[number];

/**
 * The Google Cloud services a site uses, switched on in its project. Every resource that is the first
 * of its API names the service in `dependsOn`: a call to an API that is not enabled yet is refused
 * with `SERVICE_DISABLED`.
 */
export class GcpApis extends pulumi.ComponentResource {
  readonly services: Readonly<Record<ApiName, gcp.projects.Service>>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:gcp:Apis', name, {}, opts);

    const enable = (api: ApiName) =>
      new gcp.projects.Service(
        `${name}-${api}`,
        {
          service: `${api}.googleapis.com`,
          // The project may serve others: taking the stack down must not take their APIs away.
          disableOnDestroy: false,
        },
        { parent: this },
      );
    this.services = Object.fromEntries(API_NAMES.map((api) => [api, enable(api)])) as Record<
      ApiName,
      gcp.projects.Service
    >;

    this.registerOutputs({});
  }
}
