import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `MonitorImage.buildContext`. */
export interface MonitorImageProps {
  /** Where the image is pushed to, without a tag: `registry.example.com/ml/monitor`. */
  readonly repository: string;
  /**
   * The digest that the registry gave after the push: `sha256:...`.
   * @default - the image is named by a tag made of the hash of requirements and Dockerfile
   */
  readonly digest?: string;
}

const BUILD: Shape<MonitorImageProps> = {
  repository: is.required(is.text('a repository without tag or digest', /^[a-z0-9]([\w.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]([\w.-]*[a-z0-9])?)*$/)),
  digest: is.text("a digest, 'sha256:' and 64 hexadecimal digits", /^sha256:[0-9a-f]{64}$/),
};
const OF: Shape<{ image: string }> = { image: is.required(is.text('an image with a tag or digest', /^[\w.\/:-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/)) };

/** The image that monitors run in: Python with the detector's library. The program itself comes from a ConfigMap. */
export class MonitorImage {
  /** An image to be built: a build context (pinned requirements, a small Dockerfile) is written to `images/model-monitor-<detector>` beside the manifests. */
  public static buildContext(props: MonitorImageProps): MonitorImage {
    const checked = checkShape('MonitorImage.buildContext', BUILD, props);
    return new MonitorImage(checked.props.repository ?? 'unknown', checked.props.digest, undefined, checked.findings);
  }

  /**
   * An image of your own, with `python3` and the detector's library in it.
   * @param image with tag or digest.
   */
  public static of(image: string): MonitorImage {
    const checked = checkShape('MonitorImage.of', OF, { image });
    return new MonitorImage(undefined, undefined, checked.props.image ?? 'unknown:0', checked.findings);
  }

  private constructor(
    /** Where the image that is to be built is pushed to. */
    public readonly repository: string | undefined,
    /** The digest that the registry gave. */
    public readonly digest: string | undefined,
    /** An image that is there. */
    public readonly image: string | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}
