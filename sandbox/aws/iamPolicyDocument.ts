import { text, type Props, type Value } from '../core/values';

/** Statements of a policy given as JSON text or as an object; undefined where it is no policy document. */
export function statements(policy: Value | undefined): Props[] | undefined {
  let document: Value | undefined = policy;
  if (typeof policy === 'string') {
    try {
      document = JSON.parse(policy) as Value;
    } catch {
      return undefined;
    }
  }
  const statement =
    document && typeof document === 'object' && !Array.isArray(document) ? document['Statement'] : undefined;
  if (Array.isArray(statement)) return statement as Props[];
  return statement && typeof statement === 'object' ? [statement as Props] : undefined;
}

/**
 * Why IAM would answer MalformedPolicyDocument (IAM user guide, "Grammar of the IAM JSON policy language"); undefined
 * for a sound document. A trust policy names principals, an identity policy resources.
 */
export function documentProblem(policy: Value, kind: 'trust' | 'identity'): string | undefined {
  const found = statements(policy);
  if (!found || found.length === 0) return 'Syntax errors in policy.';
  for (const statement of found) {
    if (!['Allow', 'Deny'].includes(text(statement, 'Effect') ?? '')) {
      return 'Syntax error at position: Missing required field Effect';
    }
    if (statement['Action'] === undefined && statement['NotAction'] === undefined) {
      return 'Missing required field Action';
    }
    const actions = strings(statement['Action'] ?? statement['NotAction']);
    const bad = actions.find((action) => action !== '*' && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action));
    if (bad) return `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${bad})`;
    if (kind === 'trust' && statement['Principal'] === undefined) return 'Missing required field Principal';
    if (kind === 'trust' && statement['Resource'] !== undefined) return 'Has prohibited field Resource';
    if (kind === 'identity' && statement['Principal'] !== undefined) {
      return 'Policy document should not specify a principal.';
    }
    if (kind === 'identity' && statement['Resource'] === undefined && statement['NotResource'] === undefined) {
      return 'Policy statement must contain resources.';
    }
    const resources = strings(statement['Resource'] ?? statement['NotResource'] ?? '*');
    const odd = resources.find((resource) => resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/.test(resource));
    if (odd) return `Resource ${odd} must be in ARN format or "*".`;
  }
  return undefined;
}

/** Whether a trust policy lets a service principal do an action such as `sts:AssumeRole`. */
export function trusts(policy: Value | undefined, service: string, action = 'sts:AssumeRole'): boolean {
  return (statements(policy) ?? []).some((statement) => {
    const principal = statement['Principal'];
    const services =
      principal && typeof principal === 'object' && !Array.isArray(principal) ? strings(principal['Service']) : [];
    const actions = strings(statement['Action']);
    return (
      text(statement, 'Effect') === 'Allow' &&
      services.includes(service) &&
      (actions.includes(action) || actions.includes('*') || actions.includes('sts:*'))
    );
  });
}

function strings(value: Value | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
