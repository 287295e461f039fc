/** Where the program made a resource: `project:///components/link/vpnLink.ts#73,20`. */
export interface Position {
  /** Path inside the project. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Source positions by URN, as the engine records them in exports and previews. Of a call stack the innermost frame
 * that is the program's own counts: a resource of a package is made where the program asked for it.
 */
export function positionsOf(state: Json): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  for (const resource of statesOf(state)) {
    const frames = Array.isArray(resource['stackTrace']) ? resource['stackTrace'].filter(isObject) : [];
    const position = [resource, ...frames].map(({ sourcePosition }) => parse(sourcePosition)).find(isOwn);
    if (typeof resource['urn'] === 'string' && position !== undefined) positions.set(resource['urn'], position);
  }
  return positions;
}

function statesOf(state: Json): Json[] {
  const { deployment, steps } = state;
  if (isObject(deployment) && Array.isArray(deployment['resources'])) return deployment['resources'].filter(isObject);
  return Array.isArray(steps)
    ? steps
        .filter(isObject)
        .map(({ newState }) => newState)
        .filter(isObject)
    : [];
}

function parse(text: unknown): Position | undefined {
  const parts = typeof text === 'string' ? /^project:\/\/\/(.+)#(\d+)(?:,(\d+))?$/.exec(text) : null;
  if (parts === null) return undefined;
  const [, file = '', line, column] = parts;
  return { file, line: Number(line), column: Number(column ?? 1) };
}

function isOwn(position: Position | undefined): position is Position {
  return position !== undefined && !position.file.startsWith('node_modules/');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
