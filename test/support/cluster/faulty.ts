import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';
import { type InferenceServiceProps, Model, PythonCode, Scaling } from 'cdk8s-serving';
import type { TrainedModel } from './model';

export interface FaultyOptions {
  /** Comes back with each answer, and is the model's version. */
  readonly version: string;
  /** Share of predictions that fail, 0 to 1, evenly spread. @default 0 */
  readonly failShare?: number;
  /** Milliseconds that each prediction takes. @default 0 */
  readonly delay?: number;
  /** Whether all answers are wrong. @default false */
  readonly wrong?: boolean;
}

const CODE = join(__dirname, 'python/faulty');

/** What the model reads of its faults. */
function faults(options: FaultyOptions): Record<string, string> {
  return {
    FAULTY_VERSION: options.version,
    FAULTY_FAIL_SHARE: String(options.failShare ?? 0),
    FAULTY_DELAY_MS: String(options.delay ?? 0),
    FAULTY_WRONG: String(options.wrong ?? false),
  };
}

/** A service whose model goes wrong as told: what to give InferenceService, one copy unless its `scaling` is set over it. */
export function faultyModel(options: FaultyOptions): Pick<InferenceServiceProps, 'model' | 'env' | 'scaling' | 'cpu' | 'memory'> {
  return {
    model: Model.custom({ implementation: 'faulty_model.FaultyModel', code: PythonCode.mount(CODE), version: options.version }),
    env: Object.fromEntries(Object.entries(faults(options)).map(([name, value]) => [name, EnvValue.fromValue(value)])),
    scaling: Scaling.fixed(1),
    cpu: Cpu.millis(100), // several versions share the node of the tests
    memory: Size.mebibytes(400),
  };
}

/** A model that knows its faults by itself: versions of one service share its environment. */
export function faultyVersion(options: FaultyOptions): Model {
  const folder = mkdtempSync(join(tmpdir(), 'faulty-'));
  try {
    cpSync(CODE, folder, { recursive: true });
    writeFileSync(join(folder, 'faults.json'), JSON.stringify(faults(options)));
    return Model.custom({ implementation: 'faulty_model.FaultyModel', code: PythonCode.mount(folder), version: options.version });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A model that no server can load: its code has no such class. */
export function unloadableModel(version: string): Model {
  return Model.custom({ implementation: 'faulty_model.Missing', code: PythonCode.mount(CODE), version });
}

/** Questions to it and its right answers, for a Load. */
export const FAULTY_QUESTIONS: Pick<TrainedModel, 'rows' | 'expected'> = { rows: [[1, 2, 3, 4], [0.5, 0.25, 4, 2], [9, 9, 9, 9]], expected: [10, 7, 36] };
