import assert from 'node:assert/strict';
import type { Policies, PolicyResource } from '@pulumi/policy';
import server = require('@pulumi/policy/server');
import analyzer = require('@pulumi/pulumi/proto/analyzer_pb');
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { decodeOnce } from '../../policy/decodeOnce';

type Answer = (error: Error | null, response: unknown) => void;
type AnalyzeStack = (call: { request: unknown }, answer: Answer) => void;

/** The SDK's own handler of the engine's call for a stack. */
const { makeAnalyzeStackRpcFun } = server as unknown as {
  makeAnalyzeStackRpcFun: (pack: string, version: string, level: string, policies: Policies) => AnalyzeStack;
};

describe('decoding of the engine’s messages', () => {
  it('hands every policy what was decoded for the first', async () => {
    decodeOnce();
    const seen: PolicyResource[] = [];
    const policies: Policies = ['first', 'second', 'third'].map((name) => ({
      name,
      description: name,
      validateStack: ({ resources }) => {
        seen.push(...resources);
      },
    }));
    const properties = Struct.fromJavaScript({ cidrBlock: '10.100.0.0/16' });
    const decodings = countCalls(properties, 'toJavaScript');
    await analyzeStack(makeAnalyzeStackRpcFun('pack', '1', 'mandatory', policies), properties);
    assert.deepEqual(
      seen.map(({ props }) => props['cidrBlock'] as unknown),
      ['10.100.0.0/16', '10.100.0.0/16', '10.100.0.0/16'],
    );
    assert.equal(decodings(), 1);
  });
});

function analyzeStack(analyze: AnalyzeStack, properties: Struct): Promise<unknown> {
  const resource = new analyzer.AnalyzerResource();
  resource.setType('aws:ec2/vpc:Vpc');
  resource.setUrn('urn:pulumi:test::test::aws:ec2/vpc:Vpc::vpc');
  resource.setProperties(properties);
  resource.setOptions(new analyzer.AnalyzerResourceOptions());
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList([resource]);
  return new Promise((resolve, reject) => {
    analyze({ request }, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** Counts the calls of a method of one object from now on. */
function countCalls(target: Struct, method: 'toJavaScript'): () => number {
  const original = target[method].bind(target);
  let calls = 0;
  target[method] = () => {
    calls += 1;
    return original();
  };
  return () => calls;
}
