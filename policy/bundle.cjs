/**
 * Makes the pack that the engine runs, one file: `policy/dist/index.js`.
 *
 * A preview waits for the pack to load, and most of that is modules of the Pulumi SDK. In one file, and without those
 * that a pack never uses, they load in a quarter of the time. Types are checked by `npm run types`.
 */
const { build } = require('esbuild');
const path = require('node:path');

/** Modules that the runtime has loaded by the time it starts the pack: its own copies are shared. */
const LOADED = ['typescript', '@grpc/grpc-js', 'google-protobuf'];

/** Of the SDK: what turns functions into cloud resources, and what drives the engine from a program. */
const UNUSED = /^(@npmcli\/arborist|\.\/automation)$/;

const withoutUnused = {
  name: 'without-unused',
  setup({ onResolve }) {
    onResolve({ filter: UNUSED }, () => ({ path: path.join(__dirname, 'unused.cjs') }));
  },
};

void build({
  entryPoints: [path.join(__dirname, 'index.ts')],
  outfile: path.join(__dirname, 'dist', 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: LOADED,
  plugins: [withoutUnused],
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'error',
});
