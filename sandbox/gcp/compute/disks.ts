import type { Props } from '../../core/values';
import { invalidField } from '../errors';
import { COLLECTIONS, nameOf, pathOf, selfLinkOf } from '../names';
import { hex, type GcpSession } from '../session';
import { isZone } from '../locations';

const DISK = COLLECTIONS.disks.token;

/** Sizes in GiB that disk types take (Compute Engine, "About Persistent Disk", "About Hyperdisk"). */
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  'pd-standard': [10, 65536],
  'pd-balanced': [10, 65536],
  'pd-ssd': [10, 65536],
  'pd-extreme': [500, 65536],
  'hyperdisk-balanced': [4, 65536],
  'hyperdisk-extreme': [64, 65536],
  'hyperdisk-throughput': [2048, 32768],
};

/** Makes a persistent disk; gives its name. */
export function insertDisk(
  cloud: GcpSession,
  of: { readonly project: string; readonly name: string },
  disk: { readonly zone: string; readonly sizeGiB: number; readonly type: string },
): string {
  if (!isZone(disk.zone)) throw invalidField('zone', disk.zone, 'Unknown zone.');
  const sizes = SIZES[disk.type];
  if (!sizes) throw invalidField('type', disk.type, `Must be one of ${Object.keys(SIZES).join(', ')}.`);
  const [least, most] = sizes;
  if (disk.sizeGiB < least || disk.sizeGiB > most) {
    throw invalidField('sizeGb', disk.sizeGiB, `Disks of type ${disk.type} have ${least} to ${most} GB.`);
  }
  const name = `pvc-${hex(`${of.name}/${cloud.store.nextSerial()}`, 32)}`;
  const id = pathOf('disks', of.project, disk.zone, name);
  const inputs: Props = {
    name,
    project: of.project,
    zone: disk.zone,
    sizeGb: disk.sizeGiB,
    type: disk.type,
    labels: { 'goog-k8s-cluster-name': of.name },
  };
  cloud.put(DISK, id, inputs, { ...inputs, selfLink: selfLinkOf(id) });
  return name;
}

export function deleteDisk(cloud: GcpSession, name: string): void {
  const disk = cloud.store.find(DISK, ({ id }) => nameOf(id) === name);
  if (disk) cloud.remove(DISK, disk.id);
}
