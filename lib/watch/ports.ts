import { MetricsInstallProps } from '../describe/monitoring/metrics-backend';
import { MetricsSource } from '../describe/monitoring/metrics-source';
import { RenderedObject } from '../render/ports';
import { AlertmanagerConfiguration } from './routing/alertmanager';
import { RoutingForm } from './routing/requirements';
import { RoutingObject, RoutingObjectProps } from './routing/objects';
import { RoutingPlan } from './routing/plan';
import { RuleGroup } from './rule';

/** A stack of metrics, as it is to be. */
export interface StackPlan {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the stack's own objects. */
  readonly labels: { readonly [key: string]: string };
  /** Labels by which the operator's instances find scrapes and rules; none where they take all. */
  readonly selection: { readonly [key: string]: string };
  /** Namespaces in which services are, without the stack's own. */
  readonly namespaces: readonly string[];
  readonly scrapeSeconds: number;
  /** What is installed, if it is. */
  readonly install?: MetricsInstallProps;
  /** Seconds that metrics are kept for, where it is known. */
  readonly keptSeconds?: number;
  readonly externalLabels: { readonly [name: string]: string };
  /** ServiceAccount, and its namespace, of a store that may look for pods only where it is let. */
  readonly scraper?: { readonly name: string; readonly namespace: string };
  readonly alertmanager?: AlertmanagerConfiguration;
  /** What else is scraped. */
  readonly sources: readonly MetricsSource[];
}

/** What is scraped: pods by their labels, at a named port. */
export interface ScrapePlan {
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly pods: { readonly [key: string]: string };
  /** Name of the container's port. */
  readonly port: string;
  readonly path: string;
  readonly seconds: number;
  /** Labels of series, from labels of pods. */
  readonly fromPodLabels: { readonly [label: string]: string };
  /** Whether what is exposed says itself whose it is, by the labels `namespace` and `inference_service`. */
  readonly honorLabels?: boolean;
}

/** Rules in one object. */
export interface RulesPlan {
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly groups: readonly RuleGroup[];
}

/** An operator's way to scrape, to evaluate and to be installed. One folder of lib/watch each. */
export interface MetricsRenderer {
  /** Where a store that is installed is asked, within the cluster. */
  url(stack: StackPlan): string;
  /** Folder in which an Alertmanager that is installed finds mounted Secrets. */
  readonly secretsRoot: string;
  /** How an Alertmanager that is joined is told of routes. */
  readonly routingForm: RoutingForm;
  routes(plan: RoutingPlan, props: RoutingObjectProps): RoutingObject[];
  scrape(plan: ScrapePlan): RenderedObject;
  rules(plan: RulesPlan): RenderedObject;
  /** The scrape of something that tells of pods, nodes or GPUs: its own labels win over those of the scrape. */
  source(source: MetricsSource, stack: StackPlan): RenderedObject;
  install(stack: StackPlan, install: MetricsInstallProps): RenderedObject[];
}
