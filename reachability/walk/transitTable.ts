/** Where a transit gateway sends what comes from an attachment (Transit Gateway guide, "Routing"). */
import { type Address, formatAddress } from '../ip';
import type { TransitAttachment } from '../model/aws/gateways';
import type { Model } from '../model/model';
import type { TransitHop } from '../model/routing';
import { type Stop, block } from '../verdict';

/** Equally good ways: a static route, or every attachment that propagates the longest prefix. Never empty. */
export function transitHops(
  model: Model,
  from: TransitAttachment,
  destination: Address,
): readonly [TransitHop, ...TransitHop[]] | Stop {
  const table = from.association;
  if (table === undefined) {
    const why = `${from.resource.name} is associated with no transit gateway route table`;
    const remedy = 'Associate the attachment with a route table';
    return block('transit-gateway', from.resource.urn, 'no-association', why, remedy);
  }
  const hops = model.routing.transitTable(table).longest(destination)?.values ?? [];
  const written = hops.filter((hop) => hop.written);
  const [first, ...others] = written.length > 0 ? written : hops;
  if (first !== undefined) return [first, ...others];
  const why = `the route table of ${from.resource.name} has no route to ${formatAddress(destination)}`;
  const remedy = 'Propagate the attachment that leads there into the table, or add a static route';
  return block('transit-gateway', table.urn, 'no-propagation', why, remedy);
}
