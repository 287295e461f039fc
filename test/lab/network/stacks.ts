/** Models of the program's own stacks, as the fixtures of the proof hold them, with changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { State } from '../../../lab/mistakes/state';
import type { LabModel, RoutingTable } from '../../../lab/network/model';
import { readModel } from '../../../lab/network/readModel';
import { Inventory } from '../../../reachability/resources/inventory';
import { readResources } from '../../../reachability/resources/read';

export type Kind = 'virtualPrivate' | 'transit';

/** A stack export; the fixtures leave out of the outputs what is as it was given. */
export function exported(kind: Kind): string {
  const known = texts.get(kind);
  if (known !== undefined) return known;
  const file = join(__dirname, '..', '..', 'reachability', 'fixtures', `${kind}.json`);
  const json = JSON.parse(readFileSync(file, 'utf8')) as { deployment: { resources: Record<string, object>[] } };
  for (const resource of json.deployment.resources)
    resource['outputs'] = { ...resource['inputs'], ...resource['outputs'] };
  const text = JSON.stringify(json);
  texts.set(kind, text);
  return text;
}

const texts = new Map<Kind, string>();

export function modelOf(kind: Kind, change: (state: State) => void = () => undefined): LabModel {
  const state = State.of(exported(kind));
  change(state);
  return readModel(new Inventory(readResources(state.text())));
}

/** The routing table of a network that leads packets of a source range. */
export function tableFor(model: LabModel, cloud: 'aws' | 'gcp', source: string): RoutingTable {
  const tables = model.networks
    .filter((network) => network.cloud === cloud)
    .flatMap((network) => network.routingTables);
  const found = tables.find(({ sources }) => sources.includes(source));
  if (found === undefined) throw new Error(`no table for ${source}`);
  return found;
}
