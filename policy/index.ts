import { PolicyPack } from '@pulumi/policy';
import { policiesOf } from './adapter';
import { rules } from './rules';

new PolicyPack('multicloud-cassandra', { policies: policiesOf(rules) });
