import { ProblemKind } from '../../describe/problem';
import { WatchRule } from './rule';

const TOO_SLOW = ProblemKind.error('SERVING_SCRAPE_TOO_SLOW', 'Metrics are scraped too rarely for the rules', 'Rates are over five minutes: with fewer than four scrapes in them, one that fails leaves gaps that look like calm.');

const MOST_SECONDS = 75;

/** Windows of five minutes need four scrapes. */
export const scrape: WatchRule = ({ request: { cluster } }) => cluster.scrapeSeconds <= MOST_SECONDS ? []
  : [TOO_SLOW.found({ what: "the Cluster's 'scrapeInterval' is too long for rates over five minutes", got: `${cluster.scrapeSeconds} s`, allowed: `at most ${MOST_SECONDS} s`, fix: "give a shorter 'scrapeInterval'" })];
