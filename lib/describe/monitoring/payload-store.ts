import { is } from '../checks/shape';

/** Where payloads are kept, and what monitors found. */
export interface IPayloadStore {
  /** Address that events are sent to, and that monitors read from and write to. */
  readonly url: string;
}

/** Checks a payload store. */
export const PAYLOAD_STORE = is.like('a PayloadStore', 'url');
