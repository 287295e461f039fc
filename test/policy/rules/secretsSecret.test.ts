import { secretsSecret } from '../../../policy/rules/secretsSecret';
import { assertFails, assertPasses } from '../judging';
import { ref, res, set } from '../resources';
import { shop } from '../shop';

describe('secrets-secret', () => {
  it('finds a pre-shared key in the clear at both ends', () => {
    assertFails(
      secretsSecret,
      set(set(shop(), 'connection-0', 'tunnel1PresharedKey', 'k123456789'), 'tunnel-0', 'sharedSecret', 'k123456789'),
      [
        ['connection-0', /tunnel1PresharedKey/],
        ['tunnel-0', /sharedSecret/],
      ],
    );
  });

  it('finds one plain entry of a Kubernetes Secret', () => {
    assertFails(secretsSecret, set(shop(), 'super-east', 'data.password', 'cGFzc3dvcmQ='), [
      ['super-east', /data of super-east is not marked secret/],
    ]);
  });

  it('finds a private key among the outputs of the stack', () => {
    assertFails(
      secretsSecret,
      [...shop(), res('pulumi:pulumi:Stack', 'shop-test', { ca: '-----BEGIN PRIVATE KEY-----', note: 'public' })],
      [['shop-test', /output ca/]],
    );
  });

  it('takes more properties from the settings', () => {
    assertFails(
      secretsSecret,
      [...shop(), res('aws:rds/instance:Instance', 'db', { password: 'hunter2' })],
      [['db', /password of db/]],
      { also: { 'aws:rds/instance:Instance': ['password'] } },
    );
  });

  it('leaves a value that does not exist yet to the next judgement', () => {
    assertPasses(secretsSecret, set(shop(), 'on-eks', 'kubeconfig', ref('eks')));
  });
});
