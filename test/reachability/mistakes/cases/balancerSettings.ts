/** Settings of Services with which no load balancer comes up, or one that the pods do not understand. */
import type { Block, Mistake } from '../mistake';
import * as n from '../names';

const CONTROLLER = `Release::${n.AWS}-lbc-release`;
const SEEDS_TO_AWS = /^seeds, dc2 to dc1/;
const SEEDS_TO_GOOGLE = /^seeds, dc1 to dc2/;
const DNS_TO_AWS = /^DNS, dc2 to dc1/;
const atGateway1 = (rule: string): readonly Block[] => [[SEEDS_TO_AWS, 'load-balancer', n.GATEWAY1, rule]];
const atGateway2 = (rule: string): readonly Block[] => [[SEEDS_TO_GOOGLE, 'load-balancer', n.GATEWAY2, rule]];

export const balancerSettings: readonly Mistake[] = [
  {
    name: 'the gateway of AWS has no class, and the webhook that would give it one is off',
    change: (s) => s.set(n.GATEWAY1, 'spec.loadBalancerClass', undefined),
    blocks: atGateway1('legacy-controller'),
  },
  {
    name: 'the class of the gateway of AWS is mistyped',
    change: (s) => s.set(n.GATEWAY1, 'spec.loadBalancerClass', 'service.k8s.aws/alb'),
    blocks: atGateway1('no-controller'),
  },
  {
    name: 'the load balancer controller works for another cluster',
    change: (s) => s.set(CONTROLLER, 'values.clusterName', 'production'),
    blocks: [
      [SEEDS_TO_AWS, 'load-balancer', CONTROLLER, 'controller-cluster'],
      [DNS_TO_AWS, 'load-balancer', CONTROLLER, 'controller-cluster'],
    ],
  },
  {
    name: 'the gateway of AWS leads to a port of a name that no pod has',
    change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.targetPort', 'gossip'),
    blocks: atGateway1('target-port'),
  },
  {
    name: 'the gateway of AWS is for UDP',
    change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.protocol', 'UDP'),
    blocks: atGateway1('no-listener'),
  },
  {
    name: 'the gateway of AWS is in another namespace',
    change: (s) => s.set(n.GATEWAY1, 'metadata.namespace', 'default'),
    blocks: atGateway1('no-targets'),
  },
  {
    name: 'the gateway of AWS has node ports for targets, which the security group does not admit',
    change: (s) => s.set(n.GATEWAY1, n.nlb('nlb-target-type'), 'instance'),
    blocks: [[SEEDS_TO_AWS, 'security-group', n.EKS, 'health-check']],
  },
  {
    name: 'the gateway of AWS checks health over HTTP at a port that speaks none',
    change: (s) => s.set(n.GATEWAY1, n.nlb('healthcheck-protocol'), 'http'),
    blocks: atGateway1('health-check'),
  },
  {
    name: 'the DNS balancer of AWS asks the ready port for its health',
    change: (s) => s.set(n.EKS_DNS, n.nlb('healthcheck-path'), '/health'),
    blocks: [[DNS_TO_AWS, 'load-balancer', n.EKS_DNS, 'health-check']],
  },
  {
    name: 'a pinned address is one that AWS keeps',
    change: (s) =>
      s
        .set(n.GATEWAY1, n.nlb('private-ipv4-addresses'), '10.100.16.3,10.100.51.250,10.100.83.250')
        .set(n.SEEDS2, 'subsets.0.addresses.0.ip', '10.100.16.3'),
    blocks: atGateway1('address-reserved'),
  },
  {
    name: 'the gateway of AWS finds no subnets, because they carry no tag',
    change: (s) => {
      s.set(n.GATEWAY1, n.nlb('subnets'), undefined);
      for (const zone of n.ZONES)
        s.set(
          `Subnet::${n.AWS}-network-${zone}-load-balancer-subnet`,
          ['tags', 'kubernetes.io/role/internal-elb'],
          undefined,
        );
    },
    blocks: atGateway1('no-tagged-subnet'),
  },
  {
    name: 'the gateway of AWS has a security group of its own, which admits nobody',
    change: (s) => {
      const group = s.addBeside(n.VPC, 'aws:ec2/securityGroup:SecurityGroup', 'front', { tags: { Name: 'front' } });
      s.point(group, 'vpcId', n.VPC).set(n.GATEWAY1, n.nlb('security-groups'), 'front');
    },
    blocks: [[SEEDS_TO_AWS, 'security-group', 'SecurityGroup::front', 'no-ingress-rule']],
  },
  {
    name: 'the gateway of AWS speaks the proxy protocol',
    change: (s) => s.set(n.GATEWAY1, n.nlb('proxy-protocol'), '*'),
    blocks: atGateway1('proxy-protocol'),
  },
  {
    name: 'the gateway of AWS ends TLS',
    change: (s) => s.set(n.GATEWAY1, n.nlb('ssl-cert'), 'arn:aws:acm:eu-west-1:123456789012:certificate/gateway'),
    blocks: atGateway1('tls-terminated'),
  },
  {
    name: 'the gateway of AWS keeps client addresses, and the security group admits the load balancer only',
    change: (s) =>
      s
        .set(n.GATEWAY1, n.nlb('target-group-attributes'), 'preserve_client_ip.enabled=true')
        .remove(n.peerRule('pods', 'internode')),
    blocks: [[/^(internode|seeds), dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the gateway of Google asks for an address of a subnet that does not exist',
    change: (s) => s.set(n.GATEWAY2, n.gke('internal-load-balancer-subnet'), 'gateways'),
    blocks: atGateway2('address-not-in-subnet'),
  },
  {
    name: 'the address of the gateway of Google is reserved as an external one',
    change: (s) => s.set(n.GATEWAY_ADDRESS, 'addressType', 'EXTERNAL'),
    blocks: [[SEEDS_TO_GOOGLE, 'load-balancer', n.GATEWAY_ADDRESS, 'address-external']],
  },
  {
    name: 'the nodes look for their ENIConfig by the default label, which none of them carries',
    change: (s) =>
      s.rewrite(n.CNI, 'configurationValues', (text) => text.replace(/"ENI_CONFIG_LABEL_DEF":"[^"]*",?/, '')),
    blocks: [
      [/^(seeds|DNS), dc2 to dc1/, 'load-balancer', n.CNI, 'no-eni-config'],
      [/\| pod in eu-west-1[abc] >|^management API, dc1/, 'source', n.CNI, 'no-eni-config'],
      [/> pod in eu-west-1[abc] \|/, 'destination', n.CNI, 'no-eni-config'],
    ],
  },
];
