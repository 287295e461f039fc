import type * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../../plan/settings';
import type { KubernetesSite } from '../kubernetesSite';
import type { DnsForwarding } from './dnsForwarding';
import { EksDns } from './eksDns';
import { GkeDns } from './gkeDns';

/** Makes a site's side of the DNS between sites, in the way the settings choose. */
export function dnsFor(
  kind: Settings['dns'],
  site: KubernetesSite,
  opts?: pulumi.ComponentResourceOptions,
): DnsForwarding {
  const name = `${site.plan.name}-dns`;
  switch (kind) {
    case 'forward':
      return site.plan.cloud === 'aws' ? new EksDns(name, { site }, opts) : new GkeDns(name, { site }, opts);
  }
}
