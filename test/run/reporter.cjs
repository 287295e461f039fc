// Mocha's spec reporter that also writes its counts to the file named by MOCHA_COUNTS.
const fs = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      if (process.env.MOCHA_COUNTS) {
        fs.writeFileSync(process.env.MOCHA_COUNTS, JSON.stringify({ passes, failures, pending }));
      }
    });
  }
};
