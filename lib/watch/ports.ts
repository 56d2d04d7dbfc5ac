import { MetricsInstallProps } from '../describe/monitoring/metrics-backend';
import { JsonObject } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { RuleGroup } from './rule';

/** The configuration of an Alertmanager that is installed: in Alertmanager's own form, its secrets read from mounted files. */
export interface AlertmanagerConfiguration {
  readonly config: JsonObject;
  /** Names of the Secrets that are mounted. */
  readonly secrets: readonly string[];
}

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
  scrape(plan: ScrapePlan): RenderedObject;
  rules(plan: RulesPlan): RenderedObject;
  install(stack: StackPlan, install: MetricsInstallProps): RenderedObject[];
}
