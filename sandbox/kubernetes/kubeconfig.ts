import { parse } from 'yaml';
import { CloudError } from '../core/errors';
import { isProps, list, text, type Props, type Value } from '../core/values';

/** What the provider takes from a kubeconfig: where the API server is, and the context's namespace. */
export interface Kubeconfig {
  readonly server: string;
  readonly namespace?: string;
}

/** Reads a kubeconfig in YAML or JSON, as clientcmd does: the named context, else the current one. */
export function readKubeconfig(source: string, contextName?: string, clusterName?: string): Kubeconfig {
  const config = parseDocument(source);
  const context = named(config, 'contexts', contextName ?? text(config, 'current-context'));
  if (contextName && !context) throw unusable(`context "${contextName}" does not exist`);
  const cluster = named(config, 'clusters', clusterName ?? text(context, 'context', 'cluster'));
  const server = text(cluster, 'cluster', 'server');
  if (!server) throw unusable('no configuration has been provided: the current context names no cluster with a server');
  return { server, namespace: text(context, 'context', 'namespace') };
}

function parseDocument(source: string): Props {
  let document: Value;
  try {
    document = parse(source) as Value;
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error));
  }
  if (!isProps(document)) throw unusable('it is not a YAML or JSON object');
  return document;
}

function named(config: Props, field: string, name: string | undefined): Props | undefined {
  return list(config, field)
    .filter(isProps)
    .find((entry) => entry.name === name);
}

function unusable(why: string): CloudError {
  return new CloudError('InvalidKubeconfig', `failed to parse kubeconfig data in kubernetes:config:kubeconfig: ${why}`);
}
