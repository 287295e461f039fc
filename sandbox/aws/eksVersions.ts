/** Kubernetes versions EKS offers, standard and extended support, oldest first (EKS user guide, "Kubernetes versions"). */
export const VERSIONS: readonly string[] = ['1.30', '1.31', '1.32', '1.33', '1.34', '1.35'];

export const LATEST_VERSION = '1.35';

/** The only version a cluster can be upgraded to in place. */
export function nextVersion(version: string): string | undefined {
  const [major, minor] = version.split('.');
  return `${major}.${Number(minor) + 1}`;
}
