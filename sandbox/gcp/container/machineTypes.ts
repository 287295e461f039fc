/** What a machine has. */
export interface Machine {
  readonly cpus: number;
  readonly memoryGiB: number;
}

/** Families that do not count their memory by the class of the type (Compute Engine, "Machine families"). */
const SHARED: Readonly<Record<string, Machine>> = {
  'e2-micro': { cpus: 2, memoryGiB: 1 },
  'e2-small': { cpus: 2, memoryGiB: 2 },
  'e2-medium': { cpus: 2, memoryGiB: 4 },
  'f1-micro': { cpus: 1, memoryGiB: 0.6 },
  'g1-small': { cpus: 1, memoryGiB: 1.7 },
};

/** vCPU counts that families come in. */
const CPUS: Readonly<Record<string, readonly number[]>> = {
  c2: [4, 8, 16, 30, 60],
  c2d: [2, 4, 8, 16, 32, 56, 112],
  c3: [4, 8, 22, 44, 88, 176, 192],
  c3d: [4, 8, 16, 30, 60, 90, 180, 360],
  c4: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288],
  c4a: [1, 2, 4, 8, 16, 32, 48, 64, 72],
  c4d: [2, 4, 8, 16, 32, 48, 64, 96, 192, 384],
  e2: [2, 4, 8, 16, 32],
  n1: [1, 2, 4, 8, 16, 32, 64, 96],
  n2: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128],
  n2d: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224],
  n4: [2, 4, 8, 16, 32, 48, 64, 80],
  t2a: [1, 2, 4, 8, 16, 32, 48],
  t2d: [1, 2, 4, 8, 16, 32, 48, 60],
};

/** GiB of memory for each vCPU, by class; families differ a little. */
const MEMORY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  standard: { n1: 3.75, c4: 3.75, c4d: 3.875, other: 4 },
  highmem: { n1: 6.5, c4: 7.75, c4d: 7.875, other: 8 },
  highcpu: { n1: 0.9, e2: 1, n2: 1, n2d: 1, c4d: 1.875, other: 2 },
};

/** A predefined machine type's size; undefined where there is none of the name. */
export function machineType(name: string): Machine | undefined {
  const shared = SHARED[name];
  if (shared) return shared;
  const [, family = '', kind = '', count = ''] =
    /^([a-z]\d[a-z]?)-(standard|highmem|highcpu)-(\d+)(?:-lssd)?$/.exec(name) ?? [];
  const perCpu = MEMORY[kind]?.[family] ?? MEMORY[kind]?.other;
  if (!CPUS[family]?.includes(Number(count)) || perCpu === undefined) return customType(name);
  return { cpus: Number(count), memoryGiB: Number(count) * perCpu };
}

/** Custom types name their vCPUs and their memory in MiB. */
function customType(name: string): Machine | undefined {
  const match = /^(?:(?:e2|n2|n2d|n4)-)?custom-(\d+)-(\d+)(?:-ext)?$/.exec(name);
  if (!match) return undefined;
  const [cpus, memory] = [Number(match[1]), Number(match[2])];
  return (cpus === 1 || cpus % 2 === 0) && memory % 256 === 0 ? { cpus, memoryGiB: memory / 1024 } : undefined;
}
