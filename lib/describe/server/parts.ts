import { Size } from 'cdk8s';
import { SECRET_FLAG, SECRET_IN_PLAIN_TEXT } from '../checks/secrets';
import { bytesOf, Check, is } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { LaunchRequest, ServedTracing, ServerVariable, WritableFolder } from './server-definition';

// What several servers of the catalogue are made of; nothing of it is public.

const ARGUMENT_TAKEN = ProblemKind.error('SERVING_ARGUMENT_TAKEN', 'An extra argument repeats what the library sets',
  'Ports, names, probes and stop times are planned together; a server that is told one of them twice would run another way than its manifests say.');
const UNSORTED_BUCKETS = ProblemKind.error('SERVING_BUCKETS_NOT_ASCENDING', 'Bounds of a histogram do not rise', 'The server would not start, or count requests in the wrong bucket.');

/** KServe's sources, at the version that its servers' facts were read from. */
export const KSERVE_REPOSITORY = 'https://github.com/kserve/kserve/blob/v0.20.0';
/** The bounds of prometheus_client's histograms that name none of their own. */
export const PROMETHEUS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The checks that props of several servers share. */
export const prop = {
  image: is.text('an image with a tag or digest', /^[\w.\/:-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/),
  semver: is.text("a version without 'v', such as '1.7.1'", /^\d+\.\d+\.\d+([.-]?[A-Za-z][\w.-]*)?$/),
  calver: is.text("a version of year and month, such as '26.07'", /^(20)?\d\d\.\d{1,2}(\.\d+)?$/),
  arguments: is.list(is.text("an argument, such as '--flag=value'; a flag and its value are joined by '=' or are two arguments", /^(-[^\s=]*(=.*)?|[^-].*)$/s)) as Check,
  buckets: is.list(is.number(0.000_001, 86_400), { min: 1 }) as Check,
  word: is.text("one word of letters, digits, '_', '-' and '.'", /^[A-Za-z0-9][\w.-]*$/),
};

/** Names of the props that have a value. */
export function given(props: object): string[] {
  return Object.entries(props).filter(([, value]) => value !== undefined).map(([name]) => name);
}

/** How OpenTelemetry's own SDK is told which requests to trace: what a caller has decided holds. Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export function sampler({ samplePercent }: ServedTracing): { [variable: string]: string } {
  return { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: String(Number((samplePercent / 100).toPrecision(12))) };
}

/** Variables that have a value. */
export function variables(values: { readonly [name: string]: string | undefined }): ServerVariable[] {
  return Object.entries(values).filter(([, value]) => value !== undefined).map(([name, value]) => ({ name, value: value! }));
}

/**
 * Where a model's files go for servers that want a folder a model and in it a folder a version.
 * @param bare whether the source is the files of one version alone, which then is version 1.
 */
export function modelFolder(root: string, modelName: string, bare: boolean | undefined): string {
  return bare ? `${root}/${modelName}/1` : `${root}/${modelName}`;
}

/** `--name=value` for each that has a value; `true` stands for the bare flag. */
export function flags(values: { readonly [name: string]: string | number | boolean | undefined }): string[] {
  return Object.entries(values).filter(([, value]) => value !== undefined && value !== false).map(([name, value]) => (value === true ? name : `${name}=${value}`));
}

/** Variables that send the caches of PyTorch's and Hugging Face's libraries to a folder that can be written. */
export function cachesBelow(folder: string): { readonly [name: string]: string } {
  return {
    // users without an entry in the image's /etc/passwd have no name, and PyTorch asks for one. Source: https://github.com/kserve/kserve/issues/5666
    HOME: folder, USER: 'serving', LOGNAME: 'serving',
    XDG_CACHE_HOME: `${folder}/cache`,
    HF_HOME: `${folder}/huggingface`,
    TRITON_CACHE_DIR: `${folder}/triton`,
    TORCHINDUCTOR_CACHE_DIR: `${folder}/torchinductor`,
    // the model's files are in the pod; a look-up of the hub would only make the start hang where there is no way out
    HF_HUB_OFFLINE: '1',
  };
}

/** The folder of shared memory through which processes of one model exchange tensors: 1 GiB for one device, 8 to 20 GiB for more. */
export function sharedMemory(request: LaunchRequest, given?: Size): WritableFolder {
  const count = request.accelerator?.count ?? 1;
  const planned = count > 1 ? Math.min(20, 4 + 2 * count) * 1024 : 1024;
  return { path: '/dev/shm', memory: true, limitMib: given === undefined ? planned : Math.ceil(bytesOf(given) / 2 ** 20) };
}

/** Whole seconds that a server may take to end its answers, so that it is gone before it is killed. */
export function drainSeconds(request: LaunchRequest): number {
  return Math.max(1, Math.floor(request.stopSeconds) - 10);
}

/** What is wrong with arguments that are handed to the server as they are. */
export function checkArguments(owner: string, given: readonly string[] | undefined, taken: readonly string[]): Finding[] {
  return (given ?? []).flatMap((argument) => {
    const flag = argument.split('=')[0]!;
    if (!flag.startsWith('-')) return [];
    // servers' parsers take '_' for '-'
    const plain = flag.replace(/_/g, '-').toLowerCase();
    if (SECRET_FLAG.test(plain)) return [SECRET_IN_PLAIN_TEXT.found({ what: `${owner}: '${flag}' hands over a secret in plain text`, fix: 'give it as a variable from a Secret, or leave authentication to the gateway' })];
    if (!taken.some((one) => one.replace(/_/g, '-') === plain)) return [];
    return [ARGUMENT_TAKEN.found({ what: `${owner}: '${flag}' is set by the library`, got: argument, fix: 'leave it out; what can be chosen has a prop' })];
  });
}

/** What is wrong with bounds of a histogram. */
export function checkBuckets(owner: string, bounds: readonly number[] | undefined): Finding[] {
  const rising = (bounds ?? []).every((bound, i) => i === 0 || bound > bounds![i - 1]!);
  return rising ? [] : [UNSORTED_BUCKETS.found({ what: `${owner}: the bounds of 'latencyBuckets' do not rise`, got: bounds, allowed: 'numbers of seconds, each larger than the one before', fix: 'sort them and take out what is there twice' })];
}

/** `count` bounds, each `factor` times the one before, free of the noise of binary fractions. */
export function exponential(first: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((first * factor ** i).toPrecision(12)));
}

/** The folder above a path. */
export function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** Bounds of a histogram with further ones among them; undefined when they are there already. */
export function withBounds(buckets: readonly number[], bounds: readonly number[]): number[] | undefined {
  const missing = bounds.filter((bound) => !buckets.includes(bound));
  return missing.length === 0 ? undefined : [...new Set([...buckets, ...missing])].sort((a, b) => a - b);
}
