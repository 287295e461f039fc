/** Who may import whom: the arrows of the house. Run by `npm run arrows`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(index\\.ts|plan|components|reachability|policy|sandbox|lab|bench|pullrequest)(/|$)',
    pathNot: allowed,
  },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(index\\.ts|plan|components|reachability|policy)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    only('plan-is-pure', '^plan/', '^plan/', 'the plan knows nothing of what is built from it'),
    {
      name: 'plan-without-pulumi',
      severity: 'error',
      from: { path: '^(plan|reachability)/' },
      to: { path: '@pulumi' },
    },
    only(
      'reachability-is-independent',
      '^reachability/',
      '^reachability/',
      'the proof knows the clouds, never our intentions',
    ),
    only('components-build-the-plan', '^components/', '^(components|plan)/', ''),
    only('policy-judges-resources', '^policy/', '^(policy|plan|reachability)/', ''),
    only('pull-request-reads-previews', '^pullrequest/', '^(pullrequest|policy|reachability)/', ''),
    only('sandbox-judges-from-outside', '^sandbox/', '^sandbox/', 'the local clouds know the clouds’ rules only'),
    only(
      'lab-judges-from-outside',
      '^lab/',
      '^(lab|reachability/resources)/',
      'the lab may share the reading of resources, never the reasoning',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.local)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
