import { Size } from 'cdk8s';
import { named } from '../checks/names';
import { looksLikeSecret, SECRET_IN_PLAIN_TEXT } from '../checks/secrets';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';

const SELECTOR = ProblemKind.error('SERVING_GRAFANA_SELECTOR', 'A selector that matches every Grafana', 'Dashboards would be brought to each Grafana that the operator runs, of whichever team.');

/** How dashboards come to a Grafana. */
export enum GrafanaKind {
  /** A Grafana of the stack's own, by grafana-operator. */
  INSTALL = 'install',
  /** A Grafana that grafana-operator runs already. */
  OPERATOR = 'operator',
  /** A Grafana whose sidecar reads ConfigMaps. */
  SIDECAR = 'sidecar',
  /** JSON files beside the manifests. */
  FILES = 'files',
  /** No dashboards. */
  NONE = 'none',
}

/** Properties of `Grafana.install`. */
export interface GrafanaInstallProps {
  /** Name of the Secret with the administrator's name and password, in the stack's namespace. */
  readonly adminSecretName: string;
  /**
   * Key of the Secret with the name.
   * @default admin-user
   */
  readonly adminUserKey?: string;
  /**
   * Key of the Secret with the password.
   * @default admin-password
   */
  readonly adminPasswordKey?: string;
  /**
   * Size of a volume for what users make themselves: their dashboards, preferences and accounts. Grafana then runs one copy, and is away while it is replaced.
   * @default - none: what users make is lost with the pod; the dashboards of the stack come back by themselves
   */
  readonly storage?: Size;
  /**
   * Storage class of the volume.
   * @default - the cluster's default class
   */
  readonly storageClass?: string;
  /**
   * Where people reach it: `https://grafana.example.com`. Links in alerts and mails begin with it; the route itself is yours to make, to the Service `<name>-service`.
   * @default - not said
   */
  readonly url?: string;
  /**
   * Version of Grafana.
   * @default - the one that the operator brings
   */
  readonly version?: string;
  /**
   * Further settings of grafana.ini by section, such as `{ 'auth.anonymous': { enabled: 'true' } }`. Never a secret.
   * @default - Grafana's own
   */
  readonly config?: { [section: string]: { [key: string]: string } };
  /**
   * Title of the folder that the dashboards lie in.
   * @default Inference
   */
  readonly folder?: string;
}

/** Properties of `Grafana.operator`. */
export interface GrafanaOperatorProps {
  /** Labels of the `Grafana` object to join. They can't change once the dashboards are there: grafana-operator would have to make them anew. */
  readonly instanceSelector: { [key: string]: string };
  /**
   * Namespace of the objects with the dashboards: one that the operator watches.
   * @default - the stack's, and each service's
   */
  readonly namespace?: string;
  /**
   * Whether the stack's metrics' store is added as a data source.
   * @default true
   */
  readonly addDatasource?: boolean;
  /**
   * Title of the folder that the dashboards lie in.
   * @default Inference
   */
  readonly folder?: string;
}

/** Properties of `Grafana.sidecar`. */
export interface GrafanaSidecarProps {
  /**
   * Label that the sidecar looks for on ConfigMaps.
   * @default grafana_dashboard
   */
  readonly label?: string;
  /**
   * Value of the label: what the sidecar asks for. One that asks for none takes any.
   * @default '1'
   */
  readonly value?: string;
  /**
   * Annotation that names the folder; the chart has to be told of it (`sidecar.dashboards.folderAnnotation`), or all lies in one folder.
   * @default grafana_folder
   */
  readonly folderAnnotation?: string;
  /**
   * Namespace of the ConfigMaps: one where the sidecar looks.
   * @default - the stack's, and each service's: the sidecar looks everywhere, as kube-prometheus-stack tells it to
   */
  readonly namespace?: string;
  /**
   * Label that the sidecar looks for on ConfigMaps with data sources, such as `grafana_datasource`; its value is '1'. The stack's metrics' store is then added.
   * @default - no data source is added: the dashboards begin with Grafana's default one
   */
  readonly datasourceLabel?: string;
  /**
   * Title of the folder that the dashboards lie in.
   * @default Inference
   */
  readonly folder?: string;
}

/** Properties of `Grafana.files`. */
export interface GrafanaFilesProps {
  /**
   * Path of the files below the output folder.
   * @default dashboards
   */
  readonly path?: string;
}

const KEY = is.text('a key of the Secret', /^[-._a-zA-Z0-9]+$/);
const FOLDER = is.text('a title of at most 100 characters', /^[^\n/]+$/, { max: 100 });
const INSTALL: Shape<GrafanaInstallProps> = {
  adminSecretName: is.required(named.subdomain), adminUserKey: KEY, adminPasswordKey: KEY, storage: is.size, storageClass: named.subdomain, folder: FOLDER,
  url: is.text("a URL such as 'https://grafana.example.com'", /^https?:\/\/[^\s?#@]+$/), version: is.text("a version such as '12.4.0'", /^\d+\.\d+\.\d+[-+.\w]*$/), config: is.map(is.map(is.text())),
};
const OPERATOR: Shape<GrafanaOperatorProps> = { instanceSelector: is.required(named.labels), namespace: named.label, addDatasource: is.flag, folder: FOLDER };
const LABEL = is.text('a label key', /^[A-Za-z0-9][-A-Za-z0-9_./]*$/, { max: 253 });
const SIDECAR: Shape<GrafanaSidecarProps> = { label: LABEL, value: named.labelValue, folderAnnotation: LABEL, namespace: named.label, datasourceLabel: LABEL, folder: FOLDER };
const FILES: Shape<GrafanaFilesProps> = { path: is.text("a relative path without '..', such as 'dashboards'", /^(?!.*(^|\/)\.\.(\/|$))[^/\s\0:\\][^\s\0:\\]*$/) };

/** Where dashboards are shown, and how they get there. */
export class Grafana {
  /** A Grafana of the stack's own, run by grafana-operator (v5), with the stack's metrics' store as its data source. */
  public static install(props: GrafanaInstallProps): Grafana {
    const checked = checkShape('Grafana.install', INSTALL, props);
    const secrets = Object.entries(checked.props.config ?? {}).flatMap(([section, keys]) => Object.entries(keys).filter(([key, value]) => looksLikeSecret(key, value)).map(([key]) => SECRET_IN_PLAIN_TEXT.found({
      what: `Grafana.install: '${key}' in the section '${section}' of 'config' is a secret`, fix: `leave it out of 'config', and lay it on the Grafana object as the variable GF_${section.replace(/\./g, '_').toUpperCase()}_${key.toUpperCase()} from a Secret`,
    })));
    return new Grafana(GrafanaKind.INSTALL, { install: checked.props }, [...checked.findings, ...secrets]);
  }

  /** A Grafana that grafana-operator (v5) runs already, in this namespace or in another. */
  public static operator(props: GrafanaOperatorProps): Grafana {
    const checked = checkShape('Grafana.operator', OPERATOR, props);
    const empty = checked.props.instanceSelector !== undefined && Object.keys(checked.props.instanceSelector).length === 0;
    const findings = empty ? [SELECTOR.found({ what: "Grafana.operator: 'instanceSelector' has no label", fix: 'give the labels of the Grafana object to join' })] : [];
    return new Grafana(GrafanaKind.OPERATOR, { operator: checked.props }, [...checked.findings, ...findings]);
  }

  /** A Grafana whose sidecar reads ConfigMaps, as that of kube-prometheus-stack and of the VictoriaMetrics k8s-stack. */
  public static sidecar(props: GrafanaSidecarProps = {}): Grafana {
    const checked = checkShape('Grafana.sidecar', SIDECAR, props);
    return new Grafana(GrafanaKind.SIDECAR, { sidecar: checked.props }, checked.findings);
  }

  /** JSON files beside the manifests, one a dashboard: for a Grafana that is filled in another way (its API, Terraform, a mounted folder). */
  public static files(props: GrafanaFilesProps = {}): Grafana {
    const checked = checkShape('Grafana.files', FILES, props);
    return new Grafana(GrafanaKind.FILES, { files: checked.props }, checked.findings);
  }

  /** No dashboards. */
  public static none(): Grafana {
    return new Grafana(GrafanaKind.NONE, {}, []);
  }

  private constructor(
    /** How dashboards get there. */
    public readonly kind: GrafanaKind,
    /** @internal */
    public readonly _props: {
      readonly install?: Partial<GrafanaInstallProps>;
      readonly operator?: Partial<GrafanaOperatorProps>;
      readonly sidecar?: Partial<GrafanaSidecarProps>;
      readonly files?: Partial<GrafanaFilesProps>;
    },
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}

  /** Title of the folder that the dashboards lie in. */
  public get folder(): string {
    const { install, operator, sidecar } = this._props;
    return (install ?? operator ?? sidecar)?.folder ?? 'Inference';
  }
}
