import * as net from 'node:net';

const EVERY_MILLISECONDS = 5000;

/**
 * Calls `gone` once nobody listens at the engine's address any more.
 *
 * The engine ends its packs when it ends, and a killed one does not: the pack would wait for it for ever. Language
 * hosts look after their engine in the same way (pulumi/sdk, `rpcutil.Healthcheck`). The watch itself keeps no process
 * alive.
 *
 * @param address host and port, as the engine hands it to what it starts
 */
export function whenEngineIsGone(address: string, gone: () => void, every = EVERY_MILLISECONDS): void {
  const [host, port] = address.split(':');
  const timer = setInterval(() => {
    const socket = net.connect({ host, port: Number(port) });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => {
      clearInterval(timer);
      gone();
    });
  }, every);
  timer.unref();
}
