import type { ClusterState } from './state';

/** A VPN between the clouds, coarsely: a tunnel and a BGP peer on one side, a connection on the other. */
export function linkExists(state: ClusterState): boolean {
  const { aws, gcp } = state.world;
  return (
    gcp.all('gcp:compute/vPNTunnel:VPNTunnel').length > 0 &&
    gcp.all('gcp:compute/routerPeer:RouterPeer').length > 0 &&
    aws.all('aws:ec2/vpnConnection:VpnConnection').length > 0
  );
}
