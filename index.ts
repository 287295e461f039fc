import * as pulumi from '@pulumi/pulumi';
import { CassandraCluster } from './components/cassandra/cluster';
import { loadStack } from './components/config';
import { dnsFor } from './components/dns/dns';
import { linkSites } from './components/links';
import { makeSites } from './components/sites';

// Every address and name is known from here on; whatever is wrong with the settings ends the program now.
const { settings, plan: addressPlan } = loadStack();

// Networks, clusters and the VPN start at once. The VPN waits for the networks only.
const sites = makeSites(addressPlan, settings);
const links = linkSites(addressPlan, settings, sites);

// Names cross for applications, between sites that have peers. The database's seeds are addresses, so it does
// not wait for this.
sites.all.filter((site) => site.plan.peers.length > 0).forEach((site) => dnsFor(settings.dns, site));

const cassandra = new CassandraCluster(settings.cluster, {
  cluster: settings.cluster,
  settings: settings.cassandra,
  charts: settings.operators,
  sites: sites.all,
  links,
  protect: settings.protect,
});

const bySite = <T>(value: (site: (typeof sites.all)[number]) => T) =>
  Object.fromEntries(sites.all.map((site) => [site.plan.name, value(site)]));

/** Every range, address and name of the stack. */
export const plan = addressPlan;
/** Control plane of each site's cluster. */
export const endpoints = bySite(({ endpoint }) => endpoint);
/** Addresses by which each site's Cassandra is reached from the others. */
export const gateways = bySite(({ plan: { gateway } }) => gateway);
/** Zone that each site answers for, and the addresses where it does. */
export const dns = bySite(({ plan: { dns: zone } }) => zone);
/** What a client needs to connect; the password is a secret. */
export const clients = {
  caCertificate: cassandra.caCertificate,
  username: cassandra.superuserName,
  password: cassandra.superuserPassword,
};
/** Secret. Each calls the cloud's own command for a token. */
export const kubeconfigs = pulumi.secret(bySite(({ kubeconfig }) => kubeconfig));
