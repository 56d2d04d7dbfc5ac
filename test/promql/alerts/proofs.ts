import { AlertProof } from '../../support/alert-proof';
import * as capacity from './capacity';
import * as certificates from './certificates';
import * as costs from './cost';
import * as objectives from './objectives';
import * as pods from './pods';
import * as releases from './releases';
import * as scrapes from './scrapes';
import * as sources from './sources';


/** What shows of each alert that it works; of those about models model-alerts.test.ts does. */
export const PROOFS: AlertProof[] = [pods, capacity, costs, releases, scrapes, certificates, objectives, sources].flatMap((file) => Object.values(file)).filter((one): one is AlertProof => typeof one === 'object' && 'alert' in one);

/** As tests are named by it. */
export const named = (proof: AlertProof): string => [proof.alert, proof.severity, proof.source].filter((one) => one !== undefined).join(', ');
