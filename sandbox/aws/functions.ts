/** Data sources of the AWS provider that a program may call. */
import { text, type Props } from '../core/values';
import { ADDONS } from './eksAddonCatalogue';
import { callerArn } from './eksInfrastructure';
import { eksError } from './errors';
import type { AwsSession } from './session';
import { zoneId } from './subnet';

export const functions: Readonly<Record<string, (args: Props, cloud: AwsSession) => Props>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': (_, cloud) => ({
    id: cloud.accountId,
    accountId: cloud.accountId,
    arn: callerArn(cloud),
    userId: 'AIDACKCEVSQ6C2EXAMPLE',
  }),
  'aws:index/getRegion:getRegion': (args, cloud) => {
    const region = text(args, 'region') ?? text(args, 'name') ?? cloud.region;
    return { id: region, region, name: region, endpoint: `ec2.${region}.amazonaws.com`, description: region };
  },
  'aws:index/getPartition:getPartition': () => ({
    id: 'aws',
    partition: 'aws',
    dnsSuffix: 'amazonaws.com',
    reverseDnsPrefix: 'com.amazonaws',
  }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': (args, cloud) => {
    const place = cloud.inRegion(text(args, 'region'));
    const names = place.zones();
    return {
      id: place.region,
      region: place.region,
      names,
      zoneIds: names.map((name) => zoneId(place, name)),
      groupNames: [place.region],
    };
  },
  'aws:eks/getAddonVersion:getAddonVersion': (args) => {
    const [name, version] = [text(args, 'addonName') ?? '', text(args, 'kubernetesVersion') ?? ''];
    const entry = ADDONS[name];
    if (!entry) throw eksError('DescribeAddonVersions', 'InvalidParameterException', `Addon ${name} is not supported`);
    return {
      id: name,
      addonName: name,
      kubernetesVersion: version,
      version: entry.defaultVersion(version),
      ...pick(args, 'mostRecent'),
    };
  },
};

function pick(args: Props, name: string): Props {
  const value = args[name];
  return value === undefined ? {} : { [name]: value };
}
