import type { ResourceType } from '../core/resourceType';
import { object, text, type Props } from '../core/values';
import type { TypeSchema } from '../schema/schema';
import type { AwsSession } from './session';

export type AwsType = ResourceType<AwsSession>;

/**
 * Adds to a type what the AWS provider does alike for all of them: `region` of the resource (its own or the
 * provider's), whose change replaces it, and `tagsAll`, the provider's default tags under the resource's own.
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
      ...(cloud ? attributes(inputs, at(inputs, cloud)) : {}),
      ...type.previewOutputs?.(inputs, cloud && at(inputs, cloud), olds),
    }),
    check: (inputs, subject, cloud) => type.check?.(inputs, subject, cloud && at(inputs, cloud)) ?? [],
    create: async (inputs, cloud, subject) => {
      const place = at(inputs, cloud);
      const created = await type.create(inputs, place, subject);
      return { id: created.id, outputs: { ...attributes(inputs, place), ...created.outputs } };
    },
    delete: (resource, cloud, subject) => type.delete?.(resource, at(resource.outputs, cloud), subject),
  };
  if (type.update ?? tagged) {
    decorated.update = async (resource, inputs, cloud, subject) => {
      const place = at(resource.outputs, cloud);
      const computed = (await type.update?.(resource, inputs, place, subject)) ?? {};
      return { ...attributes(inputs, place), ...computed };
    };
  }
  if (type.read) {
    const { read } = type;
    decorated.read = (resource, cloud) => read(resource, at(resource.outputs, cloud));
  }
  return decorated;
}

/** Even where every argument forces a new resource, tags change in place. */
function mutableTags(schema: TypeSchema): 'all' | string[] {
  if (!schema.outputs.includes('tagsAll')) return 'all';
  return Object.keys(schema.inputs.fields).filter((name) => name !== 'tags');
}
