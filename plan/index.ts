/** The address plan: what other parts of the program use of it. */
export { Address, Cidr, CidrError } from './cidr';
export { loadConfiguration } from './configuration';
export { type Origins, type SiteOrigin, checkOrigins, originsOf } from './origin';
export { findOverlaps, type Ranged } from './overlap';
export { parseSettings } from './parse/settings';
export { type Loaded, loadPlan, planFor, warningsFor } from './plan';
export { type Problem, SettingsError, formatProblem } from './problem';
export { AUTO_MODE, PRIVATE, RESERVED, RESERVED_TUNNELS, type ReservedRange } from './reserved';
export type * from './settings';
export type * from './types';
export { unsupported } from './unsupported';
export { virtualAddress } from './virtual';
