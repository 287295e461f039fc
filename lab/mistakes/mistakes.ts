/** Mistakes about the network, each one change to the state, as the clouds' own documents describe what matters. */
import { ACLS } from './tables/acls';
import { ADMISSION } from './tables/admission';
import { BALANCERS } from './tables/balancers';
import { HEALTH } from './tables/health';
import { POLICIES } from './tables/policies';
import { ROUTES } from './tables/routes';
import { SESSIONS } from './tables/sessions';
import { SOURCES } from './tables/sources';
import { STATIC_ROUTES } from './tables/staticRoutes';
import { TRANSIT } from './tables/transit';
import { TUNNELS } from './tables/tunnels';
import type { Mistake } from './mistake';

export const MISTAKES: readonly Mistake[] = [
  ...ROUTES,
  ...STATIC_ROUTES,
  ...TRANSIT,
  ...TUNNELS,
  ...SESSIONS,
  ...ADMISSION,
  ...SOURCES,
  ...BALANCERS,
  ...HEALTH,
  ...ACLS,
  ...POLICIES,
];
