import * as pulumi from '@pulumi/pulumi';

/** What the program told the engine about one resource. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
  /** URNs of everything this resource waits for, by reference or by `dependsOn`. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

/** State that a cloud would compute for a resource, besides its inputs. */
export type Computed = (type: string, name: string) => Record<string, unknown>;

/** The parts of the engine's registration request that are read here. */
interface Request {
  getType(): string;
  getName(): string;
  getProvider(): string;
  getProtect(): boolean;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
}
type Answer = { getUrn(): string };
type Register = (request: Request, done: (error: unknown, answer: Answer) => void) => Promise<void>;

/**
 * Runs a program against mocks and returns what it registered. As a preview (`preview: true`), every
 * identifier and computed value is unknown, as on a stack's first preview.
 */
export async function register(
  program: () => unknown,
  options: { readonly computed?: Computed; readonly preview?: boolean } = {},
): Promise<Recording> {
  const inputs = new Map<string, Record<string, unknown>>();
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs: given }) => {
        inputs.set(`${type} ${name}`, given as Record<string, unknown>);
        // The engine knows a new stash's output from the first preview on.
        const stashed = type === 'pulumi:index:Stash' ? { output: given.input as unknown } : {};
        return preview
          ? { id: undefined, state: { ...(given as Record<string, unknown>), ...stashed } }
          : {
              id: `${name}-id`,
              state: {
                arn: `arn:${name}`,
                ...given,
                name: given.name ?? name,
                ...stashed,
                ...options.computed?.(type, name),
              },
            };
      },
    },
    'multicloud-cassandra',
    'test',
    preview,
    'organization',
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const answer = monitor.registerResource.bind(monitor);
  const resources: Registered[] = [];
  monitor.registerResource = (request, done) =>
    answer(request, (error, response) => {
      if (error === null || error === undefined) {
        resources.push({
          type: request.getType(),
          name: request.getName(),
          urn: response.getUrn(),
          inputs: inputs.get(`${request.getType()} ${request.getName()}`) ?? {},
          provider: request.getProvider(),
          dependencies: request.getDependenciesList(),
          protect: request.getProtect(),
          ignoreChanges: request.getIgnorechangesList(),
        });
      }
      done(error, response);
    });
  program();
  await pulumi.runtime.disconnect();
  return new Recording(resources);
}

/** What a program registered, and questions that tests ask of it. */
export class Recording {
  private readonly byUrn: ReadonlyMap<string, Registered>;

  constructor(readonly resources: readonly Registered[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  ofType(type: string): readonly Registered[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type, or of a type and name. */
  one(type: string, name?: string): Registered {
    const found = this.ofType(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1 || found[0] === undefined) {
      throw new Error(`${found.length} resources of type ${type}${name === undefined ? '' : ` named ${name}`}`);
    }
    return found[0];
  }

  /** Whether one resource is created after another and deleted before it. */
  waitsFor(later: Registered, earlier: Registered): boolean {
    const seen = new Set<string>();
    const open = [...later.dependencies];
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      if (urn === earlier.urn) {
        return true;
      }
      if (!seen.has(urn)) {
        seen.add(urn);
        open.push(...(this.byUrn.get(urn)?.dependencies ?? []));
      }
    }
    return false;
  }
}
