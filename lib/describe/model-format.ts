import { Finding, ProblemKind } from './problem';

const BAD_FORMAT = ProblemKind.error('SERVING_FORMAT_NAME', 'A model format has a name that no server can match',
  'Formats are matched by name with what the servers of the catalogue read.');

/**
 * The format a model is stored in. An open set: `ModelFormat.of('pmml')` names any other.
 */
export class ModelFormat {
  /** scikit-learn, by joblib or pickle. */
  public static readonly SKLEARN = new ModelFormat('sklearn');
  /** XGBoost's own format (`.bst`, `.json`, `.ubj`). */
  public static readonly XGBOOST = new ModelFormat('xgboost');
  /** LightGBM's own text format. */
  public static readonly LIGHTGBM = new ModelFormat('lightgbm');
  /** CatBoost's own format (`.cbm`). */
  public static readonly CATBOOST = new ModelFormat('catboost');
  /** An MLflow model folder (`MLmodel`). */
  public static readonly MLFLOW = new ModelFormat('mlflow');
  /** ONNX. */
  public static readonly ONNX = new ModelFormat('onnx');
  /** PyTorch: TorchScript, or a `.mar` archive for TorchServe. */
  public static readonly PYTORCH = new ModelFormat('pytorch');
  /** TensorFlow SavedModel. */
  public static readonly TENSORFLOW = new ModelFormat('tensorflow');
  /** A TensorRT plan, built for one GPU product and one TensorRT version. */
  public static readonly TENSORRT = new ModelFormat('tensorrt');
  /** OpenVINO intermediate representation. */
  public static readonly OPENVINO = new ModelFormat('openvino');
  /** A Hugging Face repository: config, tokenizer and weights. */
  public static readonly HUGGING_FACE = new ModelFormat('huggingface');
  /** Code of your own, such as an MLServer runtime class or a REST wrapper. */
  public static readonly CUSTOM = new ModelFormat('custom');

  /**
   * Any other format, by the name that a server knows it by.
   * @param name lower-case letters, digits, '-' and '.'.
   */
  public static of(name: string): ModelFormat {
    return new ModelFormat(name);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];

  /** The name that servers know the format by. */
  public readonly name: string;

  private constructor(name: string) {
    const good = typeof name === 'string' && /^[a-z0-9][a-z0-9.-]{0,62}$/.test(name);
    this.name = good ? name : 'unknown';
    this._findings = good ? [] : [BAD_FORMAT.found({ what: 'a model format has no usable name', got: name, allowed: "lower-case letters, digits, '-' and '.'", fix: "name it as the server does, such as ModelFormat.of('pmml')" })];
  }

  /** Whether two formats are the same. */
  public sameAs(other: ModelFormat): boolean {
    return this.name === other.name;
  }

  /** The format's name. */
  public toString(): string {
    return this.name;
  }
}
