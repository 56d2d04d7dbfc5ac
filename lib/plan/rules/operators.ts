import { ClusterOperator } from '../../describe/cluster';
import { CredentialKind, SecretRotation } from '../../describe/credentials';
import { OciDelivery } from '../../describe/model-source';
import { Finding, ProblemKind } from '../../describe/problem';
import { eachVersion } from '../models';
import { ServiceRequest } from '../service-plan';
import { Rule } from './rule';

/** An operator that is needed and does not run. */
export const OPERATOR_MISSING = ProblemKind.error('SERVING_OPERATOR_MISSING', 'An operator is needed that the cluster does not run', 'The object would be stored and nobody would act on it.');
const IMAGE_VOLUME = ProblemKind.error('SERVING_IMAGE_VOLUME', 'The cluster can not mount images as volumes', 'The API server would drop the volume or refuse the pod.');

export const operators: Rule = {
  check: ({ request }) => {
    const { cluster, engine } = request;
    const findings = eachVersion(request).flatMap(ofSource);
    if (engine.operator !== undefined && !cluster.runs(engine.operator)) {
      findings.push(OPERATOR_MISSING.found({ what: `the engine is ${engine.title}, and the cluster does not run '${engine.operator.name}'`, fix: `add ClusterOperator.of('${engine.operator.name}') to 'operators' if it runs, else take EngineBackend.kubernetes()` }));
    }
    return findings;
  },
};

/** What the way to a model's files needs of the cluster. */
function ofSource({ cluster, model: { source } }: ServiceRequest): Finding[] {
  const findings: Finding[] = [];
  const credentials = source?.credentials;
  if (credentials?.kind === CredentialKind.EXTERNAL_SECRET && !cluster.runs(ClusterOperator.EXTERNAL_SECRETS)) {
    findings.push(OPERATOR_MISSING.found({ what: "Credentials.externalSecret needs 'external-secrets' in the cluster", fix: "add ClusterOperator.EXTERNAL_SECRETS to 'operators' if it runs, else use Credentials.fromSecretName" }));
  }
  if (credentials?.rotation === SecretRotation.ROLL && !cluster.runs(ClusterOperator.RELOADER)) {
    findings.push(OPERATOR_MISSING.found({ what: "SecretRotation.ROLL needs 'reloader' in the cluster", fix: "add ClusterOperator.RELOADER to 'operators' if it runs, else use SecretRotation.NEXT_START" }));
  }
  if (source?.delivery === OciDelivery.VOLUME) {
    const inner = source.path !== '/';
    const needed = inner ? 33 : 31; // subPath of an image volume came with 1.33
    if (!cluster.imageVolumes || cluster.minorVersion < needed) {
      findings.push(IMAGE_VOLUME.found({ what: `OciDelivery.VOLUME${inner ? ' with a folder in the image' : ''} needs Kubernetes 1.${needed} with image volumes on`, got: `${cluster.version}, imageVolumes ${cluster.imageVolumes}`, allowed: `1.${needed} or newer, imageVolumes true`, fix: "say 'imageVolumes: true' of the Cluster if the feature is on, else use OciDelivery.COPY" }));
    }
  }
  return findings;
}
