import { list, number, text, texts, type Props } from '../../core/values';
import { all, between, cidr, conflicts, exactlyOne, isSet, requires } from '../checks';
import { googleError, invalidField } from '../errors';
import { COLLECTIONS, nameOf, placeOf, resolvePath, uniqueNumber } from '../names';
import { computeResource, type Request } from '../resource';
import { usesOf } from '../references';
import { hex } from '../session';
import { validateCiphers } from './ciphers';

/** Cloud VPN tunnels (Compute Engine API, `vpnTunnels`; Cloud VPN documentation, "HA VPN topologies"). */
export const vpnTunnel = computeResource({
  collection: 'vpnTunnels',
  title: 'VpnTunnel',
  immutable: [
    'cipherSuite',
    'description',
    'ikeVersion',
    'localTrafficSelectors',
    'params',
    'peerExternalGateway',
    'peerExternalGatewayInterface',
    'peerGcpGateway',
    'peerIp',
    'remoteTrafficSelectors',
    'router',
    'sharedSecret',
    'sharedSecretWo',
    'sharedSecretWoVersion',
    'targetVpnGateway',
    'vpnGateway',
    'vpnGatewayInterface',
  ],
  labels: true,
  seconds: { create: 12, update: 6, delete: 12 },
  defaults: { ikeVersion: 2 },
  check: all(
    exactlyOne('sharedSecret', 'sharedSecretWo'),
    conflicts('peerExternalGateway', 'peerGcpGateway'),
    conflicts('vpnGateway', 'targetVpnGateway'),
    requires('vpnGatewayInterface', 'vpnGateway'),
    requires('peerExternalGatewayInterface', 'peerExternalGateway'),
    between('ikeVersion', 1, 2),
    cidr('localTrafficSelectors[*]'),
    cidr('remoteTrafficSelectors[*]'),
  ),
  validate: (request) => {
    if (request.existing) return;
    validateCiphers(request.inputs);
    if (secretOf(request.inputs) === '') throw invalidField('sharedSecret', '', 'It must not be empty.');
    if (!isSet(request.inputs, 'vpnGateway')) {
      throw invalidField('vpnGateway', '', 'Tunnels of Classic VPN gateways are not served by the local cloud.');
    }
    validateEnds(request);
  },
  computed: ({ inputs, cloud, existing, project, region }) => ({
    tunnelId: text(existing?.outputs, 'tunnelId') ?? uniqueNumber(cloud),
    detailedStatus: text(existing?.outputs, 'detailedStatus') ?? 'Allocating resources. VPN tunnel will start soon.',
    sharedSecretHash: hex(secretOf(inputs), 27),
    localTrafficSelectors: selectors(inputs, 'localTrafficSelectors'),
    remoteTrafficSelectors: selectors(inputs, 'remoteTrafficSelectors'),
    peerIp: peerAddress(inputs, cloud, project, region),
  }),
});

function secretOf(inputs: Props): string {
  return text(inputs, 'sharedSecret') ?? text(inputs, 'sharedSecretWo') ?? '';
}

function selectors(inputs: Props, name: string): string[] {
  const given = texts(inputs, name);
  return given.length > 0 ? given : ['0.0.0.0/0'];
}

function validateEnds(request: Request): void {
  const { inputs, cloud, project, region } = request;
  const gateway = resolvePath(text(inputs, 'vpnGateway') ?? '', 'vpnGateways', project, region) ?? '';
  if (placeOf(gateway) !== region) {
    throw invalidField('vpnGateway', gateway, `The gateway and the tunnel must be in the same region, ${region}.`);
  }
  const near = number(inputs, 'vpnGatewayInterface');
  if (near === undefined || ![0, 1].includes(near)) {
    throw invalidField('vpnGatewayInterface', near ?? '', 'An HA VPN gateway has the interfaces 0 and 1.');
  }
  validateRouter(request, gateway);
  validatePeer(request);
  const ends = endsOf(inputs, project, region);
  const twin = cloud.store
    .all(COLLECTIONS.vpnTunnels.token)
    .find((other) => endsOf(other.inputs, project, text(other.outputs, 'region') ?? '') === ends);
  if (twin) {
    const message = `A VPN tunnel between the same two gateway interfaces already exists: '${twin.id}'`;
    throw googleError(409, message, 'resourceAlreadyExists');
  }
}

/** HA VPN routes dynamically: a Cloud Router of the gateway's network and region is required. */
function validateRouter({ inputs, cloud, project, region }: Request, gateway: string): void {
  const written = text(inputs, 'router');
  if (written === undefined) throw invalidField('router', '', 'Tunnels of an HA VPN gateway require a router.');
  const router = resolvePath(written, 'routers', project, region) ?? '';
  if (placeOf(router) !== region)
    throw invalidField('router', written, `The router must be in the tunnel's region, ${region}.`);
  const network = networkOf(cloud.get(COLLECTIONS.vpnGateways.token, gateway));
  if (networkOf(cloud.get(COLLECTIONS.routers.token, router)) !== network) {
    throw invalidField('router', written, `The router must be in the gateway's network '${nameOf(network)}'.`);
  }
}

function networkOf(stored: Parameters<typeof usesOf>[0] | undefined): string {
  return (stored && usesOf(stored).find((path) => path.includes('/networks/'))) ?? '';
}

function validatePeer({ inputs, cloud, project, region }: Request): void {
  const external = text(inputs, 'peerExternalGateway');
  if (external === undefined) {
    if (isSet(inputs, 'peerGcpGateway')) return;
    throw invalidField('peerExternalGateway', '', 'A tunnel of an HA VPN gateway names its peer gateway.');
  }
  const path = resolvePath(external, 'externalVpnGateways', project, region) ?? '';
  const count = list(cloud.get(COLLECTIONS.externalVpnGateways.token, path)?.outputs, 'interfaces').length;
  const far = number(inputs, 'peerExternalGatewayInterface');
  if (far === undefined || far < 0 || far >= count) {
    const why = `The external VPN gateway '${nameOf(path)}' has the interfaces 0 to ${count - 1}.`;
    throw invalidField('peerExternalGatewayInterface', far ?? '', why);
  }
}

function endsOf(inputs: Props, project: string, region: string): string {
  return JSON.stringify([
    resolvePath(text(inputs, 'vpnGateway') ?? '', 'vpnGateways', project, region),
    number(inputs, 'vpnGatewayInterface'),
    resolvePath(text(inputs, 'peerExternalGateway') ?? '', 'externalVpnGateways', project, region),
    resolvePath(text(inputs, 'peerGcpGateway') ?? '', 'vpnGateways', project, region),
    number(inputs, 'peerExternalGatewayInterface') ?? null,
  ]);
}

function peerAddress(inputs: Props, cloud: Request['cloud'], project: string, region: string): string {
  const external = resolvePath(text(inputs, 'peerExternalGateway') ?? '', 'externalVpnGateways', project, region);
  const far = number(inputs, 'peerExternalGatewayInterface');
  const gateway = cloud.store.get(COLLECTIONS.externalVpnGateways.token, external);
  const interfaces = list(gateway?.outputs, 'interfaces');
  const end = interfaces.find((item) => (number(item, 'id') ?? 0) === far);
  return text(end, 'ipAddress') ?? text(inputs, 'peerIp') ?? '';
}
