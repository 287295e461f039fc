import assert from 'node:assert/strict';
import { parseAddress } from '../../../reachability/ip';
import type { Pod } from '../../../reachability/model/kubernetes/cluster';
import { judgePolicies, readNetworkPolicies } from '../../../reachability/model/kubernetes/networkPolicy';
import { Resource } from '../../../reachability/resources/resource';

const policy = (name: string, spec: Record<string, unknown>): Resource =>
  new Resource({
    urn: `urn:pulumi:s::p::kubernetes:networking.k8s.io/v1:NetworkPolicy::${name}`,
    type: 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
    inputs: { metadata: { name, namespace: 'db' }, spec },
  });
const namespace = (name: string, labels: Record<string, string>): Resource =>
  new Resource({
    urn: `urn:pulumi:s::p::kubernetes:core/v1:Namespace::${name}`,
    type: 'kubernetes:core/v1:Namespace',
    inputs: { metadata: { name, labels } },
  });
const pod = (name: string, space: string, labels: Record<string, string>): Pod => ({
  name,
  namespace: space,
  labels: new Map(Object.entries(labels)),
});

const database = pod('db-0', 'db', { app: 'db' });
const client = pod('web-0', 'apps', { app: 'web' });

function verdict(objects: readonly Resource[], peer: Pod | string, port = 9042, protocol: 'tcp' | 'udp' = 'tcp') {
  const from =
    typeof peer === 'string' ? { address: parseAddress(peer) ?? 0, pod: undefined } : { address: 1, pod: peer };
  const decision = judgePolicies(readNetworkPolicies(objects), 'ingress', database, from, { protocol, port });
  return decision === undefined ? 'open' : decision.allow;
}

const admit = (from: unknown[], ports: unknown[] = [{ protocol: 'TCP', port: 9042 }]) =>
  policy('admit', {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [{ from, ports }],
  });

describe('network policies', () => {
  it('leave a pod open that none selects', () => {
    assert.equal(verdict([policy('other', { podSelector: { matchLabels: { app: 'web' } } })], client), 'open');
  });

  it('close a pod that one selects without a rule', () => {
    assert.equal(verdict([policy('deny', { podSelector: {}, policyTypes: ['Ingress'] })], client), false);
  });

  it('add up: any policy may admit', () => {
    const deny = policy('deny', { podSelector: {}, policyTypes: ['Ingress'] });
    assert.equal(verdict([deny, admit([{ namespaceSelector: {} }])], client), true);
  });

  it('take a pod selector alone for pods of the own namespace', () => {
    const rule = admit([{ podSelector: { matchLabels: { app: 'web' } } }]);
    assert.equal(verdict([rule], client), false);
    assert.equal(verdict([rule], pod('web-1', 'db', { app: 'web' })), true);
  });

  it('want both selectors of one entry to match', () => {
    const rule = admit([
      { namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: { matchLabels: { app: 'web' } } },
    ]);
    assert.equal(verdict([rule, namespace('apps', { team: 'shop' })], client), true);
    assert.equal(verdict([rule, namespace('apps', { team: 'other' })], client), false);
  });

  it('know every namespace by its name', () => {
    const rule = admit([{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'apps' } } }]);
    assert.equal(verdict([rule], client), true);
  });

  it('admit addresses of a block, but for its exceptions', () => {
    const rule = admit([{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] } }]);
    assert.equal(verdict([rule], '10.1.0.1'), true);
    assert.equal(verdict([rule], '10.9.0.1'), false);
    assert.equal(verdict([rule], '192.168.0.1'), false);
  });

  it('match ports by number, name and range, and TCP unless said', () => {
    const everybody = [{ namespaceSelector: {} }];
    assert.equal(verdict([admit(everybody, [{ port: 'native' }])], client), true);
    assert.equal(verdict([admit(everybody, [{ port: 9000, endPort: 9100 }])], client), true);
    assert.equal(verdict([admit(everybody, [{ port: 9000, endPort: 9040 }])], client), false);
    assert.equal(verdict([admit(everybody, [{ port: 9042 }])], client, 9042, 'udp'), false);
    assert.equal(verdict([admit(everybody, [])], client, 1), true);
  });
});
