import { googleError } from './errors';

/** Regions and the letters of their zones (Compute Engine, "Available regions and zones"). */
const REGIONS: Readonly<Record<string, string>> = {
  'africa-south1': 'abc',
  'asia-east1': 'abc',
  'asia-east2': 'abc',
  'asia-northeast1': 'abc',
  'asia-northeast2': 'abc',
  'asia-northeast3': 'abc',
  'asia-south1': 'abc',
  'asia-south2': 'abc',
  'asia-southeast1': 'abc',
  'asia-southeast2': 'abc',
  'australia-southeast1': 'abc',
  'australia-southeast2': 'abc',
  'europe-central2': 'abc',
  'europe-north1': 'abc',
  'europe-north2': 'abc',
  'europe-southwest1': 'abc',
  'europe-west1': 'bcd',
  'europe-west2': 'abc',
  'europe-west3': 'abc',
  'europe-west4': 'abc',
  'europe-west6': 'abc',
  'europe-west8': 'abc',
  'europe-west9': 'abc',
  'europe-west10': 'abc',
  'europe-west12': 'abc',
  'me-central1': 'abc',
  'me-central2': 'abc',
  'me-west1': 'abc',
  'northamerica-northeast1': 'abc',
  'northamerica-northeast2': 'abc',
  'northamerica-south1': 'abc',
  'southamerica-east1': 'abc',
  'southamerica-west1': 'abc',
  'us-central1': 'abcf',
  'us-east1': 'bcd',
  'us-east4': 'abc',
  'us-east5': 'abc',
  'us-south1': 'abc',
  'us-west1': 'abc',
  'us-west2': 'abc',
  'us-west3': 'abc',
  'us-west4': 'abc',
};

export function isRegion(name: string): boolean {
  return name in REGIONS;
}

export function isZone(name: string): boolean {
  return zonesOf(regionOf(name)).includes(name);
}

/** All zones of a region, in order. */
export function zonesOf(region: string): string[] {
  return [...(REGIONS[region] ?? '')].map((letter) => `${region}-${letter}`);
}

/** The region of a location, which may itself be one. */
export function regionOf(location: string): string {
  return isRegion(location) ? location : location.replace(/-[a-z]$/, '');
}

export function requireRegion(project: string, region: string): void {
  if (isRegion(region)) return;
  throw googleError(
    400,
    `Invalid value for field 'region': 'projects/${project}/regions/${region}'. Unknown region.`,
    'invalid',
  );
}
