/** Configurations to plan. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SettingsError, loadPlan } from '../../plan';
import type { Problem } from '../../plan';

export type Raw = Record<string, unknown>;

export function fixturePath(name: string): string {
  return join(__dirname, 'fixtures', name);
}

/** The configuration of a fixture, by key without the project's prefix. */
export function fixture(name: string): Raw {
  const { config } = parse(readFileSync(fixturePath(name), 'utf8')) as { config: Raw };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace('multicloud-cassandra:', ''), value]),
  );
}

export function awsSite(overrides: Raw = {}): Raw {
  return {
    name: 'aws-eu-west-1',
    cloud: 'aws',
    region: 'eu-west-1',
    zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    datacenter: 'dc1',
    asn: 64512,
    ranges: { nodes: '10.100.0.0/16', pods: '10.110.0.0/16', services: '172.20.0.0/16' },
    ...overrides,
  };
}

export function gcpSite(overrides: Raw = {}): Raw {
  return {
    name: 'gcp-europe-west4',
    cloud: 'gcp',
    project: 'example-project',
    region: 'europe-west4',
    zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
    datacenter: 'dc2',
    asn: 65010,
    ranges: { nodes: '10.101.0.0/16', pods: '10.111.0.0/16', services: '172.21.0.0/16' },
    ...overrides,
  };
}

/** A valid configuration of one site in each cloud; sites can be changed. */
export function stack(overrides: Raw = {}, aws: Raw = {}, gcp: Raw = {}): Raw {
  return {
    access: { admittedRanges: ['203.0.113.0/24'] },
    sites: [awsSite(aws), gcpSite(gcp)],
    ...overrides,
  };
}

/** A site whose ranges come from a slot. */
export function bySlot(site: Raw, slot: number): Raw {
  const { ranges: _ranges, ...rest } = site;
  return { ...rest, slot };
}

/** The problems of a configuration; empty if it can be planned. */
export function problemsOf(raw: Raw): readonly Problem[] {
  try {
    loadPlan(raw);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems;
    }
    throw error;
  }
}
