import { IConstruct } from 'constructs';
import { Finding, Severity } from '../describe/problem';
import { ServiceEndpoint } from '../describe/service-endpoint';
import { InferenceProtocol } from '../describe/server/server-facts';
import { frontOf } from '../plan/around/companion';
import { engineCapability, Support } from '../plan/engine/capabilities';
import { CAPABILITIES, Capability } from '../plan/engine/capability';
import { Engine } from '../plan/engine/engine';
import { GraphRouter } from '../plan/graph/graph-router';
import { NODE_CAPABILITY } from '../plan/graph/planned-graph';
import { ServicePlan, ServiceRequest } from '../plan/service-plan';
import { Backend, RenderedObject } from '../render/ports';
import { EngineBackend } from './engine-backend';
import { endpointOf } from './service-endpoint';

/** What a client asks by one protocol, on one engine or on two. */
export interface ClientView {
  /** Name of the protocol. */
  readonly protocol: string;
  /**
   * What it asks on the engine.
   * @default - the engine can't run the service, or not by this protocol
   */
  readonly now?: ServiceEndpoint;
  /**
   * What it will ask after the move.
   * @default - no move was asked for, or the service can't be asked so there
   */
  readonly then?: ServiceEndpoint;
  /** What changes for it, in sentences; nothing where it need not know. */
  readonly changes: string[];
}

/** One service on an engine, or on its way to another. */
export interface ExplainedService {
  /** Name. */
  readonly name: string;
  /** What clients ask. */
  readonly clients: ClientView[];
  /** Kinds and names of the objects that there are; of those that come with a move. */
  readonly objects: string[];
  /** Kinds and names of the objects that go with a move. */
  readonly gone: string[];
  /** How the engine does what the service asks for, where it is not by the engine's own resource. */
  readonly notes: string[];
  /** What stands against it. */
  readonly problems: string[];
}

/** A service, and how it would come out on any engine. */
export interface Explained extends IConstruct {
  readonly name: string;
  /** @internal */
  _onEngine(backend?: Backend): OnEngine;
}

/** How a service comes out on an engine. */
export interface OnEngine {
  readonly engine: Engine;
  readonly request: ServiceRequest;
  readonly plan?: ServicePlan;
  readonly objects: readonly RenderedObject[];
  readonly findings: readonly Finding[];
}

/** What an engine means for its services and their clients; with a second engine, what a move to it changes. */
export class EngineExplanation {
  /** @internal */
  public static _of(now: EngineBackend, services: readonly Explained[], then: EngineBackend | undefined, findings: readonly Finding[]): EngineExplanation {
    return new EngineExplanation(now._title, then?._title, told(findings), services.map((service) => explain(service._onEngine(), then && service._onEngine(then._backend))));
  }

  /** Name and version of the engine, and how it is set. */
  public readonly engine: string;
  /** The same of the engine that a move leads to, if one was asked for. */
  public readonly movingTo?: string;
  /** What is wrong with the engine that was asked for: the services are told as if that had been left out. */
  public readonly problems: string[];
  /** Its services. */
  public readonly services: ExplainedService[];

  private constructor(now: string, then: string | undefined, problems: string[], services: ExplainedService[]) {
    this.engine = now;
    this.movingTo = then;
    this.problems = problems;
    this.services = services;
  }

  /** All of it as Markdown, for a pull request or a wiki. */
  public toMarkdown(): string {
    const moved = this.movingTo !== undefined;
    return [
      `## ${moved ? `From ${this.engine} to ${this.movingTo}` : this.engine}`, '',
      ...list('Wrong with what was asked for', this.problems),
      ...this.services.flatMap((service) => [
        `### ${service.name}`, '',
        ...(service.problems.length === 0 ? [] : [`${moved ? 'Stands against the move' : 'Stands against it'}:`, '', ...service.problems.map((one) => `- ${one}`), '']),
        ...(service.clients.length === 0 ? [] : [
          `| protocol | ${moved ? 'now | then | what clients must change' : 'address | headers | model'} |`, '|---|---|---|---|',
          ...service.clients.map((client) => (moved
            ? `| ${client.protocol} | ${client.now?.url ?? '-'} | ${client.then?.url ?? '-'} | ${client.changes.length === 0 ? 'nothing' : client.changes.join('; ')} |`
            : `| ${client.protocol} | ${client.now?.url ?? '-'} | ${headersOf(client.now)} | ${client.now?.modelName ?? '-'} |`)), '',
        ]),
        ...list(moved ? 'Comes' : 'Objects', service.objects), ...list('Goes', service.gone), ...list('How it is done', service.notes),
      ]),
    ].join('\n').trimEnd().concat('\n');
  }
}

function list(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title}:`, '', ...entries.map((one) => `- ${one}`), ''];
}

function headersOf(endpoint: ServiceEndpoint | undefined): string {
  const headers = Object.entries(endpoint?.headers ?? {});
  return headers.length === 0 ? '-' : headers.map(([name, value]) => `${name}: ${value}`).join(', ');
}

function explain(now: OnEngine, then: OnEngine | undefined): ExplainedService {
  const shown = then ?? now;
  const before = objectsOf(now);
  const after = objectsOf(shown);
  return {
    name: now.request.name,
    clients: clientsOf(now, then),
    objects: then === undefined ? after : after.filter((one) => !before.includes(one)),
    // what can't be planned there says nothing of what would go
    gone: then === undefined || after.length === 0 ? [] : before.filter((one) => !after.includes(one)),
    notes: notesOf(shown),
    problems: told(shown.findings),
  };
}

/** Errors in words, each once. */
function told(findings: readonly Finding[]): string[] {
  return [...new Set(findings.filter(({ severity }) => severity === Severity.ERROR).map(({ code, what, fix }) => `${code}: ${what}: ${fix}`))];
}

function objectsOf({ objects }: OnEngine): string[] {
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

function clientsOf(now: OnEngine, then: OnEngine | undefined): ClientView[] {
  const fronts = [now, then].map((one) => one?.plan && frontOf(one.plan));
  const protocols = new Map(fronts.flatMap((plan) => plan?.protocols ?? []).map((protocol) => [protocol.name, protocol]));
  const pooled = [...new Set(fronts.flatMap((plan) => plan?.pooled.map(({ name }) => name) ?? []))];
  const asked = (plan: ServicePlan | undefined, protocol: InferenceProtocol, modelName: string | undefined): ServiceEndpoint | undefined => plan && endpointOf(plan, protocol, now.request.cluster.domain, { modelName });
  return [...protocols.values()].flatMap((protocol) => (pooled.length === 0 ? [undefined] : pooled).map((modelName) => {
    const [before, after] = fronts.map((plan) => asked(plan, protocol, modelName));
    return { protocol: protocol.name, now: before, then: after, changes: then === undefined ? [] : changesOf(before, after) };
  })).filter((view) => view.now !== undefined || view.then !== undefined);
}

/** What a client has to change, so that it is answered as before. */
function changesOf(now: ServiceEndpoint | undefined, then: ServiceEndpoint | undefined): string[] {
  if (now === undefined) return ['can be asked by this protocol only then'];
  if (then === undefined) return ['can no longer be asked by this protocol'];
  return [
    ...(now.host === then.host ? [] : [`the host is ${then.host}`]),
    ...(now.port === then.port ? [] : [`the port is ${then.port}`]),
    ...(now.path === then.path ? [] : [`the path is ${then.path}`]),
    ...(now.modelName === then.modelName ? [] : [`the model is called ${then.modelName}`]),
    ...(headersOf(now) === headersOf(then) ? [] : [headersOf(then) === '-' ? `the headers ${headersOf(now)} are no longer needed` : `every request has the header ${headersOf(then)}; a route of Exposure.gateway sets it for its clients`]),
  ];
}

/** How the engine does what is asked for, where that is not its own resource's doing. */
function notesOf({ engine, request, plan }: OnEngine): string[] {
  if (plan === undefined) return [];
  return Object.values(Capability).flatMap((capability) => {
    const cell = asks(capability, request, plan) ? engineCapability(capability, engine.id) : undefined;
    return cell?.support === Support.BESIDE ? [`${CAPABILITIES[capability].title}: ${cell.text}`] : [];
  });
}

/** Whether a service asks for it; a graph for its nodes, and for no model. */
function asks(capability: Capability, request: ServiceRequest, plan: ServicePlan): boolean {
  const { server } = request;
  if (server instanceof GraphRouter && server.graph.nodes.some(({ kind }) => NODE_CAPABILITY[kind] === capability)) return true;
  return !(server instanceof GraphRouter && capability === Capability.IN_IMAGE) && CAPABILITIES[capability].asks?.(request, plan) === true;
}
