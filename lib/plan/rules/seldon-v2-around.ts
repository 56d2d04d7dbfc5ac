import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { SeldonCoreV2 } from '../engine/seldon-core-v2';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const COLLOCATED = ProblemKind.error('SERVING_SELDON_COLLOCATED', "A transformer in the pods of a Seldon Core v2 server", "Seldon's agent loads models through the same port as it passes requests on: a transformer before that port would have to take both, and on shared servers it would stand before all models.");
const PROTOCOL = ProblemKind.error('SERVING_SELDON_TRANSFORMER_PROTOCOL', 'A transformer that can not tell which model it asks', "By gRPC the model is known by metadata alone, of which a transformer is not told: it would be asked for a Model that there is none of.");
const STOCK = ProblemKind.error('SERVING_SELDON_STOCK_COMPANION', "A setting of an explainer or a detector on servers that are shared", "Seldon's agent writes the settings there, and has no place for it: what is asked for would not be there, and nothing would say so.");
const UNHEARD = ProblemKind.warning('SERVING_SELDON_DETECTOR_UNHEARD', 'A detector that tells what it finds in Kafka alone', "On shared servers it is Seldon's own program, as a step of a Pipeline: what it finds is in the step's topic, no series of the library has it, and a step that fails first is the answer to the client.");
const FOLDER = ProblemKind.warning('SERVING_SELDON_EXPLAINER_FOLDER', 'An explainer whose folder Seldon looks for', "Its agent takes the first folder in what it has fetched for the saved explainer, unless there is a model-settings.json.");
const INGRESS = ProblemKind.error('SERVING_SELDON_PIPELINE_INGRESS', 'A Pipeline behind an Ingress', 'Envoy knows a Pipeline by a header, which an Ingress does not set: it would ask the Model, and the detectors would see nothing.');

/** Servers on which a service has its own, as a problem names them. */
const OWN = 'SeldonServers.asNeeded() or SeldonServers.dedicated()';
const AGENT = 'https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/repository/mlserver/settings.go';

/** What stands beside a service on Seldon Core v2 can be had there. */
export const seldonV2Around: Rule = {
  check: ({ request, plan }) => {
    const { engine } = request;
    if (!(engine instanceof SeldonCoreV2)) return [];
    return [...transformerFindings(request, plan), ...(engine.stockCompanions ? onSharedServers(engine, request) : [])];
  },
};

function transformerFindings({ transformer }: ServiceRequest, plan: ServicePlan): Finding[] {
  if (transformer === undefined) return [];
  if (transformer.what.isCollocated) return [COLLOCATED.found({ what: 'Transformer.collocated stands between Seldon\'s agent and the server', fix: `use Transformer.of, and ${OWN}` })];
  return plan.protocol.sameAs(InferenceProtocol.V2_REST) ? [] : [PROTOCOL.found({ what: `the model is asked by ${plan.protocol}`, got: String(plan.protocol), allowed: String(InferenceProtocol.V2_REST), fix: `name ${InferenceProtocol.V2_REST} as 'protocol'` })];
}

function onSharedServers(engine: SeldonCoreV2, request: ServiceRequest): Finding[] {
  const { name, explainer, detectors, exposure } = request;
  const findings: Finding[] = [];
  const lost = (who: string, props: { readonly [prop: string]: unknown }): void => {
    for (const [prop, got] of Object.entries(props)) {
      if (got !== undefined) findings.push(STOCK.found({ what: `${who}: '${prop}' is no setting of a Model on a shared server`, got: JSON.stringify(got), fix: `leave it out, or give the engine ${OWN}` }));
    }
  };
  const alibi = explainer?.what._alibi;
  if (alibi !== undefined) {
    lost('Explainer.alibi', { parameters: alibi.parameters, output: alibi.output, batch: alibi.batch });
    findings.push(FOLDER.found({ what: `'${alibi.source?.uri ?? ''}' is searched for a folder (${AGENT})`, got: alibi.source?.uri, allowed: 'the folder above the one that explainer.save() wrote', fix: `put the explainer into a folder of its own below it and acknowledge this, or give the engine ${OWN}` }));
  }
  for (const { what } of detectors) {
    lost(`the detector '${what.name}'`, { parameters: what._props.parameters, samplePercent: what._props.samplePercent });
    findings.push(UNHEARD.found({ what: `the detector '${what.name}' is a step of the Pipeline '${name}'`, got: `SeldonServers.shared()`, allowed: OWN, fix: `give the engine ${OWN}, where it is sent copies and its series are scraped; or read the topic 'seldon.${request.namespace ?? '<namespace>'}.model.${name}-${what.name}.outputs' and acknowledge this` }));
  }
  if (engine.piped(request) && exposure.kind === ExposureKind.INGRESS) findings.push(INGRESS.found({ what: `clients ask for the Pipeline '${name}'`, got: 'Exposure.ingress', allowed: 'Exposure.gateway', fix: 'use Exposure.gateway, whose route sets the header' }));
  return findings;
}
