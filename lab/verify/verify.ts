import { say } from '../core/say';
import type { Lab } from '../labState';
import { verifyBgp } from './bgp';
import { verifyData } from './data';
import { verifyDns } from './dns';
import { verifyFlows } from './flows';
import { datacenters } from './pods';
import { type Check, renderCheck } from './report';
import { verifyRing } from './ring';

/** Looks at everything the lab is to show, tells each, and returns whether all is well. */
export async function verify(lab: Lab): Promise<boolean> {
  const all: Check[] = [];
  const tell = (checks: readonly Check[]): void => {
    checks.forEach((entry) => say(renderCheck(entry)));
    all.push(...checks);
  };
  tell(await verifyBgp(lab));
  const found = await datacenters(lab);
  tell(await verifyDns(found));
  tell(await verifyRing(lab, found));
  tell(await verifyData(lab, found));
  tell(await verifyFlows(lab));
  const failed = all.filter(({ ok }) => !ok).length;
  process.stdout.write(`${all.length - failed} passed, ${failed} failed\n`);
  return failed === 0;
}
