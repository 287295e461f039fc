import type { Rule } from '../rule';
import { cidrOverlap } from './cidrOverlap';

/** Every rule of the pack, in the order their findings are shown. */
export const rules: readonly Rule[] = [cidrOverlap];
