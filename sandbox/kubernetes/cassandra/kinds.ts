import type { Kind } from '../kind';
import { cassandraDatacenter } from './datacenterKind';
import { cassandraTask } from './taskKind';

/** The kinds that cass-operator brings and works on. */
export const cassandraKinds: readonly Kind[] = [cassandraTask, cassandraDatacenter];
