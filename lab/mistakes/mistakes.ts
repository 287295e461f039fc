/** Mistakes about the network, each one change to the state, as the clouds' own documents describe what matters. */
import { ADMISSION } from './tables/admission';
import { BALANCERS } from './tables/balancers';
import { ROUTES } from './tables/routes';
import { SESSIONS } from './tables/sessions';
import { SOURCES } from './tables/sources';
import { TUNNELS } from './tables/tunnels';
import type { State } from './state';

export interface Mistake {
  /** Short and unique; the command line takes it. */
  readonly id: string;
  readonly what: string;
  /** Document that tells what goes wrong. */
  readonly source: string;
  readonly make: (state: State) => void;
}

export const MISTAKES: readonly Mistake[] = [
  ...ROUTES,
  ...TUNNELS,
  ...SESSIONS,
  ...ADMISSION,
  ...SOURCES,
  ...BALANCERS,
];
