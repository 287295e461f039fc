import type { CheckFailure } from '../../core/validate';
import { isUnknown, text, type Props } from '../../core/values';
import { googleError } from '../errors';
import { APIS, isEnabled } from '../apis';
import { projectNumber, type GcpSession } from '../session';

export const SERVICE_ACCOUNT = 'gcp:serviceaccount/account:Account';
export const SERVICE_IDENTITY = 'gcp:projects/serviceIdentity:ServiceIdentity';

/** IAM documentation, "Principal identifiers". */
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|group):[^@:]+@[^@:]+|serviceAccount:[^@:]+(\.svc\.id\.goog\[[^\]]+\]|@[^@:]+)|domain:[^@:]+|(principal|principalSet):\/\/[^\s]+|(projectOwner|projectEditor|projectViewer):[^\s]+|deleted:.+)$/;

export function checkMember(inputs: Props): CheckFailure[] {
  const member = text(inputs, 'member');
  if (member === undefined || isUnknown(member) || MEMBER.test(member)) return [];
  const reason = `invalid value for member ("${member}"): IAM members are written TYPE:ID, e.g. serviceAccount:name@project.iam.gserviceaccount.com`;
  return [{ property: 'member', reason }];
}

export function checkRole(inputs: Props): CheckFailure[] {
  const role = text(inputs, 'role');
  if (role === undefined || isUnknown(role)) return [];
  if (/^(roles\/[\w.]+|(projects|organizations)\/[^/]+\/roles\/[\w.]+)$/.test(role)) return [];
  return [{ property: 'role', reason: `"role": "${role}" is no role name such as roles/logging.logWriter` }];
}

/** The service agents by which Google's services act in a project, by API (IAM documentation, "Service agents"). */
const AGENTS: Readonly<Record<string, (number: string) => string>> = {
  'compute.googleapis.com': (number) => `service-${number}@compute-system.iam.gserviceaccount.com`,
  'container.googleapis.com': (number) => `service-${number}@container-engine-robot.iam.gserviceaccount.com`,
  'pubsub.googleapis.com': (number) => `service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com`,
  'secretmanager.googleapis.com': (number) => `service-${number}@gcp-sa-secretmanager.iam.gserviceaccount.com`,
};

export function agentOf(project: string, service: string): string | undefined {
  return AGENTS[service]?.(projectNumber(project));
}

/** The account that Compute Engine machines run as unless told otherwise. */
export function defaultComputeAccount(project: string): string {
  return `${projectNumber(project)}-compute@developer.gserviceaccount.com`;
}

/** The workload identity pool of a project's GKE clusters. */
export function workloadPool(project: string): string {
  return `${project}.svc.id.goog`;
}

/** Whether a service account exists: the program's own, and those Google makes with an API. */
export function accountExists(cloud: GcpSession, email: string): boolean {
  const own = cloud.store.find(SERVICE_ACCOUNT, ({ outputs }) => text(outputs, 'email') === email);
  if (own) return true;
  return projectsSeen(cloud).some(
    (project) =>
      (email === defaultComputeAccount(project) && isEnabled(cloud, project, 'compute.googleapis.com')) ||
      Object.keys(AGENTS).some((api) => agentOf(project, api) === email && agentExists(cloud, project, api)),
  );
}

/** An agent is made when its API is first enabled, or when the program asks for it. */
function agentExists(cloud: GcpSession, project: string, service: string): boolean {
  const asked = cloud.get(SERVICE_IDENTITY, `projects/${project}/services/${service}`);
  return asked !== undefined || (service in APIS && isEnabled(cloud, project, service));
}

function projectsSeen(cloud: GcpSession): string[] {
  const named = cloud.store.everything().map(({ outputs }) => text(outputs, 'project'));
  return [...new Set([cloud.project, ...named])].filter((name): name is string => name !== undefined);
}

/** A policy can only name service accounts that exist (IAM documentation, "Grant roles"). */
export function requireMember(cloud: GcpSession, member: string): void {
  const email = /^serviceAccount:([^[\]]+@[^[\]]+)$/.exec(member)?.[1];
  if (email === undefined || accountExists(cloud, email) || !isLocalAccount(cloud, email)) return;
  throw googleError(400, `Service account ${email} does not exist.`, 'badRequest');
}

/** Whether an account would be of a project of this cloud. */
function isLocalAccount(cloud: GcpSession, email: string): boolean {
  return projectsSeen(cloud).some((project) => email.includes(project) || email.includes(projectNumber(project)));
}
