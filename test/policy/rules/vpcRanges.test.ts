import { vpcRanges } from '../../../policy/rules/vpcRanges';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, set, without } from '../resources';
import { shop } from '../shop';

describe('vpc-ranges', () => {
  it('finds a secondary range of another family', () => {
    assertFails(
      vpcRanges,
      without(
        set(shop(), 'pod-range', 'cidrBlock', '192.168.0.0/16'),
        'pods-a',
        'pods-b',
        'pods-c',
        'pods-a-table',
        'pods-b-table',
        'pods-c-table',
        'eni-a',
        'eni-b',
        'eni-c',
      ).map((resource) => ({ ...resource, dependsOn: [] })),
      [['pod-range', /192\.168\.0\.0\/16, which a VPC with 10\.10\.0\.0\/16 cannot add/]],
    );
  });

  it('finds a subnet outside the VPC', () => {
    assertFails(vpcRanges, set(shop(), 'balancers-a', 'cidrBlock', '10.99.0.0/24'), [
      ['balancers-a', /outside the ranges/],
    ]);
  });

  it('finds a range that would swallow a route', () => {
    assertFails(
      vpcRanges,
      [
        ...shop(),
        res('aws:ec2/route:Route', 'old', {
          routeTableId: ref('table-a'),
          destinationCidrBlock: '10.20.5.0/24',
          gatewayId: ref('internet'),
        }),
      ],
      [['pod-range', /contains the destination of route old/]],
    );
  });

  it('finds more ranges than a VPC takes', () => {
    assertFails(
      vpcRanges,
      [
        ...shop(),
        ...[1, 2, 3, 4].map((n) =>
          res('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation', `more-${n}`, {
            vpcId: ref('vpc'),
            cidrBlock: `10.9${n}.0.0/16`,
          }),
        ),
      ],
      [['vpc', /has 6 ranges/]],
    );
  });

  it('takes the shared range of RFC 6598', () => {
    assertPasses(vpcRanges, [
      ...shop(),
      res('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation', 'shared', {
        vpcId: ref('vpc'),
        cidrBlock: '100.64.0.0/16',
      }),
    ]);
  });

  it('cannot tell while a range of the VPC is unknown', () => {
    assertUndetermined(vpcRanges, set(shop(), 'pod-range', 'cidrBlock', ref('eks-key')), [['vpc', /a range of vpc/]]);
  });
});
