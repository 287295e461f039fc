import type { ResourceType } from '../../core/resourceType';
import { object, text, type Props } from '../../core/values';
import { requireApi } from '../apis';
import { notFound } from '../errors';
import { refusing } from '../resource';
import { hex, type GcpSession } from '../session';
import { checkMember, checkRole, requireMember } from './principals';

export const PROJECT_MEMBER = 'gcp:projects/iAMMember:IAMMember';
export const KEY_MEMBER = 'gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember';
const CRYPTO_KEY = 'gcp:kms/cryptoKey:CryptoKey';

/** One member of one role of a project (Resource Manager API, `projects.setIamPolicy`). */
export const projectMember = member({
  token: PROJECT_MEMBER,
  title: 'project',
  scopeOf: (inputs) => (text(inputs, 'project') ?? '').replace(/^projects\//, ''),
  require: (cloud, project) => requireApi(cloud, project, 'cloudresourcemanager.googleapis.com'),
});

/** One member of one role of a key (Cloud KMS API, `cryptoKeys.setIamPolicy`). */
export const keyMember = member({
  token: KEY_MEMBER,
  title: 'KMS CryptoKey',
  scopeOf: (inputs) => keyPath(text(inputs, 'cryptoKeyId') ?? ''),
  require: (cloud, key) => {
    if (!cloud.get(CRYPTO_KEY, key)) throw notFound(key);
  },
});

interface MemberSpec {
  readonly token: string;
  readonly title: string;
  /** What the policy is of. */
  scopeOf(inputs: Props): string;
  require(cloud: GcpSession, scope: string): void;
}

function member(spec: MemberSpec): ResourceType<GcpSession> {
  return {
    token: spec.token,
    immutable: 'all',
    seconds: { create: 8, delete: 8 },
    check: (inputs) => [...checkMember(inputs), ...checkRole(inputs)],
    create: (inputs, cloud) => {
      const scope = spec.scopeOf(inputs);
      return refusing(`Error applying IAM policy for ${spec.title} "${scope}"`, () => {
        spec.require(cloud, scope);
        requireMember(cloud, text(inputs, 'member') ?? '');
        const condition = text(object(inputs, 'condition'), 'title');
        const id = [scope, text(inputs, 'role'), text(inputs, 'member'), condition].filter(Boolean).join('/');
        return { id, outputs: { etag: `BwX${hex(id, 9)}=` } };
      });
    },
    delete: () => undefined,
  };
}

/** A key may be written `project/location/ring/key`. */
export function keyPath(written: string): string {
  const [project, location, ring, key, ...rest] = written.split('/');
  if (written.startsWith('projects/') || key === undefined || rest.length > 0) return written;
  return `projects/${project}/locations/${location}/keyRings/${ring}/cryptoKeys/${key}`;
}

/** Roles that let a member encrypt and decrypt with a key (Cloud KMS, "Permissions and roles"). */
const ENCRYPTERS = ['roles/cloudkms.cryptoKeyEncrypterDecrypter', 'roles/owner'];

/** Whether a member may encrypt and decrypt with a key, by the key's policy or its project's. */
export function mayEncrypt(cloud: GcpSession, key: string, who: string): boolean {
  const project = /^projects\/([^/]+)/.exec(key)?.[1] ?? '';
  return [KEY_MEMBER, PROJECT_MEMBER].some((token) =>
    cloud.store.all(token).some(({ inputs }) => {
      const scope = token === KEY_MEMBER ? keyPath(text(inputs, 'cryptoKeyId') ?? '') : text(inputs, 'project');
      const matches = scope === (token === KEY_MEMBER ? key : project) && text(inputs, 'member') === who;
      return matches && ENCRYPTERS.includes(text(inputs, 'role') ?? '');
    }),
  );
}
