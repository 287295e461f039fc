import { LabError } from '../core/errors';
import { say } from '../core/say';
import { hasControlPlane } from '../kubernetes/controlPlane';
import type { Lab } from '../labState';
import { verifyBgp } from './bgp';
import { verifyData } from './data';
import { verifyDns } from './dns';
import { verifyFaults } from './faults';
import { verifyFlows } from './flows';
import { datacenters } from './pods';
import { type Check, renderCheck } from './report';
import { verifyRing } from './ring';

/**
 * Looks at everything the lab is to show, tells each, and returns whether all is well.
 *
 * @param faults brings faults about as well, and looks at how they are survived
 */
export async function verify(lab: Lab, faults: boolean): Promise<boolean> {
  const all: Check[] = [];
  const tell = (checks: readonly Check[]): void => {
    checks.forEach((entry) => say(renderCheck(entry)));
    all.push(...checks);
  };
  tell(await verifyBgp(lab));
  if (!lab.model.clusters.every(hasControlPlane))
    throw new LabError('there is nothing but the network to verify; bring everything up: npm run lab -- down, then up');
  const found = await datacenters(lab);
  tell(await verifyDns(found));
  tell(await verifyRing(lab, found));
  tell(await verifyData(lab, found));
  tell(await verifyFlows(lab));
  if (faults) await verifyFaults(lab, tell);
  const failed = all.filter(({ ok }) => !ok).length;
  process.stdout.write(`${all.length - failed} passed, ${failed} failed\n`);
  return failed === 0;
}
