/** A number with its noun, as a sentence has it: `1 rack`, `2 racks`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
