import assert from 'node:assert/strict';
import { linkedSettings } from '../fixturesGcp';
import type { Recording } from '../recorder';
import { linkedSites } from './linkedSites';

const ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
const POLICY = 'gcp:monitoring/alertPolicy:AlertPolicy';

describe('alarms of a link', () => {
  let recording: Recording;
  before(async () => {
    const alerts = {
      snsTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
      notificationChannels: ['projects/example-project/notificationChannels/1'],
    };
    ({ recording } = await linkedSites({ stack: { ...linkedSettings, alerts } }));
  });

  it('watch every tunnel on AWS by its outside address', () => {
    const alarms = recording.ofType(ALARM).map(({ inputs }) => inputs);
    assert.deepEqual(
      alarms.map(({ dimensions }) => dimensions),
      [
        { TunnelIpAddress: 'link-connection-0-tunnel1' },
        { TunnelIpAddress: 'link-connection-0-tunnel2' },
        { TunnelIpAddress: 'link-connection-1-tunnel1' },
        { TunnelIpAddress: 'link-connection-1-tunnel2' },
      ],
    );
    for (const { namespace, metricName, threshold, comparisonOperator } of alarms) {
      assert.deepEqual(
        [namespace, metricName, comparisonOperator, threshold],
        ['AWS/VPN', 'TunnelState', 'LessThanThreshold', 1],
      );
    }
  });

  it('watch tunnels and BGP sessions on Google Cloud by the names they are made with', () => {
    const { conditions } = recording.one(POLICY).inputs as {
      conditions: { conditionThreshold: { filter: string } }[];
    };
    const [tunnels, sessions] = conditions.map(({ conditionThreshold }) => conditionThreshold.filter);
    for (const { inputs } of recording.ofType('gcp:compute/vPNTunnel:VPNTunnel')) {
      assert.ok(tunnels?.includes(`"${String(inputs.name)}"`));
    }
    for (const { inputs } of recording.ofType('gcp:compute/routerPeer:RouterPeer')) {
      assert.ok(sessions?.includes(`"${String(inputs.name)}"`));
    }
    assert.match(tunnels ?? '', /vpn\.googleapis\.com\/tunnel_established/);
    assert.match(sessions ?? '', /router\.googleapis\.com\/bgp\/session_up/);
  });

  it('tell whom the settings name', () => {
    for (const { inputs } of recording.ofType(ALARM)) {
      assert.deepEqual(inputs.alarmActions, ['arn:aws:sns:eu-west-1:123456789012:alerts']);
      assert.deepEqual(inputs.okActions, inputs.alarmActions);
    }
    assert.deepEqual(recording.one(POLICY).inputs.notificationChannels, [
      'projects/example-project/notificationChannels/1',
    ]);
  });

  it('tell nobody where the settings name nobody', async () => {
    const { recording: silent } = await linkedSites();
    for (const { inputs } of silent.ofType(ALARM)) assert.deepEqual(inputs.alarmActions, []);
    assert.deepEqual(silent.one(POLICY).inputs.notificationChannels, []);
  });

  it('come after the sessions they watch and the monitoring API', () => {
    const policy = recording.one(POLICY);
    assert.ok(recording.waitsFor(policy, recording.one('gcp:projects/service:Service', 'monitoring')));
    for (const session of recording.ofType('gcp:compute/routerPeer:RouterPeer')) {
      assert.ok(recording.waitsFor(policy, session));
      for (const alarm of recording.ofType(ALARM)) assert.ok(recording.waitsFor(alarm, session));
    }
  });
});
