import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { whenEngineIsGone } from '../../policy/engineWatch';

describe('the watch of the engine', () => {
  it('calls once nobody listens there, and not before', async () => {
    let asked = 0;
    const engine = net.createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await once(engine.listen(0, '127.0.0.1'), 'listening');
    const { port } = engine.address() as net.AddressInfo;
    let gone = 0;
    whenEngineIsGone(`127.0.0.1:${port}`, () => (gone += 1), 10);
    await until(() => asked > 2);
    assert.equal(gone, 0);
    engine.close();
    await until(() => gone > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(gone, 1);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
