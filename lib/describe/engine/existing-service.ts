import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** What an existing service was made with. */
export enum ExistingServiceKind {
  /** A KServe InferenceService. */
  KSERVE = 'kserve',
  /** A SeldonDeployment of Seldon Core v1. */
  SELDON_CORE_V1 = 'seldon-core-v1',
  /** A Model of Seldon Core v2. */
  SELDON_CORE_V2 = 'seldon-core-v2',
  /** Anything with a Service. */
  SERVICE = 'service',
}

/** Properties that every existing service has. */
export interface ExistingServiceProps {
  /**
   * Percent of the requests that the new service gets; the existing one gets the others.
   * @default 0
   */
  readonly percent?: number;
  /**
   * Name by which requests ask it for its model, in the path or the body: the new service's model must have the same.
   * @default - KServe: the InferenceService's name, as all of its own servers have it; Seldon Core v2: the Model's; else not known
   */
  readonly modelName?: string;
}

/** Properties of `ExistingService.kserve`. */
export interface ExistingKServeProps extends ExistingServiceProps {
  /**
   * Port of gRPC requests: the container's, which KServe's Service repeats.
   * @default - not known: gRPC can't be exposed meanwhile
   */
  readonly grpcPort?: number;
  /**
   * Whether it has a transformer: requests then go to that one's Service, `<name>-transformer`, and not past it.
   * @default false
   */
  readonly transformer?: boolean;
}

/** Properties of `ExistingService.seldonCoreV1`. */
export interface ExistingSeldonCoreV1Props extends ExistingServiceProps {
  /**
   * Name of the predictor.
   * @default default
   */
  readonly predictor?: string;
}

/** Properties of `ExistingService.service`. */
export interface ExistingPlainServiceProps extends ExistingServiceProps {
  /**
   * Port of HTTP requests.
   * @default 80
   */
  readonly port?: number;
  /**
   * Port of gRPC requests.
   * @default - not known: gRPC can't be exposed meanwhile
   */
  readonly grpcPort?: number;
}

const PERCENT = is.integer(0, 100);
const PORT = is.integer(1, 65_535);
const SHARED = { name: is.required(named.label), percent: PERCENT, modelName: is.text('a name of a model', /^\S+$/) };
const KSERVE: Shape<ExistingKServeProps & { name: string }> = { ...SHARED, grpcPort: PORT, transformer: is.flag };
const SELDON_V1: Shape<ExistingSeldonCoreV1Props & { name: string }> = { ...SHARED, predictor: named.label };
const SELDON_V2: Shape<ExistingServiceProps & { name: string }> = SHARED;
const SERVICE: Shape<ExistingPlainServiceProps & { name: string }> = { ...SHARED, port: PORT, grpcPort: PORT };

interface Backend {
  readonly service: string;
  readonly port: number;
  readonly grpcPort?: number;
  readonly headers?: { readonly [name: string]: string };
}

/**
 * A service that was made without this library, in the same namespace, and keeps answering under the same host name while the new one comes up
 * beside it. Both must speak the same protocol and know the model by the same name (`modelName`).
 */
export class ExistingService {
  /**
   * A KServe InferenceService in Standard (RawDeployment) mode.
   * @param name of the InferenceService.
   */
  public static kserve(name: string, props: ExistingKServeProps = {}): ExistingService {
    const checked = checkShape('ExistingService.kserve', KSERVE, { ...props, name });
    // https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/reconcilers/service/service_reconciler.go
    const { name: given, transformer } = checked.props;
    return new ExistingService(ExistingServiceKind.KSERVE, { ...checked.props, modelName: checked.props.modelName ?? given }, { service: `${given}-${transformer ? 'transformer' : 'predictor'}`, port: 80, grpcPort: checked.props.grpcPort }, checked.findings);
  }

  /**
   * A SeldonDeployment of Seldon Core v1.
   * @param name of the SeldonDeployment.
   */
  public static seldonCoreV1(name: string, props: ExistingSeldonCoreV1Props = {}): ExistingService {
    const checked = checkShape('ExistingService.seldonCoreV1', SELDON_V1, { ...props, name });
    // https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/apis/machinelearning.seldon.io/v1/seldondeployment_types.go
    return new ExistingService(ExistingServiceKind.SELDON_CORE_V1, checked.props, { service: `${checked.props.name}-${checked.props.predictor ?? 'default'}`, port: 8000, grpcPort: 5001 }, checked.findings);
  }

  /**
   * A Model of Seldon Core v2. The Gateway must be able to set headers for one of two backends, which not every implementation is.
   * @param name of the Model.
   */
  public static seldonCoreV2(name: string, props: ExistingServiceProps = {}): ExistingService {
    const checked = checkShape('ExistingService.seldonCoreV2', SELDON_V2, { ...props, name });
    return new ExistingService(ExistingServiceKind.SELDON_CORE_V2, { ...checked.props, modelName: checked.props.modelName ?? checked.props.name }, { service: 'seldon-mesh', port: 80, grpcPort: 80, headers: { 'Seldon-Model': checked.props.name ?? 'unknown' } }, checked.findings);
  }

  /**
   * Anything else that has a Service.
   * @param name of the Service.
   */
  public static service(name: string, props: ExistingPlainServiceProps = {}): ExistingService {
    const checked = checkShape('ExistingService.service', SERVICE, { ...props, name });
    return new ExistingService(ExistingServiceKind.SERVICE, checked.props, { service: checked.props.name ?? 'unknown', port: checked.props.port ?? 80, grpcPort: checked.props.grpcPort }, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal Where its requests go. */
  public readonly _backend: Backend;
  /** What it was made with. */
  public readonly kind: ExistingServiceKind;
  /** Its name. */
  public readonly name: string;
  /** Percent of the requests that the new service gets. */
  public readonly percent: number;
  /** Name by which requests ask for its model, where it is known. */
  public readonly modelName?: string;

  private constructor(kind: ExistingServiceKind, props: Partial<ExistingServiceProps & { name: string }>, backend: Backend, findings: Finding[]) {
    this.kind = kind;
    this.name = props.name ?? 'unknown';
    this.percent = props.percent ?? 0;
    this.modelName = props.modelName;
    this._backend = backend;
    this._findings = findings;
  }
}
