import type { Rule } from './rule';

/** Every rule with its level, settings and defaults, as a Markdown table. */
export function catalogue(rules: readonly Rule[]): string {
  const rows = rules.map(({ name, level, description, settings = {} }) => {
    const keys = Object.entries(settings).map(([key, { default: value }]) => `\`${key}\` (${JSON.stringify(value)})`);
    return `| \`${name}\` | ${level} | ${description} | ${keys.join(', ')} |`;
  });
  return ['| rule | level | what must hold | settings (default) |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
