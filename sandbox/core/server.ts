import * as grpc from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import * as proto from '@pulumi/pulumi/proto/provider_pb';
import services from '@pulumi/pulumi/proto/provider_grpc_pb';
import status from '@pulumi/pulumi/proto/status_pb';
import { NotConfigured, ProviderEngine, type Surroundings } from './engine';
import { CloudError, InitializationFailed } from './errors';
import type { CloudSession, ProviderDefinition } from './resourceType';
import type { CheckFailure } from './validate';
import type { ChangeKind } from './diff';
import { revealed, type Props, type Value } from './values';

type Call<Q> = grpc.ServerUnaryCall<Q, unknown>;
type Answer<A> = grpc.sendUnaryData<A>;

/** As the engine itself allows: a state of many resources passes in one message. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A provider server on a loopback port, for `PULUMI_DEBUG_PROVIDERS`. */
export interface RunningProvider {
  readonly port: number;
  stop(): Promise<void>;
}

export async function serve<C extends CloudSession>(
  provider: ProviderDefinition<C>,
  around: Surroundings,
): Promise<RunningProvider> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  server.addService(services.ResourceProviderService, handlers(provider, around));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}

/**
 * One server answers for every provider resource of its package. The engine opens one connection per provider
 * resource and names it in no request, so the connection is what tells one configuration from another.
 */
function handlers<C extends CloudSession>(provider: ProviderDefinition<C>, around: Surroundings) {
  const sessions = new Map<string, C>();
  const engineFor = (call: { getPeer(): string }) =>
    new ProviderEngine(provider, around, () => {
      const session = sessions.get(call.getPeer());
      if (!session) throw new NotConfigured(`the ${provider.name} provider is not configured`);
      return session;
    });

  return {
    getPluginInfo: unary<Empty, plugin.PluginInfo>(() => new plugin.PluginInfo().setVersion(provider.version)),
    attach: unary<plugin.PluginAttach, Empty>(() => new Empty()),
    cancel: unary<Empty, Empty>(() => new Empty()),

    checkConfig: unary<proto.CheckRequest, proto.CheckResponse>((call) => {
      const config = props(call.request.getNews());
      const failures = [...unknownConfig(provider, config), ...(provider.checkConfig?.(config) ?? [])];
      return checkResponse(config, failures);
    }),

    diffConfig: unary<proto.DiffRequest, proto.DiffResponse>((call) => {
      const olds = props(call.request.getOldInputs() ?? call.request.getOlds());
      const news = props(call.request.getNews());
      const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
        (key) => !key.startsWith('__') && JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
      );
      return new proto.DiffResponse()
        .setChanges(
          changed.length ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
        )
        .setDiffsList(changed);
    }),

    configure: unary<proto.ConfigureRequest, proto.ConfigureResponse>(async (call) => {
      sessions.set(call.getPeer(), await provider.configure(props(call.request.getArgs())));
      return new proto.ConfigureResponse().setSupportspreview(true);
    }),

    invoke: unary<proto.InvokeRequest, proto.InvokeResponse>(async (call) => {
      const token = call.request.getTok();
      const run = provider.functions?.[token];
      if (!run) throw new Error(`${token} is not a function the local ${provider.name} cloud knows`);
      const session = sessions.get(call.getPeer());
      if (!session) throw new NotConfigured(`the ${provider.name} provider is not configured`);
      return new proto.InvokeResponse().setReturn(struct(await run(props(call.request.getArgs()), session)));
    }),

    check: unary<proto.CheckRequest, proto.CheckResponse>((call) => {
      const { request } = call;
      const { inputs, failures } = engineFor(call).check(
        request.getUrn(),
        props(request.getOlds()),
        props(request.getNews()),
        seedOf(request),
      );
      return checkResponse(inputs, failures);
    }),

    diff: unary<proto.DiffRequest, proto.DiffResponse>((call) => {
      const { request } = call;
      const olds = props(request.getOldInputs() ?? request.getOlds());
      return diffResponse(engineFor(call).diff(request.getUrn(), olds, props(request.getNews())));
    }),

    create: unary<proto.CreateRequest, proto.CreateResponse>(async (call) => {
      const { request } = call;
      const inputs = props(request.getProperties());
      if (request.getPreview()) {
        const outputs = engineFor(call).previewCreate(request.getUrn(), inputs);
        return new proto.CreateResponse().setProperties(struct(outputs));
      }
      const created = await engineFor(call).create(request.getUrn(), inputs);
      return new proto.CreateResponse().setId(created.id).setProperties(struct(created.outputs));
    }),

    read: unary<proto.ReadRequest, proto.ReadResponse>(async (call) => {
      const { request } = call;
      const known = { inputs: props(request.getInputs()), outputs: props(request.getProperties()) };
      const found = await engineFor(call).read(request.getUrn(), request.getId(), known);
      if (!found) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(request.getId())
        .setInputs(struct(found.inputs))
        .setProperties(struct(found.outputs));
    }),

    update: unary<proto.UpdateRequest, proto.UpdateResponse>(async (call) => {
      const { request } = call;
      const inputs = props(request.getNews());
      const outputs = request.getPreview()
        ? engineFor(call).previewUpdate(
            request.getUrn(),
            props(request.getOlds()),
            props(request.getOldInputs()),
            inputs,
          )
        : await engineFor(call).update(request.getUrn(), request.getId(), inputs);
      return new proto.UpdateResponse().setProperties(struct(outputs));
    }),

    delete: unary<proto.DeleteRequest, Empty>(async (call) => {
      await engineFor(call).delete(call.request.getUrn(), call.request.getId());
      return new Empty();
    }),
  };
}

function unary<Q, A>(handle: (call: Call<Q>) => A | Promise<A>) {
  return (call: Call<Q>, answer: Answer<A>): void => {
    Promise.resolve()
      .then(() => handle(call))
      .then(
        (response) => answer(null, response),
        (error: unknown) => answer(serviceError(error)),
      );
  };
}

/** An error as the engine shows it: the cloud's words for a refusal, the stack for a fault of the server itself. */
function serviceError(error: unknown): Partial<grpc.StatusObject> & { name: string; message: string } {
  if (error instanceof InitializationFailed) return initializationError(error);
  const known = error instanceof CloudError || error instanceof NotConfigured;
  const message = error instanceof Error ? error.message : String(error);
  if (!known && error instanceof Error) process.stderr.write(`local clouds: ${error.stack}\n`);
  return { name: 'ServiceError', code: grpc.status.UNKNOWN, details: message, message };
}

function initializationError(error: InitializationFailed) {
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setInputs(struct(error.inputs));
  detail.setProperties(struct({ ...error.inputs, ...error.outputs }));
  detail.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const response = new status.Status();
  response.setCode(grpc.status.UNKNOWN);
  response.setMessage(error.message);
  response.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add('grpc-status-details-bin', Buffer.from(response.serializeBinary()));
  return { name: 'ServiceError', code: grpc.status.UNKNOWN, details: error.message, message: error.message, metadata };
}

function unknownConfig<C extends CloudSession>(provider: ProviderDefinition<C>, config: Props): CheckFailure[] {
  return Object.keys(config)
    .filter((key) => !key.startsWith('__') && key !== 'version' && !provider.configKeys.includes(key))
    .map((property) => ({ property, reason: `not a configuration key of the ${provider.name} provider` }));
}

function checkResponse(inputs: Props, failures: readonly CheckFailure[]): proto.CheckResponse {
  const response = new proto.CheckResponse().setInputs(struct(inputs));
  for (const { property, reason } of failures) {
    response.addFailures(new proto.CheckFailure().setProperty(property).setReason(reason));
  }
  return response;
}

function diffResponse(diff: ReturnType<ProviderEngine<CloudSession>['diff']>): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(diff.changes.length ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(diff.changes.map((change) => change.path.split(/[.[]/)[0] ?? ''))])
    .setReplacesList([...diff.replaces])
    .setDeletebeforereplace(diff.deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const change of diff.changes) {
    detailed.set(change.path, new proto.PropertyDiff().setKind(kindOf(change.kind, change.replace)).setInputdiff(true));
  }
  return response;
}

function kindOf(kind: ChangeKind, replace: boolean): proto.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  if (kind === 'add') return replace ? ADD_REPLACE : ADD;
  if (kind === 'delete') return replace ? DELETE_REPLACE : DELETE;
  return replace ? UPDATE_REPLACE : UPDATE;
}

/** Absent where the engine gives none: then the name depends on the URN alone. */
function seedOf(request: proto.CheckRequest): string | undefined {
  return request.getRandomseed_asB64() || undefined;
}

function props(value: Struct | undefined): Props {
  return revealed((value?.toJavaScript() ?? {}) as Props) as Props;
}

function struct(value: Props): Struct {
  return Struct.fromJavaScript(value as Record<string, Exclude<Value, null>>);
}
