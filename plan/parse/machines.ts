/** Checks of machine types against what the rest of a site needs of them. */
import type { Draft } from '../draft';
import type { Problem } from '../problem';
import type { SiteSettings } from '../settings';
import { bytesOf, coresOf } from './values';

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
  const size = sizeOf(machineType);
  switch (cloud) {
    case 'aws':
      return [
        ...checkNitro(machineType, key),
        ...checkProcessor(machineType, nodes?.image, key),
        ...checkSize(size, machineType, cassandra, key),
      ];
    case 'gcp':
      return [...checkDisks(machineType, cassandra, key), ...checkSize(size, machineType, cassandra, key)];
    case undefined:
      return [];
  }
}

/** What a machine type has, as far as its name tells. */
interface MachineSize {
  readonly processors?: number;
  /** Bytes. */
  readonly memory?: number;
}

const GIB = 2 ** 30;

/** GiB per processor of EC2's compute, general and memory families, by the family's first letter. */
const EC2_MEMORY: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** GiB per processor of Compute Engine's types; the first generation has a little less. */
const GCE_MEMORY: Readonly<Record<string, number>> = { standard: 4, highmem: 8 };

function sizeOf(machineType: string): MachineSize {
  const ec2 = /^([cmr])\d[a-z-]*\.(large|(\d*)xlarge)$/.exec(machineType);
  if (ec2 !== null) {
    const processors = ec2[2] === 'large' ? 2 : 4 * Number(ec2[3] || 1);
    return { processors, memory: processors * (EC2_MEMORY[ec2[1] ?? ''] ?? 0) * GIB };
  }
  const gce = /^[a-z]\d[a-z]?-(standard|highmem|highcpu)-(\d+)/.exec(machineType);
  if (gce === null) {
    return {};
  }
  const processors = Number(gce[2]);
  const perProcessor = GCE_MEMORY[gce[1] ?? ''];
  return { processors, ...(perProcessor === undefined ? {} : { memory: processors * perProcessor * GIB }) };
}

/** A pod that asks for all of a machine never runs: the kubelet and the system keep a part. */
function checkSize(
  { processors, memory }: MachineSize,
  machineType: string,
  cassandra: Draft<SiteSettings>['cassandra'],
  key: string,
): Problem[] {
  const { cpu, memory: asked } = cassandra ?? {};
  const lacks = [
    ...(processors !== undefined && cpu !== undefined && coresOf(cpu) >= processors
      ? [`${processors} processors for cassandra.cpu ${cpu}`]
      : []),
    ...(memory !== undefined && asked !== undefined && bytesOf(asked) >= memory
      ? [`${memory / GIB} GiB for cassandra.memory ${asked}`]
      : []),
  ];
  return lacks.length === 0
    ? []
    : [
        {
          key: `${key}.nodes.machineType`,
          value: machineType,
          message: `has ${lacks.join(' and ')}, and Kubernetes keeps a part for itself`,
          remedy: 'use a larger machine type or ask for less',
        },
      ];
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
