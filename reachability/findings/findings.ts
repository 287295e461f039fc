/** What is wrong besides blocked flows: one rule, one finding for each resource it concerns. */
import type { Model } from '../model/model';
import type { Finding } from '../verdict';
import { admissionFindings } from './admission';
import { automaticFindings } from './automatic';
import { datacenterFindings } from './datacenters';
import { dnsFindings } from './dns';
import { exposureFindings } from './exposure';
import { networkFindings } from './networks';
import { orderFindings } from './order';
import { redundancyFindings } from './redundancy';
import { replicationFindings } from './replication';
import { seedFindings } from './seeds';

export function findingsOf(model: Model): Finding[] {
  const all = [
    ...redundancyFindings(model),
    ...exposureFindings(model),
    ...admissionFindings(model),
    ...automaticFindings(model),
    ...networkFindings(model),
    ...dnsFindings(model),
    ...seedFindings(model),
    ...datacenterFindings(model),
    ...orderFindings(model),
    ...replicationFindings(model),
  ];
  return [...new Map(all.map((finding) => [`${finding.rule} ${finding.urn} ${finding.message}`, finding])).values()];
}
