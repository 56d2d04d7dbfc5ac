import { STORAGE_INITIALIZER } from '../../plan/engine/kserve';
import { DOWNLOAD_CONTAINER } from '../../plan/pod/model-files';
import { Json, JsonObject } from '../../plan/service-plan';

/** Where KServe is told that a model comes from, and who fetches it. */
export interface Storage {
  /** Fields of `predictor.model`. */
  readonly model: JsonObject;
  /** Of the InferenceService. */
  readonly annotations: { readonly [key: string]: string };
  readonly initContainers: { [key: string]: Json }[] | undefined;
}

/**
 * The plan's own container fetches the model, under the name by which KServe's webhook takes it for its own: with the memory, the disk, the credentials and
 * the security context that were planned. KServe's has 1 GiB of memory and no security context, whatever the model.
 *
 * What nothing is fetched for has an empty `storage`: without it or an address KServe takes the service for one of many models, and puts an agent and an
 * empty folder into its pods. Sources: https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/pod/storage_initializer_injector.go,
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go (IsMMSPredictor)
 */
export function storage(planned: { [key: string]: Json }[], cached?: string): Storage {
  // KServe finds the cache by the address, and mounts it where the server looks
  if (cached !== undefined) return { model: { storageUri: cached }, annotations: {}, initContainers: planned.length === 0 ? undefined : planned };
  const uri = sourceOf(planned);
  const initContainers = planned.length === 0 ? undefined : planned.map((one) => (uri !== undefined && one.name === DOWNLOAD_CONTAINER ? { ...one, name: STORAGE_INITIALIZER } : one));
  return uri === undefined ? { model: { storage: {} }, annotations: {}, initContainers }
    // its own container would still download beside a cache on the node, for which KServe would make volumes that nobody mounts
    : { model: { storageUri: uri }, annotations: { 'serving.kserve.io/disable-localmodel': 'true' }, initContainers };
}

/**
 * The address that the storage initializer is given, where it is one. None of a container that copies an image's files: KServe would mount the image of an
 * address `oci://` a second time.
 */
function sourceOf(planned: { [key: string]: Json }[]): string | undefined {
  const download = planned.find((one) => one.name === DOWNLOAD_CONTAINER);
  const [uri, , another] = download !== undefined && Array.isArray(download.args) ? download.args : [];
  return typeof uri === 'string' && another === undefined ? uri : undefined;
}
