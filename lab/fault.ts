/** Faults that a person can bring about in the lab, and take back. */
import { UsageError } from './arguments';
import { LabError } from './core/errors';
import { ipBatch } from './core/namespace';
import { say } from './core/say';
import type { Lab } from './labState';
import { vpnRouters } from './network/model';
import { FIRST_PUBLIC_TABLE, INTERNET, publicDevice } from './network/names';
import { datacenters } from './verify/pods';

export async function fault(lab: Lab, [kind, target]: readonly string[]): Promise<void> {
  switch (kind) {
    case 'cut-link':
      return setLink(lab, 'down');
    case 'restore-link':
      return setLink(lab, 'up');
    case 'restart-datacenter':
      return restartDatacenter(lab, target ?? '');
    default:
      throw new UsageError(`there is no fault ${kind ?? 'without a name'}`);
  }
}

/** Nothing of the tunnels gets from one cloud to the other any more, as when the way between them is lost. */
export async function setLink(lab: Lab, state: 'up' | 'down'): Promise<void> {
  const ends = vpnRouters(lab.model).flatMap((router) => router.tunnels.map((end) => ({ router, end })));
  await ipBatch(
    INTERNET,
    ends.flatMap(({ router, end }, index) => {
      const device = publicDevice(router, end);
      // A device that goes down loses its routes.
      const route = `route replace ${end.outside} dev ${device} table ${FIRST_PUBLIC_TABLE + index}`;
      return [`link set ${device} ${state}`, ...(state === 'up' ? [route] : [])];
    }),
  );
  say(state === 'down' ? 'the link is cut; BGP holds it for up to 30 s' : 'the link is whole again');
}

/** Every pod of the datacenter ends at once and comes back with other addresses. */
export async function restartDatacenter(lab: Lab, name: string): Promise<void> {
  const datacenter = (await datacenters(lab)).find((entry) => entry.name === name);
  if (datacenter === undefined) throw new LabError(`there is no datacenter ${name}`);
  for (const pod of datacenter.pods) {
    await datacenter.api.remove({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod.name, namespace: datacenter.namespace },
    });
    say(`${pod.name} at ${pod.address} is ended`);
  }
}
