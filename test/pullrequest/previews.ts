import { type Preview, readPreview } from '../../pullrequest/preview';
import { type TestResource, planned } from '../policy/resources';

/** What the engine is to say of single resources, by name; of all others it says `same`. */
export type Steps = Readonly<Record<string, { readonly op: string; readonly reasons?: readonly string[] }>>;

/** A preview as `pulumi preview --json --show-sames` writes it. Every resource of a cloud has a provider. */
export function previewText(resources: readonly TestResource[], steps: Steps = {}): string {
  return JSON.stringify({
    steps: planned(resources).map((resource) => {
      const { op, reasons } = steps[resource.urn.slice(resource.urn.lastIndexOf('::') + 2)] ?? { op: 'same' };
      const provider = resource.provider ?? 'urn:pulumi:test::shop::pulumi:providers:cloud::cloud::id';
      const state = { ...resource, provider };
      return {
        op,
        urn: resource.urn,
        replaceReasons: reasons,
        ...(op === 'delete' ? { oldState: state } : { newState: state }),
      };
    }),
  });
}

export function preview(resources: readonly TestResource[], steps: Steps = {}): Preview {
  return readPreview(previewText(resources, steps), 'preview');
}
