import { Finding } from '../problem';
import { InferenceProtocol, ServerFacts } from './server-facts';

/** A model as a server is to load it. */
export interface ServedModel {
  /** Name by which clients ask for it. */
  readonly name: string;
  /** Format. */
  readonly format: string;
  /** Absolute path of the folder (or single file) with the model's files, as `ServerDefinition.modelPath` placed it. */
  readonly path: string;
  /**
   * The class that implements it.
   * @default - none
   */
  readonly implementation?: string;
  /**
   * What that class is told beside, as JSON.
   * @default - nothing
   */
  readonly extra?: string;
  /**
   * Absolute path of mounted Python code.
   * @default - none is mounted
   */
  readonly codePath?: string;
  /**
   * The image that holds the model's code.
   * @default - the server's own
   */
  readonly codeImage?: string;
}

/** The devices that a copy gets. */
export interface ServedAccelerator {
  /** Who makes them: a value of `AcceleratorKind`. */
  readonly vendor: string;
  /** How many. */
  readonly count: number;
}

/** Where a server is to send traces. */
export interface ServedTracing {
  /** Address, in the way that `ServerFacts.tracing` says: without a path. */
  readonly address: string;
  /** Name of the service, on all its spans. */
  readonly serviceName: string;
  /** Percent of the requests that are traced. */
  readonly samplePercent: number;
}

/** Which requests a server is to answer together. */
export interface ServedBatching {
  /** Requests at the most. */
  readonly maxSize: number;
  /** Seconds that a request may wait for others. */
  readonly maxSeconds: number;
}

/** The predictor that a program before it, or an explainer, asks. */
export interface ServedPredictor {
  /** Host and port. */
  readonly host: string;
  /** Protocol: a name of `InferenceProtocol`. */
  readonly protocol: string;
  /** The address of its predictions; by gRPC host and port. */
  readonly url: string;
}

/** What a server is asked to be started for. */
export interface LaunchRequest {
  /** The models; one, but in a pool. */
  readonly models: ServedModel[];
  /**
   * Whether it is a pool: each model in a folder of its own, and others may follow.
   * @default false
   */
  readonly pool?: boolean;
  /**
   * Whether it starts without models, and is told by its repository API which to load from folders below `/mnt/models`. Its HTTP port is then 8080,
   * where KServe's agent asks it. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/agent/puller.go
   * @default false
   */
  readonly startsEmpty?: boolean;
  /** Version of the server, from the defaults set or the server's own props. */
  readonly version: string;
  /** The protocol that clients will speak. */
  readonly protocol: InferenceProtocol;
  /**
   * The devices of a copy.
   * @default - CPU alone
   */
  readonly accelerator?: ServedAccelerator;
  /** Seconds that the longest answer may take. */
  readonly requestTimeoutSeconds: number;
  /** Seconds between the signal to stop and the kill. */
  readonly stopSeconds: number;
  /**
   * Where traces go.
   * @default - none are made
   */
  readonly tracing?: ServedTracing;
  /**
   * Which requests are answered together.
   * @default - none, or as the server does by itself
   */
  readonly batching?: ServedBatching;
  /**
   * The predictor that it asks.
   * @default - it is a predictor
   */
  readonly predictor?: ServedPredictor;
  /**
   * What is added to all of its ports, where another server is in the same pod.
   * @default 0
   */
  readonly portOffset?: number;
  /**
   * Whole CPUs that a copy may count on, at least 1.
   */
  readonly cpus: number;
}

/** An environment variable with a plain value. */
export interface ServerVariable {
  /** Name. */
  readonly name: string;
  /** Value; never a secret. */
  readonly value: string;
}

/** A file that the server needs beside the model. */
export interface ServerFile {
  /** Absolute path in the container. */
  readonly path: string;
  /** Content. */
  readonly content: string;
}

/** A folder that the server writes to. */
export interface WritableFolder {
  /** Absolute path in the container. */
  readonly path: string;
  /**
   * Whether it lies in memory (`/dev/shm`).
   * @default false
   */
  readonly memory?: boolean;
  /**
   * The most it may hold, in MiB.
   * @default 1024
   */
  readonly limitMib?: number;
}

/** One probe. */
export interface ServerProbe {
  /** Port: `http`, `grpc` or `metrics`. */
  readonly port: string;
  /**
   * Path of an HTTP probe.
   * @default - the port only has to accept connections
   */
  readonly path?: string;
  /**
   * Whether to ask by the gRPC health protocol.
   * @default false
   */
  readonly grpc?: boolean;
  /**
   * Service asked for by the gRPC health protocol.
   * @default - the server as a whole
   */
  readonly grpcService?: string;
}

/** How a server is started for its models. */
export interface ServerLaunch {
  /** The image, with tag or digest. */
  readonly image: string;
  /**
   * Entry point.
   * @default - the image's
   */
  readonly command?: string[];
  /**
   * Arguments.
   * @default - the image's
   */
  readonly args?: string[];
  /**
   * Environment.
   * @default - none
   */
  readonly environment?: ServerVariable[];
  /**
   * Files beside the model.
   * @default - none
   */
  readonly files?: ServerFile[];
  /**
   * A folder that holds nothing but files of `files`, mounted as a whole.
   * @default - each file is mounted by itself
   */
  readonly filesFolder?: string;
  /**
   * Folders that it writes to; everything else is read-only.
   * @default - none
   */
  readonly writable?: WritableFolder[];
  /**
   * Port of HTTP requests.
   * @default - none
   */
  readonly httpPort?: number;
  /**
   * Port of gRPC requests.
   * @default - none
   */
  readonly grpcPort?: number;
  /**
   * Port of metrics, when it is not the HTTP port.
   * @default - the HTTP port
   */
  readonly metricsPort?: number;
  /**
   * Path of metrics.
   * @default - no metrics
   */
  readonly metricsPath?: string;
  /** Answers when the model is loaded: asked until it first does, and then to send requests or not. */
  readonly readiness: ServerProbe;
  /** Answers as long as the process is alive, also while it is busy. */
  readonly liveness: ServerProbe;
  /**
   * Whether it answers no probe while it predicts: probes then wait as long as the longest answer.
   * @default false
   */
  readonly blocksWhileBusy?: boolean;
  /**
   * User that it runs as.
   * @default - the image's, which must be a number for 'restricted' pods
   */
  readonly user?: number;
  /**
   * Whether it runs as another user than root.
   * @default true
   */
  readonly nonRoot?: boolean;
  /**
   * Whether its root file system can be read-only.
   * @default true
   */
  readonly readOnlyRoot?: boolean;
  /**
   * What is wrong with what was asked for.
   * @default - nothing
   */
  readonly findings?: Finding[];
}

/** What clients need of each protocol. */
const EXPOSED: { readonly [protocol: string]: readonly string[] } = { 'v2-rest': ['/v2/models', '/v2/health'], 'v1-rest': ['/v1/models'], 'openai': ['/v1'] };

/** The same of gRPC. The V2 service of Triton also loads and unloads models. Source: https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto */
const EXPOSED_METHODS: { readonly [protocol: string]: readonly string[] } = {
  'v2-grpc': ['ServerLive', 'ServerReady', 'ServerMetadata', 'ModelReady', 'ModelMetadata', 'ModelInfer', 'ModelStreamInfer'].map((method) => `/inference.GRPCInferenceService/${method}`),
  'tensorflow-grpc': ['/tensorflow.serving.PredictionService'],
};

/**
 * An inference server: an entry of the catalogue, or one of your own.
 *
 * Extend it to add a server; what it says in `facts` is what the engine picks by, and `launch` starts it.
 */
export abstract class ServerDefinition {
  /** What is known of it. */
  public abstract readonly facts: ServerFacts;

  /** @internal What is wrong with the props it was made with. */
  public readonly _findings: readonly Finding[] = [];

  /** @internal Names of the props that it was made with: where others decide how it is started, these are lost. */
  public get _given(): readonly string[] {
    return [];
  }

  /** The version asked for by its props. */
  public get requestedVersion(): string | undefined {
    return undefined;
  }

  /**
   * The image that code for this server is built on.
   * @param _version of the server.
   * @returns undefined where the code is the server: then it is built on a bare Python.
   */
  public codeBaseImage(_version: string): string | undefined {
    return undefined;
  }

  /** How it is started. */
  public abstract launch(request: LaunchRequest): ServerLaunch;

  /**
   * The same server with histograms of latency that have these bounds, besides those it has: what gates and objectives are measured at.
   * @param _bounds in seconds.
   * @returns itself where bounds can't be set by its settings.
   */
  public withLatencyBounds(_bounds: number[]): ServerDefinition {
    return this;
  }

  /**
   * The folder that the model's files are put into.
   * @param root where models lie.
   * @param _modelName name of the model.
   */
  public modelPath(root: string, _modelName: string): string {
    return root;
  }

  /**
   * Paths, and all below them, that a Gateway or Ingress leads to: what clients need, and nothing by which models are unloaded or settings changed.
   */
  public exposedPaths(): string[] {
    const paths = this.facts.protocols.filter((protocol) => protocol.http).flatMap((protocol) => EXPOSED[protocol.name] ?? ['/']);
    return paths.includes('/') ? ['/'] : [...new Set(paths)];
  }

  /** The same of gRPC: `/service/method`, or `/service` for all of its methods; none of them all for a protocol that is not known. */
  public exposedMethods(): string[] {
    const protocols = this.facts.protocols.filter((protocol) => !protocol.http);
    return protocols.every((protocol) => EXPOSED_METHODS[protocol.name] !== undefined) ? protocols.flatMap((protocol) => EXPOSED_METHODS[protocol.name]!) : [];
  }

  /**
   * The path that clients send predictions to.
   * @param protocol what they speak.
   * @param modelName name of the model.
   */
  public requestPath(protocol: InferenceProtocol, modelName: string): string {
    switch (protocol.name) {
      case InferenceProtocol.V2_REST.name: return `/v2/models/${modelName}/infer`;
      case InferenceProtocol.V1_REST.name: return `/v1/models/${modelName}:predict`;
      case InferenceProtocol.OPENAI.name: return '/v1/chat/completions';
      case InferenceProtocol.V2_GRPC.name: return '/inference.GRPCInferenceService/ModelInfer';
      case InferenceProtocol.TENSORFLOW_GRPC.name: return '/tensorflow.serving.PredictionService/Predict';
      default: return '/';
    }
  }
}
