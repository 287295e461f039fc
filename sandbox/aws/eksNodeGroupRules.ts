/** What EKS refuses of a managed node group, before it launches anything. */
import type { Stored } from '../core/store';
import { list, number, text, texts, type Props } from '../core/values';
import { given } from './checks';
import { eksError } from './errors';
import { roleOfArn, roleTrusting } from './iam';
import type { AwsSession } from './session';
import { LAUNCH_TEMPLATE, SUBNET } from './tokens';

/** Number of nodes a group is meant to have. */
export function desired(group: Props): number {
  return number(group, 'scalingConfig', 'desiredSize') ?? 0;
}

export function requireSubnets(cloud: AwsSession, cluster: Stored, inputs: Props): Stored[] {
  return texts(inputs, 'subnetIds').map((id) => {
    const subnet = cloud.existing(SUBNET, id);
    if (!subnet) throw invalid('CreateNodegroup', `The subnet ID '${id}' does not exist`);
    if (text(subnet.outputs, 'vpcId') !== text(cluster.outputs, 'vpcConfig', 'vpcId')) {
      throw invalid('CreateNodegroup', `Subnets are not in the same VPC as the cluster: ${id}`);
    }
    return subnet;
  });
}

export function refuseScaling(operation: string, inputs: Props): void {
  const [min, max] = [number(inputs, 'scalingConfig', 'minSize') ?? 0, number(inputs, 'scalingConfig', 'maxSize') ?? 0];
  if (min > max) throw invalid(operation, `Minimum capacity ${min} can't be greater than max size ${max}`);
  if (desired(inputs) < min) {
    throw invalid(operation, `desired capacity ${desired(inputs)} can't be less than min size ${min}`);
  }
  if (desired(inputs) > max) {
    throw invalid(operation, `desired capacity ${desired(inputs)} can't be greater than max size ${max}`);
  }
}

/** What a template for managed nodes may not say (EKS user guide, "Customize managed nodes with launch templates"). */
export function requireTemplate(cloud: AwsSession, inputs: Props): Stored | undefined {
  if (!given(inputs, 'launchTemplate')) return undefined;
  const operation = 'CreateNodegroup';
  const id = text(inputs, 'launchTemplate', 'id');
  const name = text(inputs, 'launchTemplate', 'name');
  const template = cloud.find(
    LAUNCH_TEMPLATE,
    (stored) => stored.id === id || (name !== undefined && text(stored.outputs, 'name') === name),
  );
  if (!template) {
    throw invalidRequest(
      operation,
      `Launch template details can't be null: launch template ${id ?? name} does not exist`,
    );
  }
  const version = text(inputs, 'launchTemplate', 'version') ?? '';
  const latest = number(template.outputs, 'latestVersion') ?? 1;
  if (!['$Latest', '$Default'].includes(version) && !(Number(version) >= 1 && Number(version) <= latest)) {
    throw invalidRequest(
      operation,
      `Could not find the specified version ${version} for the launch template with ID ${template.id}`,
    );
  }
  if (given(inputs, 'diskSize')) throw invalid(operation, 'Disk size must be specified within the launch template');
  if (texts(inputs, 'instanceTypes').length > 0 && text(template.outputs, 'instanceType') !== undefined) {
    throw invalid(operation, 'Instance type cannot be specified in both the launch template and the API request');
  }
  if (text(template.outputs, 'iamInstanceProfile', 'name') ?? text(template.outputs, 'iamInstanceProfile', 'arn')) {
    throw invalidRequest(
      operation,
      'Launch template should not specify an instance profile. The noderole in your request will be used to construct an instance profile.',
    );
  }
  if (list(template.outputs, 'networkInterfaces').some((item) => text(item, 'subnetId') !== undefined)) {
    throw invalidRequest(operation, 'Launch template should not specify subnets in network interfaces');
  }
  const userData = text(template.outputs, 'userData');
  const ownImage = text(template.outputs, 'imageId') !== undefined;
  if (userData && !ownImage && !isMultipart(userData) && !text(inputs, 'amiType')?.startsWith('BOTTLEROCKET')) {
    throw invalid(operation, 'Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format.');
  }
  return template;
}

function isMultipart(userData: string): boolean {
  return /^(MIME-Version|Content-Type): *(1\.0|multipart\/mixed)/im.test(
    Buffer.from(userData, 'base64').toString('utf8').slice(0, 200),
  );
}

export function refuseImage(cluster: Stored, inputs: Props, template: Stored | undefined): void {
  const operation = 'CreateNodegroup';
  const image = text(inputs, 'amiType') ?? 'AL2023_x86_64_STANDARD';
  const [own] = texts(inputs, 'instanceTypes');
  const instance = own ?? text(template?.outputs, 'instanceType') ?? 't3.medium';
  if (!/^[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/.test(instance)) {
    throw invalid(operation, `The following supplied instance types do not exist: [${instance}]`);
  }
  // Graviton families have a g after the generation: m7g, c6gn, r8gd (EC2 instance naming conventions).
  const arm = /^(a1|[a-z]+\d+g[a-z]*)\./.test(instance);
  if (image !== 'CUSTOM' && arm !== image.includes('ARM_64')) {
    throw invalid(operation, `[${instance}] is not a valid instance type for requested amiType ${image}`);
  }
  const minor = Number((text(inputs, 'version') ?? text(cluster.outputs, 'version') ?? '').split('.')[1]);
  if (/^AL2_/.test(image) && minor >= 33) {
    throw invalid(
      operation,
      `Requested Nodegroup AMI type ${image} is not supported for kubernetes version 1.${minor}`,
    );
  }
  const clusterMinor = Number((text(cluster.outputs, 'version') ?? '').split('.')[1]);
  if (minor > clusterMinor || minor < clusterMinor - 3) {
    throw invalid(
      operation,
      `Nodegroup Kubernetes version 1.${minor} is not compatible with cluster version 1.${clusterMinor}`,
    );
  }
}

/** The nodes' role, which EC2 must be able to assume. */
export function requireNodeRole(cloud: AwsSession, inputs: Props): Stored {
  const roleArn = text(inputs, 'nodeRoleArn') ?? '';
  if (!roleOfArn(cloud, roleArn)) {
    throw invalid('CreateNodegroup', `The role with name ${roleArn.split('/').pop()} cannot be found.`);
  }
  const role = roleTrusting(cloud, roleArn, 'ec2.amazonaws.com');
  if (!role) {
    throw invalid(
      'CreateNodegroup',
      'Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ' +
        roleArn,
    );
  }
  return role;
}

function invalid(operation: string, message: string) {
  return eksError(operation, 'InvalidParameterException', message);
}

function invalidRequest(operation: string, message: string) {
  return eksError(operation, 'InvalidRequestException', message);
}
