import type { State } from './state';

/** One change to a correct state that must be told by packets and by the proof alike. */
export interface Mistake {
  /** Short and unique; the command line takes it. */
  readonly id: string;
  readonly what: string;
  /** Document that tells what goes wrong. */
  readonly source: string;
  readonly make: (state: State) => void;
}
