/**
 * Makes what the engine runs: the pack and, with it, Pulumi's runner of packs, in one file, `policy/dist/index.js`.
 *
 * A preview waits for a pack to start, and nearly all of that is Pulumi's SDK: hundreds of modules, the TypeScript
 * compiler, and a debugger that watches every script for the sake of functions turned into cloud resources. A compiled
 * pack needs one file of it. Types are checked by `npm run types`.
 *
 * The engine finds the runner as `@pulumi/pulumi/cmd/run-policy-pack`, seen from the pack's directory, so that name
 * leads into the file. Without it the engine finds the one that is installed, which starts the pack as well, slower.
 */
const { build } = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const OUTPUT = path.join(__dirname, 'dist', 'index.js');
const NAME = '@pulumi/pulumi/cmd/run-policy-pack';
const INSTALLED = require.resolve(NAME, { paths: [path.dirname(__dirname)] });
const RUNNER = path.join(__dirname, 'node_modules', ...NAME.split('/'), 'index.js');

/** Of the SDK: what turns functions into cloud resources, and what drives the engine from a program. */
const UNUSED = /^(@npmcli\/arborist|\.\/automation|typescript|.*\/typescript-shim)$/;

const ofTheSdk = {
  name: 'of-the-sdk',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^${NAME}$`) }, () => ({ path: INSTALLED }));
    onResolve({ filter: UNUSED }, () => ({ path: path.join(__dirname, 'unused.cjs') }));
  },
};

async function bundle() {
  await build({
    entryPoints: [path.join(__dirname, 'index.ts')],
    outfile: OUTPUT,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // Under Bun, which reads TypeScript by itself, the SDK's runner does without compiler and debugger.
    define: { 'process.versions.bun': 'true' },
    plugins: [ofTheSdk],
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
  });
  fs.mkdirSync(path.dirname(RUNNER), { recursive: true });
  fs.writeFileSync(RUNNER, `void require(${JSON.stringify(path.relative(path.dirname(RUNNER), OUTPUT))}).run();\n`);
}

void bundle();
