import type { Rule } from '../rule';
import { advertisementComplete } from './advertisementComplete';
import { asnPrivate } from './asnPrivate';
import { capacityHeadroom } from './capacityHeadroom';
import { cassandraConfig } from './cassandraConfig';
import { cassandraNotPublic } from './cassandraNotPublic';
import { cidrCanonical } from './cidrCanonical';
import { cidrOverlap } from './cidrOverlap';
import { cidrReserved } from './cidrReserved';
import { cidrSize } from './cidrSize';
import { cidrSupernets } from './cidrSupernets';
import { clusterBootstrap } from './clusterBootstrap';
import { controlPlaneNotPublic } from './controlPlaneNotPublic';
import { encryptionAtRest } from './encryptionAtRest';
import { encryptionInTransit } from './encryptionInTransit';
import { gkeCapacity } from './gkeCapacity';
import { loadBalancersInternal } from './loadBalancersInternal';
import { racksOverZones } from './racksOverZones';
import { reachability } from './reachability';
import { replicationKnown } from './replicationKnown';
import { secretsSecret } from './secretsSecret';
import { seedsPlanned } from './seedsPlanned';
import { snatPreserved } from './snatPreserved';
import { tunnelInsideRanges } from './tunnelInsideRanges';
import { tunnelKeys } from './tunnelKeys';
import { tunnelMapping } from './tunnelMapping';
import { tunnelRedundancy } from './tunnelRedundancy';
import { tunnelTransforms } from './tunnelTransforms';
import { vpcRanges } from './vpcRanges';
import { workloadRoutes } from './workloadRoutes';

/** Every rule of the pack, in the order their findings are shown. */
export const rules: readonly Rule[] = [
  cidrCanonical,
  cidrSize,
  cidrReserved,
  cidrSupernets,
  cidrOverlap,
  vpcRanges,
  gkeCapacity,
  capacityHeadroom,
  tunnelRedundancy,
  tunnelKeys,
  tunnelMapping,
  tunnelTransforms,
  tunnelInsideRanges,
  asnPrivate,
  advertisementComplete,
  workloadRoutes,
  snatPreserved,
  reachability,
  cassandraNotPublic,
  controlPlaneNotPublic,
  loadBalancersInternal,
  encryptionAtRest,
  encryptionInTransit,
  secretsSecret,
  racksOverZones,
  seedsPlanned,
  clusterBootstrap,
  replicationKnown,
  cassandraConfig,
];
