/** What is wrong besides blocked flows: one rule, one finding for each resource it concerns. */
import type { Model } from '../model/model';
import type { Finding } from '../verdict';
import { addonFindings } from './addons';
import { admissionFindings } from './admission';
import { automaticFindings } from './automatic';
import { certificateFindings } from './certificates';
import { clusterNameFindings } from './clusterNames';
import { datacenterFindings } from './datacenters';
import { dnsFindings } from './dns';
import { eksFindings } from './eks';
import { eksRoleFindings } from './eksRoles';
import { exposureFindings } from './exposure';
import { gkeDefaultFindings } from './gkeDefaults';
import { networkFindings } from './networks';
import { orderFindings } from './order';
import { redundancyFindings } from './redundancy';
import { replicationFindings } from './replication';
import { roleFindings } from './roles';
import { roomFindings } from './room';
import { seedFindings } from './seeds';
import { serviceRangeFindings } from './serviceRanges';
import { transitFindings } from './transit';
import { wayOutFindings } from './wayOut';

export function findingsOf(model: Model): Finding[] {
  const all = [
    ...redundancyFindings(model),
    ...transitFindings(model),
    ...serviceRangeFindings(model),
    ...exposureFindings(model),
    ...admissionFindings(model),
    ...automaticFindings(model),
    ...networkFindings(model),
    ...eksFindings(model),
    ...eksRoleFindings(model),
    ...addonFindings(model),
    ...gkeDefaultFindings(model),
    ...dnsFindings(model),
    ...seedFindings(model),
    ...clusterNameFindings(model),
    ...datacenterFindings(model),
    ...orderFindings(model),
    ...replicationFindings(model),
    ...roleFindings(model),
    ...roomFindings(model),
    ...wayOutFindings(model),
    ...certificateFindings(model),
  ];
  return [...new Map(all.map((finding) => [`${finding.rule} ${finding.urn} ${finding.message}`, finding])).values()];
}
