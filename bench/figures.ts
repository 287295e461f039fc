/** docs/figures.md, whose sections different runs make. */

/** The section with a title of level two, up to the next or the end; undefined where there is none. */
export function sectionOf(text: string, title: string): string | undefined {
  const start = `\n${text}`.indexOf(`\n${title}\n`);
  if (start < 0) return undefined;
  const next = text.indexOf('\n## ', start + title.length);
  return text.slice(start, next < 0 ? undefined : next).trim();
}

/** The text with the section in place of the one with the same title, or at its end. */
export function withSection(text: string, title: string, section: string): string {
  const old = sectionOf(text, title);
  return old === undefined ? `${text.trimEnd()}\n\n${section}\n` : text.replace(old, () => section);
}
