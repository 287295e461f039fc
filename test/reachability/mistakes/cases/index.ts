/** Every seeded mistake. */
import type { Mistake } from '../mistake';
import { awsEntry } from './awsEntry';
import { awsRoutes } from './awsRoutes';
import { balancers } from './balancers';
import { balancerSettings } from './balancerSettings';
import { bgp } from './bgp';
import { cassandra } from './cassandra';
import { certificates } from './certificates';
import { dns } from './dns';
import { dnsServers } from './dnsServers';
import { eks } from './eks';
import { eksRoles } from './eksRoles';
import { google } from './google';
import { googleRoutes } from './googleRoutes';
import { parts } from './parts';
import { platform } from './platform';
import { policies } from './policies';
import { room } from './room';
import { transit } from './transit';
import { tunnels } from './tunnels';
import { vpnOptions } from './vpnOptions';
import { wayOut } from './wayOut';

export const MISTAKES: readonly Mistake[] = [
  ...awsRoutes,
  ...awsEntry,
  ...transit,
  ...tunnels,
  ...vpnOptions,
  ...bgp,
  ...google,
  ...googleRoutes,
  ...eks,
  ...balancers,
  ...balancerSettings,
  ...policies,
  ...dns,
  ...dnsServers,
  ...cassandra,
  ...platform,
  ...parts,
  ...room,
  ...wayOut,
  ...certificates,
  ...eksRoles,
];
