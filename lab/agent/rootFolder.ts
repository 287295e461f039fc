/** The root folder of a container, as lines of a shell script that lays it out. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Shown as they are: the kernel's own. */
const SPECIAL = ['/proc', '/sys', '/dev'];
/** Empty in every container. */
const OWN = ['/tmp', '/run'];

/**
 * This machine's folders, each under an overlay in memory, and the mounts of the container.
 *
 * There is no overlay over the root as a whole: without root's rights the kernel lays none over folders in which others
 * are mounted. Nor does an overlay copy folders up whose owner the world does not know; so what the container's mounts
 * need is made in the overlay's upper folder, before.
 */
export class RootFolder {
  /** Where it is seen from outside. */
  readonly folder: string;
  private readonly mountPoints: readonly string[];

  /**
   * @param base an empty file system in memory
   * @param mounts file or folder of this machine by path in the container
   */
  constructor(
    private readonly base: string,
    private readonly mounts: ReadonlyMap<string, string>,
    mountInfo: string = fs.readFileSync('/proc/self/mountinfo', 'utf8'),
  ) {
    this.folder = path.join(base, 'root');
    // Fifth field of each line (proc(5)).
    this.mountPoints = mountInfo.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  }

  script(): string[] {
    return [...this.layOut('/'), ...[...this.mounts].flatMap(([to, from]) => this.mount(from, to))];
  }

  private layOut(original: string): string[] {
    if (this.mounts.has(original)) return [];
    const entry = fs.lstatSync(original);
    const at = quote(this.at(original));
    if (entry.isSymbolicLink()) return [`ln -s ${quote(fs.readlinkSync(original))} ${at}`];
    if (entry.isFile()) return [`: > ${at}`, `mount --bind ${quote(original)} ${at}`];
    if (!entry.isDirectory()) return [];
    if (OWN.includes(original)) return [`mkdir -m 1777 ${at}`];
    const shown = [`mkdir -p ${at}`, `mount --rbind ${quote(original)} ${at}`];
    if (SPECIAL.includes(original)) return shown;
    if (!isBelow(original, this.mountPoints)) return this.overlay(original);
    if (!isBelow(original, [...this.mounts.keys()])) return shown;
    const inside = fs.readdirSync(original).flatMap((name) => this.layOut(path.join(original, name)));
    return [`mkdir -p ${at}`, ...inside];
  }

  private overlay(original: string): string[] {
    const at = quote(this.at(original));
    const upper = path.join(this.base, 'upper');
    const work = quote(path.join(this.base, 'work', original));
    const folders = `lowerdir=${quote(original)},upperdir=${quote(path.join(upper, original))},workdir=${work}`;
    const targets = [...this.mounts].filter(([to]) => isBelow(original, [to]));
    return [
      `mkdir -p ${quote(path.join(upper, original))} ${work} ${at}`,
      ...targets.flatMap(([to, from]) => this.mountPoint(to, from, path.join(upper, to))),
      // Some file systems take no overlay (FAT is one).
      `mount -t overlay overlay -o ${folders} ${at} || mount --rbind ${quote(original)} ${at}`,
    ];
  }

  /** In the upper folder. A file is made even over one that is there, which may be a link that leads elsewhere. */
  private mountPoint(to: string, from: string, at: string): string[] {
    if (isFolder(from)) return fs.existsSync(to) ? [] : [`mkdir -p ${quote(at)}`];
    return [`mkdir -p ${quote(path.dirname(at))}`, `: > ${quote(at)}`];
  }

  private mount(from: string, to: string): string[] {
    const at = quote(this.at(to));
    const file = `mkdir -p ${quote(path.dirname(this.at(to)))}; [ -e ${at} ] || : > ${at}`;
    return [isFolder(from) ? `mkdir -p ${at}` : file, `mount --rbind ${quote(from)} ${at}`];
  }

  private at(original: string): string {
    return path.join(this.folder, original);
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file).isDirectory();
}

function isBelow(folder: string, paths: readonly string[]): boolean {
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return paths.some((other) => other.startsWith(prefix) && other !== '/');
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
