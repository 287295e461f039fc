import { object, type Props } from '../core/values';
import { ec2Error } from './errors';

/** All tags of a resource: AWS General Reference, "Tag naming limits and requirements". */
export function refuseTags(outputs: Props): void {
  const entries = Object.entries(object(outputs, 'tagsAll'));
  if (entries.length > 50) {
    throw refusal('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
  for (const [key, value] of entries) {
    if (/^aws:/i.test(key)) {
      throw refusal('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use (${key})`);
    }
    if (key.length < 1 || key.length > 128) {
      throw refusal('InvalidParameterValue', `Tag key exceeds the maximum length of 128 characters (${key})`);
    }
    if (typeof value === 'string' && value.length > 256) {
      throw refusal('InvalidParameterValue', `Tag value exceeds the maximum length of 256 characters (${key})`);
    }
  }
}

function refusal(code: string, message: string) {
  return ec2Error('CreateTags', code, message);
}
