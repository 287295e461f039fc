/** Checks of machine types against what the rest of a site needs of them. */
import type { Draft } from '../draft';
import type { Problem } from '../problem';
import type { SiteSettings } from '../settings';

/** EC2 families of the Xen generations, whose interfaces take no prefixes; `i3.metal` and `p3dn` are Nitro. */
const XEN = /^(c1|c3|c4|d2|f1|g2|g3|g3s|h1|i2|i3|m1|m2|m3|m4|p2|p3|r3|r4|t1|t2|x1|x1e)$/;

/** Arm processors of EC2: a `g` behind the generation, and the first family, which had none. */
const ARM = /^([a-z]+\d+g[a-z]*|a1|im4gn|is4gen)$/;

/** Compute Engine families that take Hyperdisk and no persistent disk. */
const HYPERDISK_ONLY = /^(c4|c4a|c4d|n4)$/;

/** Problems of a site's machine type. */
export function checkMachines({ cloud, nodes, cassandra }: Draft<SiteSettings>, key: string): Problem[] {
  const machineType = nodes?.machineType;
  if (machineType === undefined) {
    return [];
  }
  return cloud === 'aws'
    ? [...checkNitro(machineType, key), ...checkProcessor(machineType, nodes?.image, key)]
    : cloud === 'gcp'
      ? checkDisks(machineType, cassandra, key)
      : [];
}

/** Pods get their addresses from /28 prefixes, which Nitro instances alone take. */
function checkNitro(machineType: string, key: string): Problem[] {
  const [family = '', size] = machineType.split('.');
  return XEN.test(family) && !(family === 'i3' && size === 'metal')
    ? [
        {
          key: `${key}.nodes.machineType`,
          value: machineType,
          message: 'is not a Nitro instance, and prefixes for pods need one',
          remedy: 'use a current family, such as m6i, r6i or i4i',
          rule: 'prefix delegation',
          source: 'Amazon EKS user guide, assign more IP addresses with prefixes',
        },
      ]
    : [];
}

function checkProcessor(machineType: string, image: string | undefined, key: string): Problem[] {
  const arm = ARM.test(machineType.split('.')[0] ?? '');
  return image === undefined || arm === image.includes('ARM_64')
    ? []
    : [
        {
          key: `${key}.nodes.image`,
          value: image,
          message: `does not run on ${machineType}, which has ${arm ? 'Arm' : 'x86'} processors`,
          remedy: `use ${image.replace(/x86_64|ARM_64/, arm ? 'ARM_64' : 'x86_64')}`,
        },
      ];
}

/** This program's StorageClass is of SSD persistent disks. */
function checkDisks(machineType: string, cassandra: Draft<SiteSettings>['cassandra'], key: string): Problem[] {
  const family = machineType.split('-')[0] ?? '';
  return HYPERDISK_ONLY.test(family) && cassandra !== undefined && cassandra.storageClass === undefined
    ? [
        {
          key: `${key}.nodes.machineType`,
          value: machineType,
          message: 'takes Hyperdisk only, and the default StorageClass is of persistent disks',
          remedy: 'use another family such as n2, or name a StorageClass of yours in cassandra.storageClass',
          rule: 'disk types of machine families',
          source: 'Compute Engine, about disk types',
        },
      ]
    : [];
}
