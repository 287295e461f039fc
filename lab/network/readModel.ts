import type { Inventory } from '../../reachability/resources/inventory';
import { LabError } from '../core/errors';
import { awsNetworks, looseGateways } from './clouds/awsNetworks';
import { transitGateways } from './clouds/awsTransit';
import { eksClusters, gkeClusters } from './clouds/clusters';
import { gcpNetworks } from './clouds/gcpNetworks';
import type { LabModel } from './model';

/** The network and the clusters that the resources of a stack describe. */
export function readModel(inventory: Inventory): LabModel {
  const vpcs = awsNetworks(inventory);
  const model = {
    networks: [...vpcs, ...gcpNetworks(inventory)],
    transitGateways: [...transitGateways(inventory, vpcs), ...looseGateways(inventory)],
    clusters: [...eksClusters(inventory), ...gkeClusters(inventory)],
  };
  if (model.networks.length === 0) throw new LabError('the export holds no network; is the stack up?');
  return model;
}
