import type { Stored } from '../core/store';
import { at, number, text, type Props } from '../core/values';
import { proposals, TUNNELS, type TunnelNumber } from './vpnTunnelOptions';

/** The XML document of DescribeVpnConnections by which customers configure their devices; it holds both keys. */
export function customerGatewayConfiguration(id: string, gateway: Stored, connection: Props): string {
  const tunnels = TUNNELS.map((tunnel) => tunnelXml(gateway, connection, tunnel)).join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<vpn_connection id="${id}">`,
    `  <customer_gateway_id>${gateway.id}</customer_gateway_id>`,
    `  <vpn_gateway_id>${text(connection, 'vpnGatewayId') ?? text(connection, 'transitGatewayId') ?? ''}</vpn_gateway_id>`,
    '  <vpn_connection_type>ipsec.1</vpn_connection_type>',
    tunnels,
    '</vpn_connection>',
    '',
  ].join('\n');
}

function tunnelXml(gateway: Stored, connection: Props, tunnel: TunnelNumber): string {
  const value = (name: string) => String(at(connection, `tunnel${tunnel}${name}`) ?? '');
  const customerAsn = text(gateway.outputs, 'bgpAsnExtended') ?? text(gateway.outputs, 'bgpAsn') ?? '65000';
  const asked = proposals(connection, tunnel);
  const first = (name: string) => String(at(asked, name, 0) ?? '').toLowerCase();
  return `  <ipsec_tunnel>
    <customer_gateway>
      <tunnel_outside_address><ip_address>${text(gateway.outputs, 'ipAddress') ?? ''}</ip_address></tunnel_outside_address>
      <tunnel_inside_address><ip_address>${value('CgwInsideAddress')}</ip_address><network_mask>255.255.255.252</network_mask><network_cidr>30</network_cidr></tunnel_inside_address>
      <bgp><asn>${customerAsn}</asn><hold_time>${value('BgpHoldtime')}</hold_time></bgp>
    </customer_gateway>
    <vpn_gateway>
      <tunnel_outside_address><ip_address>${value('Address')}</ip_address></tunnel_outside_address>
      <tunnel_inside_address><ip_address>${value('VgwInsideAddress')}</ip_address><network_mask>255.255.255.252</network_mask><network_cidr>30</network_cidr></tunnel_inside_address>
      <bgp><asn>${value('BgpAsn')}</asn><hold_time>${value('BgpHoldtime')}</hold_time></bgp>
    </vpn_gateway>
    <ike>
      <authentication_protocol>${first('phase1Integrity')}</authentication_protocol>
      <encryption_protocol>${first('phase1Encryption')}</encryption_protocol>
      <lifetime>${number(connection, `tunnel${tunnel}Phase1LifetimeSeconds`) ?? 28800}</lifetime>
      <perfect_forward_secrecy>group${first('phase1Groups')}</perfect_forward_secrecy>
      <mode>main</mode>
      <pre_shared_key>${value('PresharedKey')}</pre_shared_key>
    </ike>
    <ipsec>
      <protocol>esp</protocol>
      <authentication_protocol>${first('phase2Integrity')}</authentication_protocol>
      <encryption_protocol>${first('phase2Encryption')}</encryption_protocol>
      <lifetime>${number(connection, `tunnel${tunnel}Phase2LifetimeSeconds`) ?? 3600}</lifetime>
      <perfect_forward_secrecy>group${first('phase2Groups')}</perfect_forward_secrecy>
      <mode>tunnel</mode>
      <clear_df_bit>true</clear_df_bit>
      <fragmentation_before_encryption>true</fragmentation_before_encryption>
    </ipsec>
  </ipsec_tunnel>`;
}
