/** strongSwan's configuration of one tunnel end. */
import type { TunnelEnd } from './model';

/** Where the daemon of a tunnel end is spoken to; its namespace keeps it apart from the others'. */
export const CONTROL_SOCKET = 'tcp://127.0.0.1:4502';

/** Loaded by name: what an IKEv2 daemon with pre-shared keys and IPsec in user space needs. */
const PLUGINS = [
  ...['random', 'nonce', 'openssl', 'aes', 'sha1', 'sha2', 'hmac', 'gcm', 'gmp', 'kdf', 'pem', 'pkcs1', 'x509'],
  ...['curve25519', 'kernel-libipsec', 'kernel-netlink', 'socket-default', 'vici', 'updown'],
];

export function daemonConfiguration(end: TunnelEnd): string {
  return [
    'charon-systemd {',
    `  load = ${PLUGINS.join(' ')}`,
    // The namespace's own rules lead into the tunnel; a route of the daemon's would catch IKE itself.
    '  install_routes = no',
    '  install_virtual_ip = no',
    '  threads = 16',
    '  retransmit_tries = 3',
    '  plugins {',
    `    vici { socket = ${CONTROL_SOCKET} }`,
    // Selectors are 0.0.0.0/0, which holds the other end as well.
    '    kernel-libipsec { allow_peer_ts = yes }',
    '  }',
    '  journal { default = -1 }',
    `  filelog { stderr { default = 1; ike = 1; cfg = 1; flush_line = yes } }`,
    '}',
    `# ${end.urn}`,
    '',
  ].join('\n');
}

export function connectionConfiguration(end: TunnelEnd): string {
  const start = end.initiates ? 'start' : 'none';
  return [
    'connections {',
    '  tunnel {',
    // Both versions allowed is strongSwan's 0; it starts with IKEv2 then.
    `    version = ${end.ikeVersions.length > 1 ? 0 : (end.ikeVersions[0] ?? 2)}`,
    `    local_addrs = ${end.outside}`,
    `    remote_addrs = ${end.peerOutside}`,
    `    proposals = ${end.ikeProposals.join(', ')}`,
    // ESP in user space is carried in UDP.
    '    encap = yes',
    '    unique = replace',
    '    keyingtries = 0',
    `    rekey_time = ${end.ikeLifetime}s`,
    `    dpd_delay = ${Math.max(2, Math.round(end.deadPeerTimeout / 3))}s`,
    ...authentication('local', end.outside),
    ...authentication('remote', end.peerOutside),
    '    children {',
    '      tunnel {',
    '        local_ts = 0.0.0.0/0',
    '        remote_ts = 0.0.0.0/0',
    `        esp_proposals = ${end.espProposals.join(', ')}`,
    `        rekey_time = ${end.espLifetime}s`,
    `        start_action = ${start}`,
    `        close_action = ${start}`,
    `        dpd_action = ${end.initiates ? 'restart' : 'clear'}`,
    '      }',
    '    }',
    '  }',
    '}',
    'secrets {',
    '  ike-tunnel {',
    `    id = ${end.peerOutside}`,
    `    secret = "${end.presharedKey}"`,
    '  }',
    '}',
    '',
  ].join('\n');
}

function authentication(side: 'local' | 'remote', id: string): string[] {
  return [`    ${side} {`, '      auth = psk', `      id = ${id}`, '    }'];
}
