/** Delay between the clouds, by the kernel's network emulator where it has one. */
import { LabError } from '../core/errors';
import { tryInNamespace } from '../core/namespace';
import { run } from '../core/run';
import { worldOptions } from '../core/world';
import { type LabModel, vpnRouters } from './model';
import { INTERNET, publicDevice } from './names';

/** @throws LabError when the kernel cannot delay packets */
export async function checkDelay(): Promise<void> {
  const { code, stderr } = await run('unshare', [...worldOptions(), 'tc', ...netem('lo', 1)]);
  if (code === 0) return;
  const remedy = 'leave --delay out, or use a kernel with CONFIG_NET_SCH_NETEM (module sch_netem)';
  throw new LabError(`--delay: the kernel has no netem, so no delay can be set (${stderr.trim()}); ${remedy}`);
}

/**
 * Has every packet between the clouds arrive later; a round trip takes twice as long.
 *
 * @param milliseconds one way
 */
export async function delayBetweenClouds(model: LabModel, milliseconds: number): Promise<void> {
  for (const router of vpnRouters(model)) {
    for (const end of router.tunnels) {
      const { code, stderr } = await tryInNamespace(INTERNET, 'tc', netem(publicDevice(router, end), milliseconds));
      if (code !== 0) throw new LabError(`no delay towards ${end.urn}: ${stderr.trim()}`);
    }
  }
}

/** Each packet is delayed once, where the internet hands it to the end that it is for. */
function netem(device: string, milliseconds: number): string[] {
  return ['qdisc', 'add', 'dev', device, 'root', 'netem', 'delay', `${milliseconds}ms`];
}
