import { PolicyPack } from '@pulumi/policy';
import { policiesOf } from './adapter';
import { decodeOnce } from './decodeOnce';
import { rules } from './rules';

decodeOnce();
new PolicyPack('multicloud-cassandra', { policies: policiesOf(rules) });
