import { ContainerProps, ContainerServer } from './container';
import { FastApiProps, FastApiServer } from './fastapi';
import { KServeServer, KServeServerProps } from './kserve';
import { KServeHuggingFaceProps, KServeHuggingFaceServer } from './kserve-huggingface';
import { MLServer, MLServerProps } from './mlserver';
import { OpenVinoProps, OpenVinoServer } from './openvino';
import { ServerDefinition } from './server-definition';
import { SglangProps, SglangServer } from './sglang';
import { TensorFlowServing, TensorFlowServingProps } from './tensorflow-serving';
import { TgiProps, TgiServer } from './tgi';
import { TorchServe, TorchServeProps } from './torchserve';
import { TritonProps, TritonServer } from './triton';
import { VllmProps, VllmServer } from './vllm';

/** The catalogue of inference servers. */
export class InferenceServer {
  /** vLLM: language models behind OpenAI's API. */
  public static vllm(props: VllmProps = {}): ServerDefinition { return new VllmServer(props); }
  /** SGLang: language models behind OpenAI's API. */
  public static sglang(props: SglangProps = {}): ServerDefinition { return new SglangServer(props); }
  /** MLServer: scikit-learn, XGBoost, LightGBM, CatBoost, MLflow, Hugging Face, and classes of your own. */
  public static mlserver(props: MLServerProps = {}): ServerDefinition { return new MLServer(props); }
  /** KServe's server for scikit-learn. */
  public static kserveSklearn(props: KServeServerProps = {}): ServerDefinition { return new KServeServer('sklearn', props); }
  /** KServe's server for XGBoost. */
  public static kserveXgboost(props: KServeServerProps = {}): ServerDefinition { return new KServeServer('xgboost', props); }
  /** KServe's server for LightGBM. */
  public static kserveLightgbm(props: KServeServerProps = {}): ServerDefinition { return new KServeServer('lightgbm', props); }
  /** TensorFlow Serving: SavedModels. */
  public static tensorflowServing(props: TensorFlowServingProps = {}): ServerDefinition { return new TensorFlowServing(props); }
  /** OpenVINO Model Server: OpenVINO, ONNX and TensorFlow models on Intel CPUs. */
  public static openvino(props: OpenVinoProps = {}): ServerDefinition { return new OpenVinoServer(props); }
  /** NVIDIA Triton: ONNX, TensorRT, TorchScript and more. */
  public static triton(props: TritonProps = {}): ServerDefinition { return new TritonServer(props); }
  /** KServe's Hugging Face server: transformers or vLLM. */
  public static kserveHuggingFace(props: KServeHuggingFaceProps = {}): ServerDefinition { return new KServeHuggingFaceServer(props); }
  /** A FastAPI application of your own. */
  public static fastApi(props: FastApiProps = {}): ServerDefinition { return new FastApiServer(props); }
  /** Any container that serves. */
  public static container(props: ContainerProps = {}): ServerDefinition { return new ContainerServer(props); }
  /** Hugging Face Text Generation Inference; in maintenance mode. */
  public static tgi(props: TgiProps = {}): ServerDefinition { return new TgiServer(props); }
  /** TorchServe; no longer maintained. */
  public static torchServe(props: TorchServeProps = {}): ServerDefinition { return new TorchServe(props); }

  /** Every server as it is without props. The first that fits a model is the one that is chosen. */
  public static all(): ServerDefinition[] {
    return [
      // language models: vLLM says the most of itself, and its stop is the best known
      InferenceServer.vllm(), InferenceServer.sglang(),
      // MLServer reads most formats, and V2 is spoken by all others, too
      InferenceServer.mlserver(), InferenceServer.kserveSklearn(), InferenceServer.kserveXgboost(), InferenceServer.kserveLightgbm(),
      InferenceServer.tensorflowServing(),
      // on CPU, OpenVINO is a small fraction of Triton's size; it has nothing for NVIDIA, so GPUs go to Triton
      InferenceServer.openvino(), InferenceServer.triton(),
      InferenceServer.kserveHuggingFace(),
      // only when they are named
      InferenceServer.fastApi(), InferenceServer.container(), InferenceServer.tgi(), InferenceServer.torchServe(),
    ];
  }
}
