/** Eight hexadecimal digits that depend on the text alone (FNV-1a). */
export function digest(of: string): string {
  let value = 0x811c9dc5;
  for (const char of of) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0');
}
