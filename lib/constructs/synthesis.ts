import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Finding, Problem, ProblemKind, Severity } from '../describe/problem';
import { FLEET_RULES } from '../plan/rules';
import { FleetMember, TreeObject } from '../plan/rules/rule';
import { writeBeside, writeBuildContext } from './build-context';
import { chartOf } from './chart';
import { rivalAutoscalers, TWO_AUTOSCALERS } from './rival-autoscalers';
import { describeFailure, printWarnings, ServingError, stop } from './report';
import { tell } from './told';

const OBJECT_TWICE = ProblemKind.error('SERVING_OBJECT_TWICE', 'Two objects of one kind and name', 'The second to be applied would overwrite the first.');
const UNUSED = ProblemKind.warning('SERVING_ACKNOWLEDGEMENT_UNUSED', 'An acknowledgement of something that is not there', 'What it was written for has gone, or its code is misspelt; left alone it would hide the next one.');
const NO_REASON = ProblemKind.error('SERVING_ACKNOWLEDGEMENT_WITHOUT_REASON', 'An acknowledgement without a reason', 'Who reads it later can not tell whether it still holds.');

/** A construct that takes part: it says what was found about it. */
export interface Participant extends IConstruct {
  /** @internal */
  _findingsNow(): readonly Finding[];
  /** @internal The planned service and what stands beside it, when it is one and has a plan. */
  _members?(): FleetMember[];
  /** @internal Files beside the manifests. */
  _files?(): { path: string; content: string }[];
  /** @internal The workload whose copies no other autoscaler may change. */
  readonly _ownTarget?: string;
}

interface Acknowledgement { scope: IConstruct; code: string; reason: string }

/** What was found in a tree, kept until something in the tree changes. */
interface Found { revision: number; problems: Problem[]; printed: boolean; written: boolean }

const TREES = new WeakMap<IConstruct, Synthesis>();

/** Everything of the library in one tree: checks it together, once for each state of the tree. */
export class Synthesis {
  public static of(scope: IConstruct): Synthesis {
    const root = scope.node.root;
    let tree = TREES.get(root);
    if (tree === undefined) TREES.set(root, tree = new Synthesis(root));
    return tree;
  }

  private readonly participants: Participant[] = [];
  private readonly acknowledgements: Acknowledgement[] = [];
  private revision = 0;
  private nodes = 0;
  private found?: Found;
  private checking = false;

  private constructor(private readonly root: IConstruct) {}

  /** Takes a construct in. Whatever synthesizes the tree asks its validation, and so all is checked before anything is written. */
  public join(participant: Participant): void {
    this.participants.push(participant);
    // counting the tree's nodes is for one to do: every construct's validation runs for every chart
    const first = this.participants.length === 1;
    participant.node.addValidation({ validate: () => this.validate(first) });
    this.changed();
  }

  /** To be called by everything that changes what would be found. */
  public changed(): void {
    this.revision += 1;
  }

  public acknowledge(scope: IConstruct, code: string, reason: string): void {
    this.acknowledgements.push({ scope, code, reason });
    this.changed();
  }

  /** Everything found in the tree, in its order. */
  public problems(): Problem[] {
    this.recount();
    return this.check().problems;
  }

  private validate(recount: boolean): string[] {
    if (this.checking) return [];
    if (recount) this.recount();
    const found = this.check();
    const errors = found.problems.filter((problem) => problem.severity === Severity.ERROR);
    if (errors.length > 0) stop(new ServingError(describeFailure(errors, this.foreign()), found.problems));
    if (!found.printed) {
      found.printed = true;
      printWarnings(found.problems);
    }
    this.write(found);
    return [];
  }

  /** Objects that others add don't tell us: their number is part of the state. */
  private recount(): void {
    const nodes = this.root.node.findAll().length;
    if (nodes !== this.nodes) this.changed();
    this.nodes = nodes;
  }

  private check(): Found {
    const revision = this.revision;
    if (this.found?.revision === revision) return this.found;
    const problems: Problem[] = this.participants.flatMap((one) => unique(one._findingsNow()).map((finding) => ({ ...finding, path: one.node.path })));
    const members = this.participants.flatMap((one) => one._members?.() ?? []);
    for (const rule of FLEET_RULES) problems.push(...rule.check(members, () => this.objects()).map(({ path, finding }) => ({ ...finding, path })));
    problems.push(...this.objectsTwice(), ...this.twoAutoscalers());
    this.found = { revision, problems: this.acknowledged(problems), printed: false, written: false };
    return this.found;
  }

  /** What is in the charts that services are in. What no service made is applied to wherever those of its chart are. */
  private objects(): TreeObject[] {
    const services = new Map(this.participants.flatMap((one) => {
      const [member] = one._members?.() ?? [];
      return member === undefined ? [] : [[one as IConstruct, member] as const];
    }));
    const clusters = new Map<Chart, Set<string>>();
    for (const [construct, { request }] of services) {
      const chart = chartOf(construct)!;
      clusters.set(chart, (clusters.get(chart) ?? new Set()).add(request.clusterKey));
    }
    return [...clusters].flatMap(([chart, keys]) => objectsOf(chart).map((object) => {
      const scope = object.node.scopes.find((one) => services.has(one));
      const { apiVersion, kind, name, metadata: { namespace } } = object;
      return { path: (scope ?? object).node.path, clusterKeys: scope === undefined ? [...keys] : [services.get(scope)!.request.clusterKey], namespace: namespace ?? chart.namespace, apiVersion, kind, name };
    }));
  }

  /** Objects of one identity in one chart, of which at least one is ours. */
  private objectsTwice(): Problem[] {
    const problems: Problem[] = [];
    // an engine of the whole app is in no chart
    const charts = new Set(this.participants.map(chartOf).filter((chart) => chart !== undefined));
    for (const chart of charts) {
      const seen = new Map<string, ApiObject>();
      for (const object of objectsOf(chart)) {
        const id = `${object.apiGroup}/${object.kind} ${object.metadata.namespace ?? ''}/${object.name}`;
        const first = seen.get(id);
        if (first === undefined) seen.set(id, object);
        else problems.push({ ...OBJECT_TWICE.found({ what: `${object.kind} '${object.name}' is made by '${first.node.path}' already`, got: object.name, fix: object.kind === 'ServiceAccount' ? "let one service make it, and give the other the same name without 'identity'" : 'give one of them another name' }), path: object.node.path });
      }
    }
    return problems;
  }

  /** Autoscalers of the user's own that change a service's copies, which something else changes already. */
  private twoAutoscalers(): Problem[] {
    const services = new Set<IConstruct>(this.participants);
    const charts = new Set(this.participants.map(chartOf).filter((chart) => chart !== undefined));
    return [...charts].flatMap((chart) => rivalAutoscalers(chart, services).flatMap((rival) => this.participants.filter((one) => one._ownTarget === rival.target && chartOf(one) === chart).map((one) => ({
      ...TWO_AUTOSCALERS.found({ what: `the ${rival.kind} '${rival.path}' changes the copies of this service, which has its own idea of them`, got: rival.path, fix: "give 'scaling: Scaling.external({ min, max })', or leave the autoscaler to 'scaling'" }), path: one.node.path,
    }))));
  }

  private acknowledged(problems: readonly Problem[]): Problem[] {
    const used = new Set<Acknowledgement>();
    const result = problems.map((problem) => {
      const matches = problem.severity === Severity.WARNING ? this.acknowledgements.filter((one) => one.code === problem.code && covers(one.scope, problem.path)) : [];
      for (const match of matches) used.add(match);
      return matches.length === 0 ? problem : { ...problem, acknowledged: matches[0]!.reason };
    });
    for (const one of this.acknowledgements) {
      const path = one.scope.node.path;
      if (typeof one.reason !== 'string' || one.reason.trim() === '') {
        result.push({ ...NO_REASON.found({ what: `the acknowledgement of ${one.code} gives no reason`, fix: 'say why it is fine' }), path });
      } else if (!used.has(one)) {
        const error = ProblemKind.all.get(one.code)?.severity === Severity.ERROR;
        result.push({ ...UNUSED.found({ what: error ? `${one.code} can not be acknowledged: it stops the synthesis` : `nothing here is a ${one.code}`, got: one.code, fix: error ? 'mend what it says' : 'take the acknowledgement out, or correct its code' }), path });
      }
    }
    return result;
  }

  /** What the validations of others say. */
  private foreign(): string[] {
    this.checking = true;
    try {
      return this.root.node.findAll().flatMap((construct) => construct.node.validate().map((message) => `[${construct.node.path}] ${message}`));
    } finally {
      this.checking = false;
    }
  }

  /** Build contexts of code, and dashboards, beside the manifests; not before everyone agrees that there will be any. */
  private write(found: Found): void {
    if (found.written || !(this.root instanceof App)) return;
    found.written = true;
    const members = this.participants.flatMap((one) => one._members?.() ?? []);
    tell(members);
    const contexts = members.flatMap((member) => [member.plan.buildContext, member.plan.contextBeside, member.plan.monitor?.buildContext]).filter((context) => context !== undefined);
    const files = this.participants.flatMap((one) => one._files?.() ?? []);
    if (contexts.length + files.length === 0 || this.foreign().length > 0) return;
    for (const context of contexts) writeBuildContext(this.root.outdir, context);
    for (const { path, content } of files) writeBeside(this.root.outdir, path, content);
  }
}

function covers(scope: IConstruct, path: string): boolean {
  const own = scope.node.path;
  return own === '' || path === own || path.startsWith(`${own}/`);
}

/** Objects of a chart itself, not of charts within it. */
function objectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one) && one.chart === chart);
}

/** One value may be reached by several ways; what it carries is told once. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.what} ${finding.got}`, finding])).values()];
}
