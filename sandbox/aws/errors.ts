import { CloudError } from '../core/errors';

/** Request ids differ from call to call; this one is the same, so that a refusal reads the same in every run. */
const REQUEST_ID = '7f1c2d3e-4b5a-4697-8879-6a5b4c3d2e1f';

/** A refusal of the EC2 API, as the AWS SDK for Go words it: EC2's errors are not modelled, hence "api error". */
export function ec2Error(operation: string, code: string, message: string): CloudError {
  return new CloudError(code, `${head('EC2', operation, 400)}, api error ${code}: ${message}`);
}

/** A refusal of a service whose errors are part of its model: the SDK prints the exception's name alone. */
export function serviceError(
  service: string,
  operation: string,
  code: string,
  message: string,
  status = 400,
): CloudError {
  return new CloudError(code, `${head(service, operation, status)}, ${code}: ${message}`);
}

export function eksError(operation: string, code: string, message: string): CloudError {
  const status = code === 'ResourceInUseException' ? 409 : code === 'ResourceNotFoundException' ? 404 : 400;
  return serviceError('EKS', operation, code, message, status);
}

export function iamError(operation: string, code: string, message: string): CloudError {
  const status = code === 'NoSuchEntity' ? 404 : code === 'MalformedPolicyDocument' ? 400 : 409;
  return serviceError('IAM', operation, code, message, status);
}

/** The API took the request and the thing did not become what the provider waits for. */
export function waitError(what: string, code: string, message: string): CloudError {
  return new CloudError(code, `waiting for ${what}: ${message}`);
}

function head(service: string, operation: string, status: number): string {
  return `operation error ${service}: ${operation}, https response error StatusCode: ${status}, RequestID: ${REQUEST_ID}`;
}

/** `DependencyViolation`, the answer to deleting what something else still needs. */
export function dependencyViolation(operation: string, message: string): CloudError {
  return ec2Error(operation, 'DependencyViolation', message);
}
