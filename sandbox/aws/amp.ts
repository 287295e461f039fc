import { text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { arn, exactlyOne, fail, known } from './checks';
import { serviceError } from './errors';
import { findKey } from './kms';
import { requireSecurityGroup, requireSubnet } from './lookups';
import { createInterface, deleteInterfacesOf } from './networkInterface';
import type { AwsSession } from './session';
import { AMP_SCRAPER, AMP_WORKSPACE, EKS_CLUSTER } from './tokens';

export const ampWorkspace: AwsType = {
  token: AMP_WORKSPACE,
  seconds: { create: 10, update: 5, delete: 10 },
  immutable: ['kmsKeyArn'],
  check: (inputs) => [...arn(inputs, 'kmsKeyArn'), ...arn(inputs, 'loggingConfiguration.logGroupArn')],
  create: (inputs, cloud) => {
    const key = text(inputs, 'kmsKeyArn');
    if (key !== undefined && !findKey(cloud, key)) {
      throw serviceError('amp', 'CreateWorkspace', 'ValidationException', `KMS key ${key} was not found`);
    }
    const id = `ws-${cloud.uuid()}`;
    return {
      id,
      outputs: {
        arn: cloud.arn('aps', `workspace/${id}`),
        prometheusEndpoint: `https://aps-workspaces.${cloud.region}.amazonaws.com/workspaces/${id}/`,
      },
    };
  },
  update: () => ({}),
  delete: (resource, cloud) => {
    const workspace = text(resource.outputs, 'arn');
    if (
      cloud.find(AMP_SCRAPER, (scraper) => text(scraper.outputs, 'destination', 'amp', 'workspaceArn') === workspace)
    ) {
      throw serviceError('amp', 'DeleteWorkspace', 'ConflictException', 'Workspace has scrapers attached', 409);
    }
  },
};

/** An agentless collector (Managed Service for Prometheus guide, "AWS managed collectors"). */
export const ampScraper: AwsType = {
  token: AMP_SCRAPER,
  seconds: { create: 1200, update: 60, delete: 600 },
  immutable: ['source'],
  check: (inputs) => [
    ...exactlyOne(inputs, 'source.eks', 'source.vpc'),
    ...arn(inputs, 'source.eks.clusterArn'),
    ...arn(inputs, 'destination.amp.workspaceArn'),
    ...scrapeConfiguration(inputs),
  ],
  create: (inputs, cloud) => {
    const id = `s-${cloud.uuid()}`;
    const clusterArn = text(inputs, 'source', 'eks', 'clusterArn');
    const cluster = cloud.find(EKS_CLUSTER, (stored) => text(stored.outputs, 'arn') === clusterArn);
    if (clusterArn !== undefined && !cluster) throw invalid(`EKS cluster ${clusterArn} was not found`);
    refuseDestination(cloud, inputs);
    createInterfaces(cloud, id, inputs);
    const own = `arn:aws:iam::${cloud.accountId}:role/aws-service-role/scraper.aps.amazonaws.com/AWSServiceRoleForAmazonPrometheusScraper_${id.slice(2, 14)}`;
    return { id, outputs: { arn: cloud.arn('aps', `scraper/${id}`), roleArn: own } };
  },
  update: (_, inputs, cloud) => {
    refuseDestination(cloud, inputs);
    return {};
  },
  delete: (resource, cloud) => deleteInterfacesOf(cloud, resource.id),
};

function refuseDestination(cloud: AwsSession, inputs: Props): void {
  const workspace = text(inputs, 'destination', 'amp', 'workspaceArn');
  if (!cloud.find(AMP_WORKSPACE, (stored) => text(stored.outputs, 'arn') === workspace)) {
    throw serviceError(
      'amp',
      'CreateScraper',
      'ResourceNotFoundException',
      `Workspace ${workspace} was not found`,
      404,
    );
  }
}

/** At least two subnets in different zones, each with an interface of the collector. */
function createInterfaces(cloud: AwsSession, id: string, inputs: Props): void {
  const kind = inputs['source'] && text(inputs, 'source', 'eks', 'clusterArn') !== undefined ? 'eks' : 'vpc';
  const subnets = texts(inputs, 'source', kind, 'subnetIds').map((subnetId) =>
    requireSubnet(cloud, 'CreateScraper', subnetId),
  );
  if (new Set(subnets.map((subnet) => text(subnet.outputs, 'availabilityZone'))).size < 2) {
    throw invalid('Subnets must be in at least two different Availability Zones');
  }
  const groups = texts(inputs, 'source', kind, 'securityGroupIds');
  for (const group of groups) requireSecurityGroup(cloud, 'CreateScraper', group);
  for (const subnet of subnets) {
    createInterface(cloud, 'CreateScraper', {
      subnet,
      owner: id,
      description: `AWS managed scraper ${id}`,
      interfaceType: 'interface',
      securityGroups: groups,
    });
  }
}

function scrapeConfiguration(inputs: Props) {
  const value = known(inputs, 'scrapeConfiguration');
  if (typeof value !== 'string' || /^\s*scrape_configs:/m.test(value)) return [];
  return [fail('scrapeConfiguration', 'the Prometheus configuration has no scrape_configs')];
}

function invalid(message: string) {
  return serviceError('amp', 'CreateScraper', 'ValidationException', message);
}
