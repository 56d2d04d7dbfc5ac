import { Duration, Size } from 'cdk8s';
import { asLabelValue } from './checks/names';
import { checkShape, is, Shape } from './checks/shape';
import { Credentials } from './credentials';
import { ModelFormat } from './model-format';
import { ModelSource } from './model-source';
import { Finding, ProblemKind } from './problem';
import { PythonCode } from './python-code';

const IGNORED = ProblemKind.error('SERVING_SOURCE_TWICE', 'Two places for one model', 'One of them would be left out, and which one is not to be seen.');

/** What is said of every model. */
export interface ModelDescription {
  /**
   * Version, as people name it: a label and part of the metrics.
   * @default - the version that the source's address names
   */
  readonly version?: string;
  /**
   * Name by which clients ask for the model.
   * @default - the service's name
   */
  readonly name?: string;
  /**
   * Bytes of all files. Memory, disk, probes and the download's limits follow it.
   * @default - 512 MiB is allowed for
   */
  readonly size?: Size;
  /**
   * Time that the server needs from its start until the model answers, without the download.
   * @default - by size, from the defaults set
   */
  readonly loadTime?: Duration;
}

/** Properties of a model in files. */
export interface ModelProps extends ModelDescription {
  /** Where the files are. */
  readonly source: ModelSource;
}

/** Properties of `Model.huggingFace`. */
export interface HuggingFaceModelProps extends ModelDescription {
  /**
   * The commit. A branch or tag can move, which is a warning.
   * @default - the main branch
   */
  readonly revision?: string;
  /**
   * A token for gated or private repositories.
   * @default - none
   */
  readonly credentials?: Credentials;
  /**
   * A copy of the repository's files elsewhere, such as in S3.
   * @default - downloaded from the hub
   */
  readonly source?: ModelSource;
}

/** Properties of `Model.custom`. */
export interface CustomModelProps extends ModelDescription {
  /**
   * The model's files.
   * @default - the code brings them
   */
  readonly source?: ModelSource;
  /**
   * The code that serves the model.
   * @default - it is in the server's image
   */
  readonly code?: PythonCode;
  /**
   * The class that implements the model, for MLServer: `module.Class`.
   * @default - none: the code is a server of its own
   */
  readonly implementation?: string;
}

const DESCRIPTION: Shape<ModelDescription> = {
  version: is.text('a version of at most 63 characters', /^\S+$/, { max: 63 }),
  name: is.text("a model's name: letters, digits, '.', '_' and '-', at most 63", /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { fix: "leave '/' out: the name is part of addresses and labels" }),
  size: is.size, loadTime: is.duration(1, 6 * 3600),
};
const SOURCE = is.instance(ModelSource, "ModelSource.s3('s3://bucket/path/v1')");
const MODEL: Shape<ModelProps> = { ...DESCRIPTION, source: is.required(SOURCE) };
const HUB: Shape<HuggingFaceModelProps> = { ...DESCRIPTION, revision: is.text(), credentials: is.instance(Credentials), source: SOURCE };
const CUSTOM: Shape<CustomModelProps> = {
  ...DESCRIPTION, source: SOURCE, code: is.instance(PythonCode, "PythonCode.mount('server')"),
  implementation: is.text("a Python class, 'module.Class'", /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/),
};

/** A trained artefact: its format, where its files are, which version, how large. */
export class Model {
  /** A scikit-learn model (`model.joblib`, `model.pkl`). */
  public static sklearn(props: ModelProps): Model { return Model.of(ModelFormat.SKLEARN, props); }
  /** An XGBoost model. */
  public static xgboost(props: ModelProps): Model { return Model.of(ModelFormat.XGBOOST, props); }
  /** A LightGBM model. */
  public static lightgbm(props: ModelProps): Model { return Model.of(ModelFormat.LIGHTGBM, props); }
  /** A CatBoost model. */
  public static catboost(props: ModelProps): Model { return Model.of(ModelFormat.CATBOOST, props); }
  /** An MLflow model folder. */
  public static mlflow(props: ModelProps): Model { return Model.of(ModelFormat.MLFLOW, props); }
  /** An ONNX model. */
  public static onnx(props: ModelProps): Model { return Model.of(ModelFormat.ONNX, props); }
  /** A PyTorch model. */
  public static pytorch(props: ModelProps): Model { return Model.of(ModelFormat.PYTORCH, props); }
  /** A TensorFlow SavedModel. */
  public static tensorflow(props: ModelProps): Model { return Model.of(ModelFormat.TENSORFLOW, props); }
  /** A TensorRT plan. */
  public static tensorrt(props: ModelProps): Model { return Model.of(ModelFormat.TENSORRT, props); }
  /** An OpenVINO model. */
  public static openvino(props: ModelProps): Model { return Model.of(ModelFormat.OPENVINO, props); }

  /** A model of any format. */
  public static of(format: ModelFormat, props: ModelProps): Model {
    const checked = checkShape(`Model (${formatName(format)})`, MODEL, props);
    return new Model(format, checked.props, checked.findings);
  }

  /**
   * A Hugging Face repository.
   * @param repository `organisation/name`.
   */
  public static huggingFace(repository: string, props: HuggingFaceModelProps = {}): Model {
    const checked = checkShape('Model.huggingFace', HUB, props);
    const { revision, credentials, ...rest } = checked.props;
    if (rest.source !== undefined) {
      if (revision !== undefined || credentials !== undefined) {
        checked.findings.push(IGNORED.found({ what: "Model.huggingFace: 'revision' and 'credentials' are the hub's, and 'source' names another store", got: revision === undefined ? 'credentials' : 'revision', fix: "leave them out; say the version by 'version', and the credentials in the source" }));
      }
      return new Model(ModelFormat.HUGGING_FACE, rest, checked.findings);
    }
    const source = ModelSource.huggingFace(repository, { revision, credentials });
    return new Model(ModelFormat.HUGGING_FACE, { ...rest, source }, [...checked.findings.filter((finding) => !source._findings.includes(finding)), ...source._findings]);
  }

  /** A model that your own code serves. */
  public static custom(props: CustomModelProps = {}): Model {
    const checked = checkShape('Model.custom', CUSTOM, props);
    return new Model(ModelFormat.CUSTOM, checked.props, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Its format. */
  public readonly format: ModelFormat;
  /** Where its files are; none when the code or the image brings them. */
  public readonly source?: ModelSource;
  /** Its version, as a label takes it. */
  public readonly version?: string;
  /** Name by which clients ask for it, if it was said. */
  public readonly name?: string;
  /** Bytes of all files, if it was said. */
  public readonly size?: Size;
  /** Time that the server needs to load it, if it was said. */
  public readonly loadTime?: Duration;
  /** The code that serves it. */
  public readonly code?: PythonCode;
  /** The class that implements it. */
  public readonly implementation?: string;

  private constructor(format: ModelFormat, props: Partial<CustomModelProps>, findings: Finding[]) {
    const known = format instanceof ModelFormat;
    const format_ = checkShape('Model.of', { format: is.required(is.instance(ModelFormat, 'ModelFormat.SKLEARN')) }, { format });
    this._findings = [...format_.findings, ...findings];
    this.format = known ? format : ModelFormat.CUSTOM;
    this.source = props.source;
    const version = props.version ?? props.source?.version;
    this.version = version === undefined ? undefined : asLabelValue(version) || undefined;
    this.name = props.name;
    this.size = props.size;
    this.loadTime = props.loadTime;
    this.code = props.code;
    this.implementation = props.implementation;
  }
}

function formatName(format: ModelFormat): string {
  return format instanceof ModelFormat ? format.name : 'of an unknown format';
}
