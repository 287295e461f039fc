import type { CheckFailure } from '../core/validate';
import { UNKNOWN, isUnknown, object, type Props, type Value } from '../core/values';
import { hex, type GcpSession } from './session';

/** The label by which the Pulumi provider marks what it makes (`addPulumiAttributionLabel`). */
const ATTRIBUTION = 'goog-pulumi-provisioned';

/**
 * The labels of a resource: its own over the provider's default ones, and the provider's attribution on top.
 * The provider computes them at plan time, so they are known at preview.
 */
export function labelOutputs(inputs: Props, property: string, cloud: GcpSession | undefined): Props {
  if (isUnknown(inputs[property])) return { pulumiLabels: UNKNOWN, effectiveLabels: UNKNOWN };
  const pulumiLabels: Record<string, Value> = { ...cloud?.defaultLabels, ...object(inputs, property) };
  const effectiveLabels = cloud?.attribution ? { ...pulumiLabels, [ATTRIBUTION]: 'true' } : pulumiLabels;
  return { pulumiLabels, effectiveLabels };
}

/** A fingerprint as the API makes them of a resource's labels. */
export function labelFingerprint(labels: Value | undefined): string {
  return Buffer.from(hex(JSON.stringify(labels ?? {}), 16), 'hex').toString('base64');
}

/** Resource Manager, "Labels overview", section "Requirements for labels". */
export function checkLabels(inputs: Props, property: string): CheckFailure[] {
  const labels = object(inputs, property);
  const failures: CheckFailure[] = [];
  if (Object.keys(labels).length > 64) failures.push({ property, reason: 'at most 64 labels can be attached' });
  for (const [key, value] of Object.entries(labels)) {
    if (!/^\p{Ll}[\p{Ll}\p{N}_-]{0,62}$/u.test(key)) {
      failures.push({
        property: `${property}.${key}`,
        reason: `label key "${key}" is not a lowercase letter followed by at most 62 lowercase letters, digits, underscores or dashes`,
      });
    }
    if (typeof value === 'string' && !isUnknown(value) && !/^[\p{Ll}\p{N}_-]{0,63}$/u.test(value)) {
      failures.push({
        property: `${property}.${key}`,
        reason: `label value "${value}" is not at most 63 lowercase letters, digits, underscores or dashes`,
      });
    }
  }
  return failures;
}
