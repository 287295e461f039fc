import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { nodeImage, UnknownNodeImageError } from '../../../components/aws/nodeImage';

function decoded(amiType: string, maxPods: number): string {
  return Buffer.from(nodeImage(amiType).userData(maxPods), 'base64').toString();
}

describe('node image', () => {
  it('sets the pod limit of Amazon Linux 2023 by a NodeConfig in a MIME document', () => {
    const document = decoded('AL2023_x86_64_STANDARD', 110);
    const [head, part, end] = document.split('--//');
    assert.match(head ?? '', /boundary="\/\/"/);
    assert.match(end ?? '', /^--/);
    const body = (part ?? '').split('\n\n').slice(1).join('\n\n');
    assert.deepEqual(parse(body), {
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: { kubelet: { config: { maxPods: 110 } } },
    });
    assert.equal(nodeImage('AL2023_ARM_64_STANDARD').dataDevice, '/dev/xvda');
  });

  it('sets the pod limit of Bottlerocket by its settings, and grows its data volume', () => {
    assert.equal(decoded('BOTTLEROCKET_x86_64', 250), '[settings.kubernetes]\nmax-pods = 250\n');
    assert.equal(nodeImage('BOTTLEROCKET_x86_64').dataDevice, '/dev/xvdb');
  });

  it('refuses an image it cannot configure, naming it and the remedy', () => {
    assert.throws(
      () => nodeImage('WINDOWS_CORE_2022_x86_64'),
      (error: unknown) =>
        error instanceof UnknownNodeImageError && /WINDOWS_CORE_2022_x86_64.*AL2023_/.test(error.message),
    );
  });
});
