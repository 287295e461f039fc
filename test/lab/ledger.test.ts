import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existingNamespaces, pidsIn } from '../../lab/core/ledger';

describe('processes in network namespaces', () => {
  it('are none where no namespace is asked about, though others run', async () => {
    const child = spawn('sleep', ['30']);
    await once(child, 'spawn');
    assert.deepEqual(pidsIn(), []);
    child.kill();
    await once(child, 'close');
  });

  it('are asked for by names that exist', () => {
    assert.ok(!existingNamespaces().includes('mclab-nobody'));
    assert.throws(() => pidsIn('mclab-nobody'), /ENOENT/);
  });
});
