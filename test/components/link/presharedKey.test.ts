import assert from 'node:assert/strict';
import type * as pulumi from '@pulumi/pulumi';
import { presharedKey } from '../../../components/link/presharedKey';
import { register } from '../recorder';

describe('a pre-shared key', () => {
  it('is secret, and valid for AWS even if the random part begins with a zero', async () => {
    const made: pulumi.Output<string>[] = [];
    await register(() => made.push(presharedKey('key', {})), { computed: () => ({ result: '0'.repeat(47) }) });
    const [key] = made as unknown as { isSecret: Promise<boolean>; promise(): Promise<string> }[];
    assert.ok(key);
    assert.equal(await key.isSecret, true);
    assert.match(await key.promise(), /^(?!0)[A-Za-z0-9._]{8,64}$/);
  });
});
