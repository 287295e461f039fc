/** Security groups and firewall rules. */
import type { Properties } from '../state';
import type { Mistake } from '../mistake';

const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const ENI_CONFIG = 'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig';
const DEFAULT_GROUP = 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup';
const FIREWALL = 'gcp:compute/firewall:Firewall';
const GROUPS = 'Amazon VPC User Guide, "Security group rules"';
const FIREWALLS = 'Cloud NGFW, "VPC firewall rules"';

export const ADMISSION: readonly Mistake[] = [
  {
    id: 'group-internode',
    what: 'the security group does not admit internode from the peer’s pods',
    source: GROUPS,
    make: (state) => state.remove(INGRESS, /peer-10\.250\.0\.0-16-internode$/),
  },
  {
    id: 'group-port',
    what: 'the security group admits the port beside internode',
    source: GROUPS,
    make: (state) =>
      state.edit(INGRESS, /peer-10\.250\.0\.0-16-internode$/, (properties) => {
        properties['fromPort'] = 7001;
        properties['toPort'] = 7001;
      }),
  },
  {
    id: 'group-range',
    what: 'the security group admits a part of the peer’s pod range, without the pods',
    source: GROUPS,
    make: (state) =>
      state.edit(
        INGRESS,
        /peer-10\.250\.0\.0-16-native$/,
        (properties) => (properties['cidrIpv4'] = '10.250.128.0/17'),
      ),
  },
  {
    id: 'group-icmp',
    what: 'the security group does not admit ICMP from the peer’s pods',
    source: GROUPS,
    make: (state) => state.remove(INGRESS, /peer-10\.250\.0\.0-16-icmp$/),
  },
  {
    id: 'group-dns',
    what: 'the security group admits DNS by TCP only',
    source: GROUPS,
    make: (state) => state.remove(INGRESS, /peer-10\.250\.0\.0-16-dns-udp$/),
  },
  {
    id: 'group-balancer',
    what: 'the security group does not admit one zone’s load balancer',
    source: GROUPS,
    make: (state) => state.remove(INGRESS, /load-balancer-eu-west-1b-internode$/),
  },
  {
    id: 'group-of-pods',
    what: 'the pods of a zone carry the VPC’s default group',
    source: 'amazon-vpc-cni-k8s, "ENIConfig"',
    make: (state) => {
      const group = state.id(DEFAULT_GROUP, /./);
      state.edit(ENI_CONFIG, /eu-west-1c-eni-config$/, (properties) => {
        (properties['spec'] as Properties)['securityGroups'] = [group];
      });
    },
  },
  {
    id: 'firewall-pods',
    what: 'the firewall admits the peer’s nodes, and not its pods',
    source: FIREWALLS,
    make: (state) =>
      state.edit(FIREWALL, /admit-peers$/, (properties) => (properties['sourceRanges'] = ['10.100.0.0/16'])),
  },
  {
    id: 'firewall-internode',
    what: 'the firewall admits clients and DNS, not internode',
    source: FIREWALLS,
    make: (state) =>
      state.edit(FIREWALL, /admit-peers$/, (properties) => {
        const [tcp] = properties['allows'] as Properties[];
        if (tcp !== undefined) tcp['ports'] = ['9042', '9142', '53'];
      }),
  },
  {
    id: 'firewall-icmp',
    what: 'the firewall does not admit ICMP',
    source: FIREWALLS,
    make: (state) =>
      state.edit(FIREWALL, /admit-peers$/, (properties) => {
        properties['allows'] = (properties['allows'] as Properties[]).filter(({ protocol }) => protocol !== 'icmp');
      }),
  },
  {
    id: 'firewall-disabled',
    what: 'the peers’ firewall rule is disabled',
    source: FIREWALLS,
    make: (state) => state.edit(FIREWALL, /admit-peers$/, (properties) => (properties['disabled'] = true)),
  },
  {
    id: 'firewall-tag',
    what: 'the peers’ firewall rule is for a tag that no machine has',
    source: FIREWALLS,
    make: (state) => state.edit(FIREWALL, /admit-peers$/, (properties) => (properties['targetTags'] = ['elsewhere'])),
  },
  {
    id: 'firewall-deny',
    what: 'a rule of higher priority denies internode',
    source: FIREWALLS,
    make: (state) =>
      state.copy(FIREWALL, /admit-peers$/, '-deny', (properties) => {
        properties['priority'] = 900;
        properties['denies'] = [{ protocol: 'tcp', ports: ['7000'] }];
        properties['allows'] = [];
      }),
  },
  {
    id: 'firewall-egress',
    what: 'a rule denies what leaves for the peer’s pods',
    source: FIREWALLS,
    make: (state) =>
      state.copy(FIREWALL, /admit-peers$/, '-egress', (properties) => {
        properties['direction'] = 'EGRESS';
        properties['denies'] = [{ protocol: 'all' }];
        properties['allows'] = [];
        properties['sourceRanges'] = [];
        properties['destinationRanges'] = ['10.200.0.0/16'];
      }),
  },
  {
    id: 'firewall-webhooks',
    what: 'the firewall does not admit the control plane to one webhook’s port',
    source: 'GKE, "Add firewall rules for specific use cases"',
    make: (state) =>
      state.edit(FIREWALL, /admit-webhooks$/, (properties) => {
        properties['allows'] = [{ protocol: 'tcp', ports: ['10250'] }];
      }),
  },
  {
    id: 'firewall-internal',
    what: 'the firewall admits the site’s nodes among themselves, and not its pods',
    source: FIREWALLS,
    make: (state) =>
      state.edit(FIREWALL, /admit-internal$/, (properties) => (properties['sourceRanges'] = ['10.150.0.0/17'])),
  },
];
