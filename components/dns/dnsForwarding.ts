import type * as pulumi from '@pulumi/pulumi';

/**
 * How the names of one site's Cassandra are resolved from its peers, and theirs from it. Other ways than
 * forwards between the clusters' own DNS come behind the same interface.
 */
export interface DnsForwarding extends pulumi.Resource {
  /** The site's planned DNS addresses answer, and its own cluster forwards the peers' zones. */
  readonly ready: readonly pulumi.Resource[];
}
