import { cassandraNotPublic } from '../../../policy/rules/cassandraNotPublic';
import { assertFails, assertPasses, assertUndetermined } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('cassandra-not-public', () => {
  it('finds a security group rule that admits the Internet to CQL', () => {
    assertFails(cassandraNotPublic, set(shop(), 'admit-0-9042', 'cidrIpv4', '0.0.0.0/0'), [
      ['admit-0-9042', /public addresses 0\.0\.0\.0\/0 to 9042/],
    ]);
  });

  it('finds a firewall rule that admits a public range to everything', () => {
    assertFails(cassandraNotPublic, set(shop(), 'admit-own', 'sourceRanges', ['198.51.100.0/24']), [
      ['admit-own', /7000, 7001, 7199, 8080/],
    ]);
  });

  it('lets a disabled rule be', () => {
    assertPasses(
      cassandraNotPublic,
      set(set(shop(), 'admit-own', 'sourceRanges', ['0.0.0.0/0']), 'admit-own', 'disabled', true),
    );
  });

  it('lets others serve the Internet at a port that Cassandra also has', () => {
    assertPasses(cassandraNotPublic, [
      ...shop(),
      res('aws:ec2/securityGroup:SecurityGroup', 'web', {
        vpcId: ref('vpc'),
        ingress: [{ protocol: 'tcp', fromPort: 8080, toPort: 8080, cidrBlocks: ['0.0.0.0/0'] }],
      }),
    ]);
  });

  it('finds nodes with public addresses on both clouds', () => {
    assertFails(
      cassandraNotPublic,
      set(set(shop(), 'nodes-b', 'mapPublicIpOnLaunch', true), 'gke', 'privateClusterConfig.enablePrivateNodes', false),
      [
        ['nodes-b', /public addresses/],
        ['gke', /public addresses/],
      ],
    );
  });

  it('takes the ports from the settings', () => {
    assertPasses(cassandraNotPublic, set(shop(), 'admit-0-9042', 'cidrIpv4', '0.0.0.0/0'), { ports: [7000] });
  });

  it('cannot tell of a source that is not known', () => {
    assertUndetermined(cassandraNotPublic, set(shop(), 'admit-aws', 'sourceRanges', ref('network')), [
      ['admit-aws', /the source/],
    ]);
  });
});
