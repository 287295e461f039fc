/** IKE and IPsec of the tunnels. */
import type { Properties, State } from '../state';
import type { Mistake } from '../mistake';

const TUNNEL = 'gcp:compute/vPNTunnel:VPNTunnel';
const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';
const EXTERNAL = 'gcp:compute/externalVpnGateway:ExternalVpnGateway';
const CUSTOMER = 'aws:ec2/customerGateway:CustomerGateway';
const OPTIONS = 'AWS Site-to-Site VPN User Guide, "Tunnel options"';
const CIPHERS = 'Cloud VPN, "Supported IKE ciphers"';
const TOPOLOGY = 'Cloud VPN, "Create HA VPN connections between Google Cloud and AWS"';

/** Sets an option of both tunnels of every connection. */
function everyTunnel(state: State, option: string, value: unknown): void {
  state.edit(CONNECTION, /./, (properties) => {
    properties[`tunnel1${option}`] = value;
    properties[`tunnel2${option}`] = value;
  });
}

function cipher(state: State, change: (suite: Properties) => void): void {
  state.edit(TUNNEL, /./, (properties) => change(properties['cipherSuite'] as Properties));
}

export const TUNNELS: readonly Mistake[] = [
  {
    id: 'key-one',
    what: 'one tunnel’s pre-shared key differs',
    source: OPTIONS,
    make: (state) => state.edit(TUNNEL, /tunnel-0$/, (properties) => (properties['sharedSecret'] = 'a.key.of.its.own')),
  },
  {
    id: 'key-all',
    what: 'every tunnel’s pre-shared key differs',
    source: OPTIONS,
    make: (state) => state.edit(TUNNEL, /./, (properties) => (properties['sharedSecret'] = 'a.key.of.its.own')),
  },
  {
    id: 'group',
    what: 'AWS takes another Diffie-Hellman group in phase 1',
    source: OPTIONS,
    make: (state) => everyTunnel(state, 'Phase1DhGroupNumbers', [20]),
  },
  {
    id: 'encryption',
    what: 'AWS takes another cipher in phase 2',
    source: OPTIONS,
    make: (state) => everyTunnel(state, 'Phase2EncryptionAlgorithms', ['AES128']),
  },
  {
    id: 'integrity',
    what: 'Google takes another integrity algorithm in phase 1',
    source: CIPHERS,
    make: (state) => cipher(state, (suite) => ((suite['phase1'] as Properties)['integrities'] = ['HMAC-SHA2-512-256'])),
  },
  {
    id: 'ike-version',
    what: 'Google speaks IKEv1, AWS takes IKEv2 only',
    source: OPTIONS,
    make: (state) => state.edit(TUNNEL, /./, (properties) => (properties['ikeVersion'] = 1)),
  },
  {
    id: 'mapping-tunnels',
    what: 'the two tunnels of each connection are exchanged on Google’s side',
    source: TOPOLOGY,
    make: (state) =>
      state.edit(TUNNEL, /./, (properties) => {
        const number = Number(properties['peerExternalGatewayInterface']);
        properties['peerExternalGatewayInterface'] = number % 2 === 0 ? number + 1 : number - 1;
      }),
  },
  {
    id: 'mapping-interfaces',
    what: 'every tunnel starts at the other interface of the HA VPN gateway',
    source: TOPOLOGY,
    make: (state) =>
      state.edit(TUNNEL, /./, (properties) => {
        properties['vpnGatewayInterface'] = 1 - Number(properties['vpnGatewayInterface']);
      }),
  },
  {
    id: 'external-addresses',
    what: 'the external gateway lists addresses that AWS does not have',
    source: TOPOLOGY,
    make: (state) =>
      state.edit(EXTERNAL, /./, (properties) => {
        (properties['interfaces'] as Properties[]).forEach(
          (entry, index) => (entry['ipAddress'] = `192.0.2.${index + 1}`),
        );
      }),
  },
  {
    id: 'customer-address',
    what: 'one customer gateway has an address that Google does not have',
    source: TOPOLOGY,
    make: (state) => state.edit(CUSTOMER, /customer-0$/, (properties) => (properties['ipAddress'] = '192.0.2.9')),
  },
];
