import type { ObjectShape, TypeSchema } from '../../schema/schema';
import { validateShape } from '../../core/validate';
import { object, type Props } from '../../core/values';
import type { Cause } from '../apiErrors';
import type { Kind } from '../kind';
import type { ClusterState } from '../state';
import { METADATA } from './shapes';

/** What a kind defined by a CustomResourceDefinition needs besides its schema. */
export interface CustomKindArgs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly spec: ObjectShape;
  /** Whether what brings the definition is there. */
  served(state: ClusterState): boolean;
  /** Rules beyond types and required fields. */
  validate?(live: Props, state: ClusterState, before?: Props): Cause[];
  readonly defaults?: Kind['defaults'];
  readonly admit?: Kind['admit'];
  readonly expiry?: Kind['expiry'];
  readonly reconcile?: Kind['reconcile'];
  readonly finalizers?: Kind['finalizers'];
  readonly finalize?: Kind['finalize'];
  readonly seconds?: number;
}

/**
 * A kind whose schema a CustomResourceDefinition gives. Fields it does not declare are refused, as server-side apply
 * does; where a real definition keeps unknown fields, they are refused here as well, because nothing reads them.
 */
export function customKind(args: CustomKindArgs): Kind {
  const { spec, validate, ...rest } = args;
  const problems = (live: Props) => validateShape(object(live, 'spec'), spec, 'spec');
  return {
    ...rest,
    token: `kubernetes:${args.apiVersion}:${args.kind}`,
    forceNew: [],
    awaited: false,
    undeclared: (given) =>
      problems(given)
        .filter(({ reason }) => reason === 'unknown property')
        .map(({ property }) => property),
    validate: (live, state, before) => [
      ...problems(live).map(({ property, reason }) => ({
        field: property,
        detail: reason === 'missing required property' ? 'Required value' : `Invalid value: ${reason}`,
      })),
      ...(validate?.(live, state, before) ?? []),
    ],
  };
}

/** What the provider's CustomResource takes: the schema of `spec` is the API server's to check, not the provider's. */
export const CUSTOM_RESOURCE_SCHEMA: TypeSchema = {
  inputs: { fields: { apiVersion: 'string', kind: 'string', metadata: METADATA, spec: 'any' }, required: [] },
  outputs: ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
  optional: [],
};
