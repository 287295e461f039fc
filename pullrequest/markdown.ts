/** Texts that come from resources, made harmless inside Markdown. */

/** A code span; a backtick or a line break would end it, and a pipe the table's cell. */
export function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, ' ').replaceAll('|', '\\|')}\``;
}

/** Plain words: no HTML, no links or emphasis, no mentions, and no cell or line breaks. */
export function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]<>|~]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

/** A resource by its type and name: a whole URN is longer than a comment is wide. */
export function resource(urn: string): string {
  const [qualified = '', name = ''] = urn.split('::').slice(2);
  const type = qualified.slice(qualified.lastIndexOf('$') + 1);
  return `${code(type.slice(type.lastIndexOf(':') + 1))} ${code(name)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** At most `most` items, and a line that counts the others. */
export function shortened<T>(items: readonly T[], most: number, line: (item: T) => string): string[] {
  const lines = items.slice(0, most).map(line);
  return items.length > most ? [...lines, `- … and ${items.length - most} more`] : lines;
}
