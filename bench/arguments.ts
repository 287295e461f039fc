export const HELP = `Usage: npm run bench           measure and write docs/figures.md but for the lab's section (some minutes)
       npm run bench -- lab    bring the lab up, verify it and take it down in both forms (half an hour); writes its section

Fails (exit 1) where a figure is worse than promised: overlap check of 10,000 ranges at most 1.5 times a plain
sort-and-sweep, preview of the default stack at most 1.3 times the same resources written flat, policy pack and proof at
most 1 s more than a preview without. Exit 2: arguments that it does not know.`;

/** What is measured; undefined where the arguments are not understood. */
export function readArguments(argv: readonly string[]): 'all' | 'lab' | 'help' | undefined {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  if (argv.length === 0) return 'all';
  return argv.length === 1 && argv[0] === 'lab' ? 'lab' : undefined;
}
