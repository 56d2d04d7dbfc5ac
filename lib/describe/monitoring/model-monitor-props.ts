import { Duration, Size } from 'cdk8s';
import { is, Shape } from '../checks/shape';
import { ModelFeature } from './model-feature';
import { MonitorData } from './monitor-data';
import { MonitorImage } from './monitor-image';
import { MonitorResults, PayloadSource } from './payload-source';

/** What turned out to be right, and how well predictions have to match it. Labels come as events to the payload store, by a file, or both. */
export interface GroundTruth {
  /**
   * A table with a row a prediction, in the order of the rows of a request.
   * @default - events of the type `dev.cdk8s-serving.ground-truth` alone
   */
  readonly data?: MonitorData;
  /**
   * Column with the id of the request: what clients send as `x-request-id`.
   * @default id
   */
  readonly idColumn?: string;
  /**
   * Column with what was right.
   * @default label
   */
  readonly labelColumn?: string;
  /**
   * Predictions with known ground truth below which nothing is said.
   * @default 100
   */
  readonly minRows?: number;
  /**
   * How far a number may be off and still be right.
   * @default - predictions are classes: only the same is right
   */
  readonly tolerance?: number;
  /**
   * Share that must be right, 0 to 1; below it the owner is told.
   * @default - nobody is told
   */
  readonly minAccuracy?: number;
}

/** What a model answers. */
export interface PredictionProps {
  /**
   * Whether it is a number, and no class.
   * @default false
   */
  readonly isNumber?: boolean;
  /**
   * Name of the output that holds it.
   * @default - the first
   */
  readonly output?: string;
  /**
   * Names of the classes, where the model answers their numbers or a score for each.
   * @default - as the model says
   */
  readonly classes?: string[];
}

/** Properties that all monitors of models have. */
export interface ModelMonitorProps {
  /** Where payloads are read: requests and responses, so log both. */
  readonly payloads: PayloadSource;
  /** What the model was trained on, or a good time of its: a column a feature. A few thousand rows do. */
  readonly reference: MonitorData;
  /** The model's inputs. Where a request has one tensor for all, in the order of its columns. */
  readonly features: ModelFeature[];
  /** The image that it runs in. */
  readonly image: MonitorImage;
  /**
   * Where results go.
   * @default - the payload store that payloads are read from
   */
  readonly results?: MonitorResults;
  /**
   * When it looks, as cron: `0 * * * *`.
   * @default 0 * * * *
   */
  readonly schedule?: string;
  /**
   * How far it looks back.
   * @default - from one time of the schedule to the next
   */
  readonly window?: Duration;
  /**
   * Predictions of a version below which nothing is said of its drift.
   * @default 500
   */
  readonly minRows?: number;
  /**
   * Share of the features, 0 to 1, from which on the model's inputs as a whole have drifted.
   * @default 0.5
   */
  readonly driftedRatio?: number;
  /**
   * Share of rows without a value in a feature, 0 to 1, above which the owner is told.
   * @default 0.1
   */
  readonly maxMissingRatio?: number;
  /**
   * What the model answers.
   * @default - a class, in the first output
   */
  readonly prediction?: PredictionProps;
  /**
   * What turned out to be right.
   * @default - not known
   */
  readonly groundTruth?: GroundTruth;
  /**
   * Memory that a run may use.
   * @default - 2 GiB, which does for a million rows of ten features
   */
  readonly memory?: Size;
}

/** How many tests at once are kept from finding drift by chance. */
export enum TestCorrection {
  /** The level is shared among the features: hardly ever a false alarm. */
  BONFERRONI = 'bonferroni',
  /** False discovery rate: finds more, with some false ones among it. */
  FALSE_DISCOVERY_RATE = 'fdr',
}

/** Properties of `ModelMonitor.alibiDetect`. */
export interface AlibiDetectMonitorProps extends ModelMonitorProps {
  /**
   * Level of significance: how often chance alone may look like drift, 0 to 1.
   * @default 0.01
   */
  readonly pValue?: number;
  /**
   * How many features at once are allowed for.
   * @default TestCorrection.BONFERRONI
   */
  readonly correction?: TestCorrection;
}

const COLUMN = is.text('the name of a column', /^[^\0\n]+$/);
export const GROUND_TRUTH: Shape<GroundTruth> = {
  data: is.instance(MonitorData, "MonitorData.claim('labels', 'truth.csv')"), idColumn: COLUMN, labelColumn: COLUMN, minRows: is.integer(1), tolerance: is.number(0), minAccuracy: is.number(0, 1),
};
export const PREDICTION: Shape<PredictionProps> = { isNumber: is.flag, output: is.text(), classes: is.list(is.text(), { min: 2 }) };

/** More features would be more series than a store takes lightly. */
export const MOST_FEATURES = 200;

export const MONITOR: Shape<ModelMonitorProps> = {
  payloads: is.required(is.instance(PayloadSource, 'PayloadSource.store(store)')),
  reference: is.required(is.instance(MonitorData, "MonitorData.claim('reference', 'reference.parquet')")),
  features: is.required(is.list(is.instance(ModelFeature, "ModelFeature.numerical('age')"), { min: 1 })),
  image: is.required(is.instance(MonitorImage, "MonitorImage.buildContext({ repository: 'registry.example.com/ml/monitor' })")),
  results: is.instance(MonitorResults, "MonitorResults.pushgateway('http://pushgateway.monitoring:9091')"),
  schedule: is.text(), window: is.duration(60, 90 * 86_400), minRows: is.integer(1), driftedRatio: is.number(0.01, 1), maxMissingRatio: is.number(0, 1),
  prediction: is.like('{ isNumber, output, classes }'), groundTruth: is.like('{ data, minRows, minAccuracy }'), memory: is.size,
};
export const ALIBI_DETECT: Shape<AlibiDetectMonitorProps> = { ...MONITOR, pValue: is.number(0.000_001, 0.5), correction: is.oneOf(Object.values(TestCorrection)) };
