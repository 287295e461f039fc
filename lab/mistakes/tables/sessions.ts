/** BGP: inside addresses, ASNs and what is advertised. */
import type { Properties } from '../state';
import type { Mistake } from '../mistake';

const PEER = 'gcp:compute/routerPeer:RouterPeer';
const ROUTER = 'gcp:compute/router:Router';
const CUSTOMER = 'aws:ec2/customerGateway:CustomerGateway';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const GATEWAY = 'aws:ec2/vpnGateway:VpnGateway';
const ESTABLISH = 'Cloud Router, "Establish BGP sessions"';
const ADVERTISE = 'Cloud Router, "Advertised routes"';
const CUSTOMERS = 'AWS Site-to-Site VPN User Guide, "Customer gateway options"';
const INSIDE = 'AWS Site-to-Site VPN User Guide, "Tunnel options", inside tunnel IPv4 CIDR';

export const SESSIONS: readonly Mistake[] = [
  {
    id: 'inside-range',
    what: 'AWS has another inside range on the tunnels of one connection',
    source: INSIDE,
    make: (state) =>
      state.edit(CONNECTION, /connection-0$/, (properties) => {
        properties['tunnel1InsideCidr'] = '169.254.100.0/30';
        properties['tunnel2InsideCidr'] = '169.254.100.4/30';
      }),
  },
  {
    id: 'inside-range-all',
    what: 'AWS has other inside ranges on every tunnel',
    source: INSIDE,
    make: (state) =>
      state.edit(CONNECTION, /./, (properties, name) => {
        const third = name.endsWith('0') ? 100 : 101;
        properties['tunnel1InsideCidr'] = `169.254.${third}.0/30`;
        properties['tunnel2InsideCidr'] = `169.254.${third}.4/30`;
      }),
  },
  {
    id: 'peer-asn',
    what: 'Google expects another ASN of AWS',
    source: ESTABLISH,
    make: (state) => state.edit(PEER, /./, (properties) => (properties['peerAsn'] = 64_513)),
  },
  {
    id: 'customer-asn',
    what: 'AWS expects another ASN of Google',
    source: CUSTOMERS,
    make: (state) => state.edit(CUSTOMER, /./, (properties) => (properties['bgpAsn'] = '65011')),
  },
  {
    id: 'gateway-asn',
    what: 'the virtual private gateway has another ASN than Google expects',
    source: CUSTOMERS,
    make: (state) => state.edit(GATEWAY, /./, (properties) => (properties['amazonSideAsn'] = '64620')),
  },
  {
    id: 'peer-disabled',
    what: 'the peers are disabled',
    source: ESTABLISH,
    make: (state) => state.edit(PEER, /./, (properties) => (properties['enable'] = false)),
  },
  {
    id: 'advertise-no-pods',
    what: 'the router advertises its nodes’ range only',
    source: ADVERTISE,
    make: (state) =>
      state.edit(ROUTER, /vpn-router$/, (properties) => {
        const bgp = properties['bgp'] as Properties;
        bgp['advertisedIpRanges'] = (bgp['advertisedIpRanges'] as Properties[]).slice(0, 1);
      }),
  },
  {
    id: 'advertise-peer-list',
    what: 'the peers have a list of their own that lacks the nodes’ range',
    source: ADVERTISE,
    make: (state) =>
      state.edit(PEER, /./, (properties) => {
        properties['advertiseMode'] = 'CUSTOM';
        properties['advertisedGroups'] = [];
        properties['advertisedIpRanges'] = [{ range: '10.250.0.0/16', description: 'pods' }];
      }),
  },
  {
    id: 'advertise-default',
    what: 'the router advertises its subnets as they are',
    source: ADVERTISE,
    make: (state) =>
      state.edit(ROUTER, /vpn-router$/, (properties) => {
        const bgp = properties['bgp'] as Properties;
        bgp['advertiseMode'] = 'DEFAULT';
        bgp['advertisedIpRanges'] = [];
      }),
  },
];
