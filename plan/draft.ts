/** Settings while they are being checked. */

/**
 * The same shape with every field optional at every depth. Whatever is present is valid by itself;
 * what was wrong or missing is absent. A complete value is also a draft, so the rules that run on
 * drafts run on settings as well, and one run finds the mistakes in the rest of a broken stack file.
 *
 * A key that was given but could not be read is present with the value `undefined` (see `unreadable`):
 * a default in its place would only lead to problems that are not there.
 */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

/** Whether a setting was given but could not be read. */
export function unreadable<T extends object>(draft: T, key: keyof T): boolean {
  return key in draft && draft[key] === undefined;
}
