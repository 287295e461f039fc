import type { ObjectShape, Shape } from '../../schema/schema';

/** Values of a chart: every key it reads. `any` stands for what the chart copies into its objects unread. */
export function keys(any: string, nested: Record<string, Shape> = {}): ObjectShape {
  const open = any.split(/\s+/).filter((key) => key !== '');
  return { fields: { ...Object.fromEntries(open.map((key) => [key, 'any' as const])), ...nested }, required: [] };
}
