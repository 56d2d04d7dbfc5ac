import { CredentialKind } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { SourceKind } from '../../describe/model-source';
import { compact, mebibytes } from '../../plan/json';
import { requirementOf } from '../../plan/engine/seldon-core-v2-formats';
import { SELDON_V2_API, SETTINGS_FOLDER } from '../../plan/engine/seldon-core-v2';
import { MODELS_ROOT } from '../../plan/pod/model-files';
import { ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';
import { FetchedModel, remoteSecretOf } from './remote';

/** A `Model`: what is to be loaded, where from, and onto which servers. */
export interface SeldonModel {
  /** Id below the construct, and name: that by which clients ask for it. */
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  /** What rclone copies: a remote's path, or a folder of the pod. */
  readonly storageUri: string;
  /** Secret with the remote. */
  readonly secretName?: string;
  /** Capabilities that a server must have. */
  readonly requirements: readonly string[];
  /** The one server that is to take it. */
  readonly server?: string;
  /** What it explains, and how, where it is an explainer of Alibi's. */
  readonly explainer?: { readonly type: string; readonly modelRef?: string; readonly pipelineRef?: string };
  /** Bytes of the server's memory; 1 MB where it is not said. */
  readonly memoryBytes?: number;
  readonly replicas?: number;
  /** Copies with which it answers already, where its server has fewer than it wants. */
  readonly minReplicas?: number;
}

/** Writes a `Model`. Also for models of pools, graphs and detectors, which are Models like any other. */
export function seldonModel(model: SeldonModel): RenderedObject {
  return {
    id: model.id, apiVersion: SELDON_V2_API, kind: 'Model', name: model.name, labels: model.labels, annotations: model.annotations,
    content: {
      spec: compact({
        storageUri: model.storageUri, secretName: model.secretName, requirements: [...model.requirements], server: model.server,
        memory: model.memoryBytes === undefined ? undefined : mebibytes(model.memoryBytes), replicas: model.replicas, minReplicas: model.minReplicas, explainer: model.explainer && { ...model.explainer },
      }),
    },
  };
}

/** Bytes of memory that a model takes of a server's. */
export function modelMemory(plan: ServicePlan, modelBytes: number): number {
  return (plan.server.facts.memoryFactor ?? 1.5) * modelBytes;
}

/** The Model of a service on shared servers: the agent fetches it from its store. */
export function sharedModel(plan: ServicePlan, { id, name, model, modelBytes, replicas }: { id: string; name: string; model: Model; modelBytes: number; replicas: number | undefined }, server: string | undefined): RenderedObject {
  return seldonModel({
    id, name, labels: { ...plan.labels, ...versionOf(model) }, annotations: plan.annotations, ...storeOf(plan, { owner: name, model }), requirements: [requirementOf(model.format.name, plan.server.facts.id, plan.partOf)], explainer: explainerOf(plan), server, memoryBytes: modelMemory(plan, modelBytes), replicas,
  });
}

/** The folder of the pod that a model is in which comes with the pods: of its files, or of MLServer's settings, which say where those are. */
export function folderInPod({ container }: ServicePlan, model: string): string {
  return `${container === 'triton' ? MODELS_ROOT : SETTINGS_FOLDER}/${model}`;
}

/** What an explainer explains: what clients ask for by the service's name. */
export function explainerOf({ partOf }: ServicePlan): SeldonModel['explainer'] {
  return partOf?.explains && { type: partOf.explains.method, ...(partOf.piped === true ? { pipelineRef: partOf.service } : { modelRef: partOf.service }) };
}

/** Label of a model's version. */
export function versionOf(model: Model): { [key: string]: string } {
  return model.version === undefined ? {} : { 'app.kubernetes.io/version': model.version };
}

/** Where rclone finds a model. The remote has the name of the URI's scheme, which must be that in the Secret. */
export function storeOf(plan: ServicePlan, fetched: FetchedModel): { storageUri: string; secretName?: string } {
  const { source } = fetched.model;
  const uri = source?.uri ?? '';
  const storageUri = source?.kind === SourceKind.AZURE_BLOB ? uri.replace(/^https:\/\/[^/]+\//, 'azureblob://') : uri;
  const secretName = source?.credentials?.kind === CredentialKind.SECRET ? source.credentials.secretName : remoteSecretOf(plan, fetched)?.name;
  return { storageUri, secretName };
}
