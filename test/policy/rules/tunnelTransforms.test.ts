import { tunnelTransforms } from '../../../policy/rules/tunnelTransforms';
import { assertFails, assertUndetermined } from '../judging';
import { ref, set } from '../resources';
import { shop } from '../shop';

describe('tunnel-transforms', () => {
  it("finds AWS's default lists, which do not rekey", () => {
    assertFails(tunnelTransforms, set(shop(), 'connection-0', 'tunnel1Phase1DhGroupNumbers', undefined), [
      ['connection-0', /cannot rekey/],
    ]);
  });

  it('finds two ends without a common algorithm', () => {
    assertFails(tunnelTransforms, set(shop(), 'tunnel-0', 'cipherSuite.phase1.dhs', ['Group-18']), [
      ['tunnel-0', /Diffie-Hellman group/],
    ]);
  });

  it('finds IKEv1 at one end', () => {
    assertFails(tunnelTransforms, set(shop(), 'tunnel-2', 'ikeVersion', 1), [['connection-1', /IKEv1/]]);
  });

  it('cannot tell of a list that is not known', () => {
    assertUndetermined(
      tunnelTransforms,
      set(shop(), 'connection-0', 'tunnel1Phase2EncryptionAlgorithms', ref('eks-key')),
      [['connection-0', /phase2 encryption list is not known/]],
    );
  });
});
