/** What `npm test` runs, in order: checks of the text first, then suites from fast to slow. */
export interface Suite {
  readonly name: string;
  readonly command: readonly string[];
  /** A mocha run whose tests are counted; otherwise the command as a whole counts as one test. */
  readonly mocha?: true;
}

const mocha = (pattern: string, ...options: string[]) =>
  ['mocha', '--reporter', 'test/run/reporter.cjs', ...options, pattern] as const;

/** Independent of each other: run side by side. */
export const checks: readonly Suite[] = [
  { name: 'format', command: ['prettier', '--check', '.'] },
  { name: 'arrows', command: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['eslint', '.'] },
];

export const suites: readonly Suite[] = [
  {
    name: 'plan, with its coverage',
    mocha: true,
    command: [
      // The two files of types alone have no line that runs.
      ...[
        'c8',
        '--include',
        'plan/**',
        '--exclude',
        'plan/{types,settings}.ts',
        '--all',
        '--check-coverage',
        '--lines',
        '95',
        '--reporter',
        'text-summary',
      ],
      ...mocha('test/plan/**/*.test.ts'),
    ],
  },
  { name: 'components', mocha: true, command: mocha('test/components/**/*.test.ts') },
  { name: 'reachability', mocha: true, command: mocha('test/reachability/**/*.test.ts') },
  { name: 'policy', mocha: true, command: mocha('test/policy/**/*.test.ts') },
  { name: 'pull request', mocha: true, command: mocha('test/pullrequest/**/*.test.ts') },
  { name: 'lab', mocha: true, command: mocha('test/lab/**/*.test.ts') },
  { name: 'local clouds', mocha: true, command: mocha('test/sandbox/**/*.test.ts') },
  { name: 'engine', mocha: true, command: mocha('test/engine/**/*.test.ts', '--timeout', '600000') },
];
