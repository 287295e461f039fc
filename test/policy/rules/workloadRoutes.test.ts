import { workloadRoutes } from '../../../policy/rules/workloadRoutes';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, without } from '../resources';
import { shop } from '../shop';

describe('workload-routes', () => {
  it('finds a zone whose table nothing propagates into', () => {
    assertFails(workloadRoutes, without(shop(), 'propagation-b'), [
      ['table-b', /no way to 10\.50\.0\.0\/16/],
      ['table-b', /no way to 10\.60\.0\.0\/16.*nodes-b, pods-b/],
    ]);
  });

  it('finds a static route that leads elsewhere', () => {
    assertFails(
      workloadRoutes,
      [
        ...shop(),
        res('aws:ec2/route:Route', 'astray', {
          routeTableId: ref('table-a'),
          destinationCidrBlock: '10.60.0.0/16',
          gatewayId: ref('internet'),
        }),
      ],
      [['table-a', /no way to 10\.60\.0\.0\/16/]],
    );
  });

  it('asks nothing of a public subnet', () => {
    assertPasses(workloadRoutes, shop());
  });

  it('asks nothing of a subnet that no node, pod or load balancer is in', () => {
    assertPasses(workloadRoutes, [
      ...shop(),
      res('aws:ec2/routeTable:RouteTable', 'batch-table', { vpcId: ref('vpc') }),
      res('aws:ec2/subnet:Subnet', 'batch', { vpcId: ref('vpc'), cidrBlock: '10.20.240.0/24' }),
      res('aws:ec2/routeTableAssociation:RouteTableAssociation', 'batch-association', {
        subnetId: ref('batch'),
        routeTableId: ref('batch-table'),
      }),
    ]);
  });

  it('cannot tell of a table with a route that is not known', () => {
    assertUndetermined(
      workloadRoutes,
      [
        ...without(shop(), 'propagation-b'),
        res('aws:ec2/route:Route', 'someday', {
          routeTableId: ref('table-b'),
          destinationCidrBlock: ref('vpc'),
          gatewayId: ref('vgw'),
        }),
      ],
      [
        ['someday', /the destination/],
        ['someday', /the destination/],
      ],
    );
  });
});
