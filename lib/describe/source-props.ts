import type { PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import { Credentials } from './credentials';

/** What all sources in stores have in common. */
export interface StoreSourceProps {
  /**
   * How the pods prove who they are.
   * @default - none: what the node or the ServiceAccount gives, or public
   */
  readonly credentials?: Credentials;
  /**
   * Says that what lies at this address never changes, though the address has no version in it.
   * @default - taken from the address: a path segment such as `v7`, `2026-11-01`, `1.4.2` or a hash is a version
   */
  readonly immutable?: boolean;
}

/** Properties of `ModelSource.s3`. */
export interface S3SourceProps extends StoreSourceProps {
  /**
   * URL of the store, for stores that are not Amazon's: `http://minio.storage:9000`.
   * @default - Amazon S3
   */
  readonly endpoint?: string;
  /**
   * Region.
   * @default - as the store and the environment say
   */
  readonly region?: string;
  /**
   * Whether the store's certificate is checked.
   * @default true
   */
  readonly verifyTls?: boolean;
  /**
   * Whether the bucket is part of the host name.
   * @default - the downloader's own choice
   */
  readonly virtualHostedBucket?: boolean;
}

/** Properties of `ModelSource.huggingFace`. */
export interface HuggingFaceSourceProps {
  /**
   * The commit. A branch or tag can move, which is a warning.
   * @default main
   */
  readonly revision?: string;
  /**
   * Says that the branch or tag never moves.
   * @default - only a commit never does
   */
  readonly immutable?: boolean;
  /**
   * Further files that are not downloaded, as patterns of file names: `*.gguf`. `original/*` never is.
   * @default - none
   */
  readonly ignore?: string[];
  /**
   * A token for gated or private repositories.
   * @default - none
   */
  readonly credentials?: Credentials;
}

/** How the files of an OCI image come to the server. */
export enum OciDelivery {
  /** An init container of that image copies them; the image needs `sh` and `cp`. */
  COPY = 'copy',
  /** The image is mounted as a volume. Needs Kubernetes 1.31 with the ImageVolume feature, which the cluster must say (`imageVolumes`). */
  VOLUME = 'volume',
}

/** Properties of `ModelSource.oci`. */
export interface OciSourceProps {
  /**
   * The folder in the image that holds the model's files.
   * @default /models
   */
  readonly path?: string;
  /**
   * How the files come to the server.
   * @default OciDelivery.COPY
   */
  readonly delivery?: OciDelivery;
  /**
   * Says that the tag never moves.
   * @default - only a digest never does
   */
  readonly immutable?: boolean;
}

/** Properties of `ModelSource.pvc`. */
export interface PvcSourceProps {
  /**
   * The folder in the volume.
   * @default - the volume's root
   */
  readonly path?: string;
  /**
   * How many nodes may mount the volume at once.
   * @default - the claim's own modes where they can be seen, else ReadOnlyMany
   */
  readonly accessMode?: PersistentVolumeAccessMode;
  /**
   * Says that what lies there never changes.
   * @default - taken from the path, as for stores
   */
  readonly immutable?: boolean;
}
