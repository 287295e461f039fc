import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SettingsError, loadPlan, parseSettings, planFor } from '../../plan';
import { type Raw, bySlot, gcpSite, awsSite, stack } from './fixtures';

/** A configuration with every kind of setting in it. */
const FULL: Raw = stack({
  cluster: 'xcloud',
  connectivity: 'overlay',
  dns: 'forward',
  pool: { range: '10.64.0.0/10', prefix: 14 },
  overlay: { virtualPool: '100.64.0.0/10' },
  link: { awsGateway: 'transit' },
  links: [{ sites: ['aws-eu-west-1', 'gcp-europe-west4'], tunnels: '169.254.16.0/28' }],
  cassandra: { version: '5.0.9', replicationFactor: 3, keyspaces: ['orders'], firstSite: 'aws-eu-west-1' },
  operators: { certManager: { version: 'v1.18.2' } },
  access: { admittedRanges: ['203.0.113.0/24'], awsAdmins: [], gkeDnsEndpoint: false },
  alerts: { notificationChannels: [] },
  tags: { team: 'data' },
  protect: true,
  sites: [
    awsSite({ virtual: '100.70.0.0/20', nodes: { perZone: 2 }, cassandra: { nodesPerRack: 2 }, addonVersions: {} }),
    gcpSite({ maintenance: { day: 'monday' }, channel: 'STABLE' }),
    bySlot(gcpSite({ name: 'gcp-3', datacenter: 'dc3', asn: undefined }), 3),
  ],
});

/** Every path in a value. */
function paths(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  const below =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => paths(item, [...at, key]))
      : [];
  return at.length === 0 ? below : [at, ...below];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) {
    return by;
  }
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const oddities = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1.5,
    2 ** 53,
    true,
    [],
    {},
    [[]],
    [null],
    '[]',
    '{}',
    '{',
    '0',
    'true',
  ),
  fc.constantFrom<unknown>(
    '10.0.0.0/8',
    '10.100.0.0/16',
    '0.0.0.0/0',
    '169.254.0.0/16',
    '255.255.255.255/32',
    'a',
    'aws',
    'gcp',
  ),
  fc.constantFrom<unknown>({ secure: 'v1:x' }, [{ secure: 'v1:x' }], { __proto__: 1 }, '__proto__', 'constructor'),
  fc.jsonValue(),
);

describe('any configuration', () => {
  it('is planned, or refused with problems that have key, message and remedy; nothing else is ever thrown', () => {
    const places = paths(FULL);
    assert(places.length > 60);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), oddities), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const raw = changes.reduce<unknown>((value, [path, by]) => {
            // A place may be gone after another change above it.
            try {
              return replaced(value, path, by);
            } catch {
              return value;
            }
          }, FULL) as Raw;
          try {
            const { plan, settings } = loadPlan(raw);
            assert.deepEqual(planFor(parseSettings(raw)), plan);
            assert.equal(plan.sites.length, settings.sites.length);
          } catch (error) {
            assert(error instanceof SettingsError, error instanceof Error ? error.stack : String(error));
            assert(error.problems.length > 0);
            for (const problem of error.problems) {
              assert(problem.key !== '' && problem.message !== '' && problem.remedy !== '', JSON.stringify(problem));
            }
            assert.equal(error.message.split('\n').length, error.problems.length);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('changes nothing outside itself', () => {
    const before = JSON.stringify(FULL);
    loadPlan(FULL);
    assert.equal(JSON.stringify(FULL), before);
    assert.equal(({} as Record<string, unknown>)['secure'], undefined);
  });
});
