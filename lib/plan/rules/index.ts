import { accelerator } from './accelerator';
import { accounts } from './accounts';
import { batching } from './batching';
import { candidate } from './candidate';
import { codeImage } from './code-image';
import { copies } from './copies';
import { detectors } from './detectors';
import { engineCapabilities } from './engine-capability';
import { engineOwn } from './engine-own';
import { engineReserved } from './engine-reserved';
import { environment } from './environment';
import { explainer } from './explainer';
import { exposure } from './exposure';
import { filePlaces } from './file-places';
import { fleetCapacity } from './fleet-capacity';
import { fleetIdentity } from './fleet-identity';
import { fleetMade } from './fleet-made';
import { grace } from './grace';
import { implementation } from './implementation';
import { labels } from './labels';
import { limits } from './limits';
import { maintained } from './maintained';
import { memory } from './memory';
import { monitor } from './monitor';
import { modelCache } from './model-cache';
import { name } from './name';
import { namespace } from './namespace';
import { objectives } from './objectives';
import { operators } from './operators';
import { payloadLogging } from './payload-logging';
import { podLists } from './pod-lists';
import { podSecurity } from './pod-security';
import { pool } from './pool';
import { poolUnwritten } from './pool-settings';
import { releaseCapability } from './release-capability';
import { releaseController } from './release-controller';
import { releaseDeadline } from './release-deadline';
import { releaseFlagger } from './release-flagger';
import { releaseMetrics } from './release-metrics';
import { releaseName } from './release-name';
import { releaseRouting } from './release-routing';
import { releaseTakeOver } from './release-take-over';
import { releaseUnused } from './release-unused';
import { releaseVerdict } from './release-verdict';
import { releaseWeights } from './release-weights';
import { replaces } from './replaces';
import { FleetRule, Rule } from './rule';
import { scaleToZero } from './scale-to-zero';
import { scaling } from './scaling';
import { scalingSignals } from './scaling-signals';
import { seldonV2Models } from './seldon-v2-models';
import { surge } from './surge';
import { tracing } from './tracing';
import { transformer } from './transformer';

/** Rules about one service. */
export const SERVICE_RULES: readonly Rule[] = [
  name, namespace, engineCapabilities, engineReserved, engineOwn, labels, maintained, copies, surge, candidate, releaseCapability, releaseController, releaseFlagger, releaseWeights, releaseMetrics, releaseRouting, releaseUnused, releaseVerdict, releaseDeadline, releaseTakeOver, releaseName, objectives,
  accelerator, memory, scaling, scalingSignals, scaleToZero, environment, exposure, operators, accounts, codeImage, implementation, podLists, grace, podSecurity, filePlaces, limits, payloadLogging, monitor, tracing, transformer, explainer, detectors, batching, pool, poolUnwritten, modelCache, replaces,
];

/** Rules about all services of a tree together. */
export const FLEET_RULES: readonly FleetRule[] = [fleetCapacity, fleetIdentity, fleetMade, seldonV2Models];
