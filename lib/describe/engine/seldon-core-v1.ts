import { DNS_LABEL } from '../checks/names';
import { is, Shape } from '../checks/shape';

/** Properties of `EngineBackend.seldonCoreV1`. */
export interface SeldonCoreV1Props {
  /**
   * Version of Seldon Core that the cluster runs, `major.minor`: 1.17 (Apache License 2.0) or 1.18 (Business Source License 1.1).
   * @default '1.18'
   */
  readonly version?: string;
  /**
   * The operator's `controllerId`, where the cluster runs several: only resources that name it are its own.
   * @default - the operator without one
   */
  readonly controllerId?: string;
}

/** Versions whose operator's sources were read. */
export const SELDON_CORE_V1_VERSIONS: readonly string[] = ['1.17', '1.18'];

export const SELDON_CORE_V1_SHAPE: Shape<SeldonCoreV1Props> = {
  version: is.oneOf(SELDON_CORE_V1_VERSIONS),
  controllerId: is.text("a label value of lower-case letters, digits and '-', as the operator's Helm value 'controllerId'", DNS_LABEL),
};
