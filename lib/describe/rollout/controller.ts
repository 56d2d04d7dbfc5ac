import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Which program replaces versions. */
export enum RolloutControllerKind {
  /** None but Kubernetes' own Deployments: steps are changes of the manifests, and nothing judges them. */
  NONE = 'none',
  /** Argo Rollouts. */
  ARGO = 'argo-rollouts',
  /** Flagger. */
  FLAGGER = 'flagger',
}

/** What splits requests between two versions. */
export enum TrafficRouterKind {
  /** Nothing: each copy gets the same share, so a version gets as much as it has copies. */
  REPLICAS = 'replicas',
  /** HTTPRoutes and GRPCRoutes of the Gateway API. */
  GATEWAY_API = 'gateway-api',
  /** Istio's VirtualServices, for callers inside of the mesh. */
  ISTIO = 'istio',
  /** Ingresses of ingress-nginx. */
  NGINX = 'nginx',
  /** Ingresses of the AWS Load Balancer Controller. */
  ALB = 'alb',
}

/** Properties of `RolloutController.none`. */
export interface PlainDeploymentsProps {
  /**
   * What splits requests: the Gateway API or Istio.
   * @default - the Gateway API for `Exposure.gateway`, else nothing (blue-green only)
   */
  readonly router?: TrafficRouterKind;
}

/** Properties of `RolloutController.argo`. */
export interface ArgoRolloutsProps {
  /**
   * What splits requests.
   * @default - by the service's exposure: the Gateway API for `Exposure.gateway`, ingress-nginx or ALB for an Ingress of such a class, else copies
   */
  readonly router?: TrafficRouterKind;
}

/** Properties of `RolloutController.flagger`. */
export interface FlaggerProps {
  /**
   * What splits requests: the Gateway API or Istio.
   * @default - the Gateway API for `Exposure.gateway`, else Istio where it is named, else nothing (blue-green only)
   */
  readonly router?: TrafficRouterKind;
  /**
   * URL of Flagger's load tester, whose gate (`/gate/check`, opened by `/gate/open`) holds a release for a person: `http://flagger-loadtester.flagger`.
   * @default - none: no release waits for a person
   */
  readonly loadTesterUrl?: string;
}

const ARGO: Shape<ArgoRolloutsProps> = { router: is.oneOf(Object.values(TrafficRouterKind)) };
const ROUTES = is.oneOf([TrafficRouterKind.GATEWAY_API, TrafficRouterKind.ISTIO, TrafficRouterKind.REPLICAS]);
const PLAIN: Shape<PlainDeploymentsProps> = { router: ROUTES };
const FLAGGER: Shape<FlaggerProps> = {
  router: ROUTES,
  loadTesterUrl: is.text("a URL such as 'http://flagger-loadtester.flagger'", /^https?:\/\/[^\s/?#]+$/),
};

/** The program that replaces versions in a cluster, and what it splits requests with. */
export class RolloutController {
  /** None: canaries, blue-green and shadows are a second Deployment (`candidate`), moved on by changes of the manifests. Nothing gives a verdict. */
  public static none(props: PlainDeploymentsProps = {}): RolloutController {
    const checked = checkShape('RolloutController.none', PLAIN, props);
    return new RolloutController(RolloutControllerKind.NONE, checked.props, checked.findings);
  }

  /** Argo Rollouts, 1.8 or newer. With the Gateway API its plugin `argoproj-labs/gatewayAPI` must be configured. */
  public static argo(props: ArgoRolloutsProps = {}): RolloutController {
    const checked = checkShape('RolloutController.argo', ARGO, props);
    return new RolloutController(RolloutControllerKind.ARGO, checked.props, checked.findings);
  }

  /** Flagger, 1.38 or newer: older ones drop the `preStop.sleep` of the pods that they copy. Source: https://github.com/fluxcd/flagger/blob/v1.38.0/go.mod */
  public static flagger(props: FlaggerProps = {}): RolloutController {
    const checked = checkShape('RolloutController.flagger', FLAGGER, props);
    return new RolloutController(RolloutControllerKind.FLAGGER, checked.props, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Which program. */
  public readonly kind: RolloutControllerKind;
  /** What splits requests, if it was said. */
  public readonly router?: TrafficRouterKind;
  /** URL of Flagger's load tester. */
  public readonly loadTesterUrl?: string;

  private constructor(kind: RolloutControllerKind, props: FlaggerProps, findings: Finding[]) {
    this.kind = kind;
    this.router = props.router;
    this.loadTesterUrl = props.loadTesterUrl;
    this._findings = findings;
  }
}
