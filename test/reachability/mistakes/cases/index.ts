/** Every seeded mistake. */
import type { Mistake } from '../mistake';
import { awsRoutes } from './awsRoutes';
import { balancers } from './balancers';
import { bgp } from './bgp';
import { cassandra } from './cassandra';
import { dns } from './dns';
import { eks } from './eks';
import { google } from './google';
import { parts } from './parts';
import { platform } from './platform';
import { policies } from './policies';
import { transit } from './transit';
import { tunnels } from './tunnels';

export const MISTAKES: readonly Mistake[] = [
  ...awsRoutes,
  ...transit,
  ...tunnels,
  ...bgp,
  ...google,
  ...eks,
  ...balancers,
  ...policies,
  ...dns,
  ...cassandra,
  ...platform,
  ...parts,
];
