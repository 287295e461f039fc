import { badRequest } from '../errors';

/**
 * Versions the local GKE offers, by minor version, newest last (GKE release notes; the patch levels are one of each
 * minor's). A channel offers the minors from its oldest to its newest (GKE, "Release schedule").
 */
const PATCHES: Readonly<Record<string, readonly string[]>> = {
  '1.30': ['1.30.14-gke.2126000'],
  '1.31': ['1.31.14-gke.1455000'],
  '1.32': ['1.32.11-gke.1174000', '1.32.13-gke.1059000'],
  '1.33': ['1.33.9-gke.1060000', '1.33.11-gke.1083000'],
  '1.34': ['1.34.6-gke.1154000', '1.34.8-gke.1035000'],
  '1.35': ['1.35.3-gke.1389000', '1.35.5-gke.1073000'],
  '1.36': ['1.36.1-gke.1217000'],
};

const CHANNELS: Readonly<Record<string, { readonly oldest: number; readonly newest: number; readonly usual: number }>> =
  {
    RAPID: { oldest: 33, newest: 36, usual: 35 },
    REGULAR: { oldest: 32, newest: 35, usual: 34 },
    STABLE: { oldest: 32, newest: 35, usual: 34 },
    EXTENDED: { oldest: 30, newest: 35, usual: 34 },
    UNSPECIFIED: { oldest: 32, newest: 35, usual: 34 },
  };

/**
 * The version that a written one stands for: `1.34`, `1.34.8`, a full one, `latest`, `-` or nothing (GKE,
 * "Cluster versioning", "Specifying cluster version").
 */
export function resolveVersion(written: string | undefined, channel: string): string {
  const offer = CHANNELS[channel] ?? CHANNELS.REGULAR;
  if (!offer) throw new Error('no default channel');
  if (written === undefined || written === '' || written === '-') return newestOf(offer.usual);
  if (written === 'latest') return newestOf(offer.newest);
  const minor = minorOf(written);
  const matching = (PATCHES[`1.${minor}`] ?? []).filter((patch) => patch === written || startsWith(patch, written));
  const found = matching.at(-1);
  if (found === undefined || minor < offer.oldest || minor > offer.newest) {
    throw badRequest(`Master version "${written}" is unsupported in release channel ${channel}.`);
  }
  return found;
}

export function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}

/** Compares by minor, patch and build number; what a version does not say counts as 0. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  const at = [0, 1, 2, 3].find((i) => (left[i] ?? 0) !== (right[i] ?? 0)) ?? 0;
  return (left[at] ?? 0) < (right[at] ?? 0);
}

/**
 * The control plane's version after an update: the provider asks for an upgrade only where the wanted version is
 * newer, and the API goes one minor at a time (GKE, "Upgrading clusters").
 */
export function upgradedVersion(current: string, written: string | undefined, channel: string): string {
  if (written === undefined || !isOlder(current, written)) return current;
  const wanted = resolveVersion(written, channel);
  if (minorOf(wanted) > minorOf(current) + 1) {
    throw badRequest(
      `Master cannot be upgraded to "${wanted}": cannot upgrade the master more than a minor version at a time.`,
    );
  }
  return wanted;
}

/** Nodes are never newer than the control plane and at most two minors older (GKE, "GKE version skew policy"). */
export function requireSkew(node: string, master: string): void {
  if (isOlder(master, node)) {
    throw badRequest(`Node version "${node}" must not be greater than master version "${master}".`);
  }
  if (minorOf(master) - minorOf(node) > 2) {
    throw badRequest(`Node version "${node}" must be within two minor versions of master version "${master}".`);
  }
}

function newestOf(minor: number): string {
  return PATCHES[`1.${minor}`]?.at(-1) ?? '';
}

function startsWith(patch: string, written: string): boolean {
  return patch.startsWith(`${written}.`) || patch.startsWith(`${written}-`);
}

function numbers(version: string): number[] {
  return version
    .split(/[.-]|gke/)
    .filter(Boolean)
    .map(Number);
}
