import { PolicyPack } from '@pulumi/policy';
import { policiesOf } from './adapter';
import { decodeOnce } from './decodeOnce';
import { whenEngineIsGone } from './engineWatch';
import { rules } from './rules';

/** Serves the rules to the engine. Pulumi's runner calls what the main module of a pack exports. */
function serve(): void {
  decodeOnce();
  new PolicyPack('multicloud-cassandra', { policies: policiesOf(rules) });
}

/** Pulumi's runner itself, out of the same file (see bundle.cjs), with the arguments that the engine gives it. */
serve.run = () => {
  const [engine] = process.argv.slice(2);
  if (engine !== undefined) whenEngineIsGone(engine, () => process.exit());
  return import('@pulumi/pulumi/cmd/run-policy-pack');
};

export = serve;
