import assert from 'node:assert/strict';
import type { Cluster, LabModel, VirtualNetwork } from '../../lab/network/model';
import { shapeOf } from '../../lab/network/replaceFilters';

const network: VirtualNetwork = {
  ...{ name: 'vpc0', cloud: 'aws', urn: 'vpc', localRanges: ['10.0.0.0/16'], profiles: [], memberSets: [], acls: [] },
  ...{ routingTables: [], tunnels: [], multipath: false, mtu: 9001 },
};
const cluster: Cluster = {
  ...{ name: 'eks0', cloud: 'aws', urn: 'u', network: 'vpc', serviceRange: '172.20.0.0/16', controlPlane: '10.0.0.5' },
  ...{ controlPlaneProfile: 'p', enforcesPolicies: true, subnets: [], managedCorefile: undefined },
  machines: [
    {
      ...{ name: 'm', zone: 'a', address: '10.0.0.10', podRange: '10.0.1.0/24', podBlock: '10.0.1.16/28' },
      ...{ profile: 'p', podProfile: 'p', sourceNat: { except: [] } },
    },
  ],
};
const model = (change: Partial<VirtualNetwork>, changed: Partial<Cluster> = {}): LabModel => ({
  networks: [{ ...network, ...change }],
  clusters: [{ ...cluster, ...changed }],
  transitGateways: [],
});
const machine = (change: Partial<Cluster['machines'][number]>): Partial<Cluster> => ({
  machines: cluster.machines.map((own) => ({ ...own, ...change })),
});

describe('a network that is built', () => {
  const alike: [string, LabModel][] = [
    ['filters', model({ memberSets: ['sg'], acls: [{ urn: 'a', subnets: [], ingress: [], egress: [] }] })],
    ['what pods are filtered by', model({}, machine({ podProfile: 'q' }))],
    ['what machines do with sources', model({}, machine({ sourceNat: undefined }))],
    ['whether policies are enforced', model({}, { enforcesPolicies: false })],
  ];
  for (const [what, other] of alike) {
    it(`serves another model that differs in ${what}`, () => {
      assert.equal(shapeOf(other), shapeOf(model({})));
    });
  }

  const unlike: [string, LabModel][] = [
    ['ranges', model({ localRanges: ['10.0.0.0/16', '10.1.0.0/16'] })],
    [
      'route tables',
      model({ routingTables: [{ table: 1, urn: 't', sources: [], members: [], learns: true, routes: [] }] }),
    ],
    ['where pods are', model({}, machine({ podBlock: '10.0.1.32/28' }))],
  ];
  for (const [what, other] of unlike) {
    it(`has to be built anew for a model that differs in ${what}`, () => {
      assert.notEqual(shapeOf(other), shapeOf(model({})));
    });
  }
});
