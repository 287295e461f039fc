/** Nodes that cannot take their images. */
import type { Mistake } from '../mistake';
import * as n from '../names';

export const wayOut: readonly Mistake[] = [
  {
    name: 'a zone has no default route',
    change: (s) => s.remove(`Route::${n.AWS}-network-eu-west-1b-default-route`),
    findings: [`no-way-out ${n.privateRoutes('eu-west-1b')}`],
  },
  {
    name: 'the NAT gateways have no way to the internet gateway',
    change: (s) => s.remove(`Route::${n.AWS}-network-public-default-route`),
    findings: [`no-way-out ${n.PUBLIC_ROUTES}`],
  },
  {
    name: 'a NAT gateway stands in a private subnet',
    change: (s) => s.point(`NatGateway::${n.AWS}-network-eu-west-1c-nat`, 'subnetId', n.nodeSubnet('eu-west-1c')),
    findings: [`no-way-out ${n.privateRoutes('eu-west-1c')}`],
  },
  {
    name: 'private nodes of Google have no Cloud NAT',
    change: (s) => s.remove(`RouterNat::${n.GCP}-nat`),
    findings: [`no-way-out ${n.GKE}`],
  },
];
