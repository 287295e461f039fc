import { list, text, texts, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { between, fail, given, known, length, oneOf } from './checks';
import { serviceError } from './errors';
import type { AwsSession } from './session';
import { METRIC_ALARM } from './tokens';

const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];

export const metricAlarm: AwsType = {
  token: METRIC_ALARM,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['name'],
  autoName: { property: 'name', maxLength: 255 },
  defaults: () => ({ actionsEnabled: true, treatMissingData: 'missing' }),
  check: (inputs) => [
    ...length(inputs, 'name', 1, 255),
    ...oneOf(inputs, 'comparisonOperator', COMPARISONS),
    ...oneOf(inputs, 'statistic', ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']),
    ...oneOf(inputs, 'treatMissingData', ['breaching', 'notBreaching', 'ignore', 'missing']),
    ...between(inputs, 'evaluationPeriods', 1, Number.MAX_SAFE_INTEGER),
    ...period(inputs),
    ...metric(inputs),
  ],
  create: (inputs, cloud) => {
    const name = text(inputs, 'name') ?? '';
    refuseAlarm(cloud, inputs);
    return { id: name, outputs: computedOf(cloud, name, inputs) };
  },
  update: (resource, inputs, cloud) => {
    refuseAlarm(cloud, inputs);
    return computedOf(cloud, resource.id, inputs);
  },
};

/** CloudWatch API, PutMetricAlarm: 10, 20, 30 or a multiple of 60 seconds. */
function period(inputs: Props) {
  const value = known(inputs, 'period');
  if (typeof value !== 'number' || [10, 20, 30].includes(value) || (value > 0 && value % 60 === 0)) return [];
  return [fail('period', `period must be one of 10, 20, 30 or a multiple of 60, got ${value}`)];
}

function metric(inputs: Props) {
  const kinds = ['metricName', 'metricQueries', 'evaluationCriteria'].filter((name) => given(inputs, name));
  if (kinds.length !== 1) {
    return [fail('metricName', 'one and only one of `evaluation_criteria,metric_name,metric_query` must be specified')];
  }
  if (kinds[0] !== 'metricName') return [];
  const statistics = ['statistic', 'extendedStatistic'].filter((name) => given(inputs, name));
  if (statistics.length === 1) return [];
  return [fail('statistic', 'One of `statistic` or `extended_statistic` must be set for a non-metric query alarm')];
}

function refuseAlarm(cloud: AwsSession, inputs: Props): void {
  for (const actions of ['alarmActions', 'okActions', 'insufficientDataActions']) {
    const bad = texts(inputs, actions).find(
      (arn) => !/^arn:aws[\w-]*:(sns|automate|swf|ssm|lambda|autoscaling|ssm-incidents):/.test(arn),
    );
    if (bad === undefined && list(inputs, actions).length <= 5) continue;
    const why = bad === undefined ? `${actions} holds more than 5 actions` : `Invalid arn syntax: ${bad}`;
    throw serviceError('CloudWatch', 'PutMetricAlarm', 'ValidationError', why);
  }
  const foreign = texts(inputs, 'alarmActions').find(
    (arn) => arn.startsWith('arn:aws:sns:') && arn.split(':')[3] !== cloud.region,
  );
  if (foreign !== undefined) {
    throw serviceError(
      'CloudWatch',
      'PutMetricAlarm',
      'ValidationError',
      `Invalid region ${foreign.split(':')[3]} specified. Only ${cloud.region} is supported.`,
    );
  }
}

function computedOf(cloud: AwsSession, name: string, inputs: Props): Props {
  const queries = list(inputs, 'metricQueries').length > 0;
  return {
    arn: cloud.arn('cloudwatch', `alarm:${name}`),
    datapointsToAlarm: inputs['datapointsToAlarm'] ?? 0,
    evaluateLowSampleCountPercentiles: text(inputs, 'evaluateLowSampleCountPercentiles') ?? '',
    ...(queries ? {} : { metricQueries: [] }),
  };
}
