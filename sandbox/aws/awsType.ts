import { InitializationFailed } from '../core/errors';
import type { Created, ResourceType, Subject } from '../core/resourceType';
import type { Stored } from '../core/store';
import { UNKNOWN, object, text, type Props, type Value } from '../core/values';
import { isList, isMap, isObject, type Shape, type TypeSchema } from '../schema/schema';
import type { AwsSession } from './session';
import { refuseTags } from './tags';
import { allOrNothing } from './transaction';

/**
 * A type of the local AWS. Its operations do not wait for anything, so that no other operation comes between what
 * they check and what they record.
 */
export interface AwsType extends ResourceType<AwsSession> {
  create(inputs: Props, cloud: AwsSession, subject: Subject): Created;
  update?(resource: Stored, inputs: Props, cloud: AwsSession, subject: Subject): Props;
  delete?(resource: Stored, cloud: AwsSession, subject: Subject): void;
}

/**
 * Adds to a type what the AWS provider does alike for all of them: the id among the outputs, `region` of the resource
 * (its own or the provider's), whose change replaces it, and `tagsAll`, the provider's default tags under the
 * resource's own.
 */
export function withProviderAttributes(type: AwsType, schema: TypeSchema): AwsType {
  const regional = schema.inputs.fields['region'] !== undefined;
  const tagged = schema.outputs.includes('tagsAll');
  const attributes = (inputs: Props, cloud: AwsSession): Props => ({
    ...(regional ? { region: cloud.region } : {}),
    ...(tagged ? { tagsAll: { ...cloud.defaultTags, ...object(inputs, 'tags') } } : {}),
  });
  const at = (inputs: Props, cloud: AwsSession) => (regional ? cloud.inRegion(text(inputs, 'region')) : cloud);
  const decorated: AwsType = {
    ...type,
    immutable: type.immutable === 'all' ? mutableTags(schema) : [...type.immutable, 'region'],
    previewOutputs: (inputs, cloud, olds) => ({
      id: olds?.['id'] ?? UNKNOWN,
      ...(cloud ? attributes(inputs, at(inputs, cloud)) : {}),
      ...type.previewOutputs?.(inputs, cloud && at(inputs, cloud), olds),
    }),
    check: (inputs, subject, cloud) => type.check?.(inputs, subject, cloud && at(inputs, cloud)) ?? [],
    create: (inputs, cloud, subject) => {
      const place = at(inputs, cloud);
      const whole = (id: string, computed: Props): Props => {
        const outputs = { ...attributes(inputs, place), ...computed, id };
        return { ...unset({ ...inputs, ...outputs }, schema), ...outputs };
      };
      refuseTags(attributes(inputs, place));
      try {
        const created = allOrNothing(cloud, () => type.create(inputs, place, subject));
        return { id: created.id, outputs: whole(created.id, created.outputs) };
      } catch (error) {
        if (!(error instanceof InitializationFailed)) throw error;
        throw new InitializationFailed(error.id, error.inputs, whole(error.id, error.outputs), error.reasons);
      }
    },
    delete: (resource, cloud, subject) =>
      allOrNothing(cloud, () => type.delete?.(resource, at(resource.outputs, cloud), subject)),
  };
  if (type.update ?? tagged) {
    decorated.update = (resource, inputs, cloud, subject) => {
      const place = at(resource.outputs, cloud);
      refuseTags(attributes(inputs, place));
      const computed = allOrNothing(cloud, () => type.update?.(resource, inputs, place, subject));
      return { ...attributes(inputs, place), ...computed };
    };
  }
  if (type.read) {
    const { read } = type;
    decorated.read = (resource, cloud) => read(resource, at(resource.outputs, cloud));
  }
  return decorated;
}

/** What Terraform's providers keep for a computed attribute that the API leaves out: its type's zero value. */
function unset(outputs: Props, schema: TypeSchema): Props {
  const missing = schema.outputs.filter((name) => !schema.optional.includes(name) && outputs[name] === undefined);
  return Object.fromEntries(missing.map((name) => [name, zero(schema.inputs.fields[name] ?? 'string')]));
}

function zero(shape: Shape): Value {
  if (shape === 'number') return 0;
  if (shape === 'boolean') return false;
  if (isList(shape)) return [];
  return isMap(shape) || isObject(shape) ? {} : '';
}

/** Even where every argument forces a new resource, tags change in place. */
function mutableTags(schema: TypeSchema): 'all' | string[] {
  if (!schema.outputs.includes('tagsAll')) return 'all';
  return Object.keys(schema.inputs.fields).filter((name) => name !== 'tags');
}
