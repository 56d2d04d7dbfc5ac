import { Accelerator } from '../describe/accelerator';
import { ModelFormat } from '../describe/model-format';
import { Finding, ProblemKind } from '../describe/problem';
import { ServerDefinition } from '../describe/server/server-definition';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Engine } from './engine/engine';

const NO_SERVER = ProblemKind.error('SERVING_NO_SERVER_FITS', 'No server of the catalogue serves this model like that', 'Format, accelerator and protocol leave none.');
const MISFIT = ProblemKind.error('SERVING_SERVER_MISFIT', 'The named server can not serve this model like that', 'It would start and fail, or never answer.');

/** What a server is chosen by. */
export interface SelectionWish {
  readonly format: ModelFormat;
  readonly accelerator?: Accelerator;
  readonly protocol?: InferenceProtocol;
  /** What is to run it. */
  readonly engine?: Engine;
}

/** What was found of one server. */
export interface ServerCandidate {
  /** The server's id. */
  readonly server: string;
  /** Whether it fits. */
  readonly fits: boolean;
  /** Whether it was chosen. */
  readonly chosen: boolean;
  /** Why not, or why. */
  readonly reasons: string[];
}

/** Which server was chosen, and why. */
export interface Selection {
  readonly server?: ServerDefinition;
  readonly protocol?: InferenceProtocol;
  readonly candidates: ServerCandidate[];
  readonly findings: Finding[];
}

/** Picks the server: the named one if it fits, else the first of the list that does. */
export function selectServer(wish: SelectionWish, servers: readonly ServerDefinition[], named?: ServerDefinition): Selection {
  const judged = (named === undefined || servers.includes(named) ? servers : [named, ...servers]).map((server) => ({ server, against: misfits(server, wish, named === undefined) }));
  const fitting = judged.filter((entry) => entry.against.length === 0).map((entry) => entry.server);
  const server = named ?? fitting[0];
  const candidates = judged.map((entry) => ({
    server: entry.server.facts.id, fits: entry.against.length === 0, chosen: entry.server === server && entry.against.length === 0,
    reasons: entry.against.length > 0 ? entry.against : [entry.server !== server ? `fits, but ${server?.facts.id} comes first` : named !== undefined ? 'it was named' : 'the first that fits'],
  }));
  const protocol = server && (wish.protocol ?? server.facts.protocols[0]);
  const wished = `${wish.format.name}${wish.accelerator === undefined ? ' on CPU' : ` on ${wish.accelerator}`}${wish.protocol === undefined ? '' : ` by ${wish.protocol}`}`;
  const allowed = fitting.length > 0 ? `what fits: ${[...new Set(fitting.map((one) => one.facts.id))].join(', ')}` : 'nothing in the catalogue fits';
  if (server === undefined) {
    const unread = `does not read ${wish.format.name}`;
    const readers = judged.filter((entry) => !entry.against.includes(unread));
    const why = readers.length === 0 ? 'none reads the format' : readers.map((entry) => `${entry.server.facts.id} (${entry.against.join('; ')})`).join(', ');
    return { candidates, findings: [NO_SERVER.found({ what: `no server serves ${wished}: ${why}`, got: wish.format.name, allowed, fix: 'change format, accelerator or protocol, or name a server of your own' })] };
  }
  const against = named === undefined ? [] : judged.find((entry) => entry.server === named)!.against;
  if (against.length === 0) return { server, protocol, candidates, findings: [] };
  return { candidates, findings: [MISFIT.found({ what: `${named!.facts.title} can not serve ${wished}: ${against.join('; ')}`, got: named!.facts.id, allowed, fix: fitting.length > 0 ? "name one of these, or leave 'server' out" : 'change format, accelerator or protocol' })] };
}

/** What speaks against a server; nothing when it fits. */
function misfits(server: ServerDefinition, wish: SelectionWish, automatic: boolean): string[] {
  const { formats, accelerators, cpu, protocols, selectable } = server.facts;
  const against: string[] = [];
  if (automatic && selectable === false) against.push('only when it is named');
  if (!formats.some((one) => one.format === wish.format.name || one.format === '*')) against.push(`does not read ${wish.format.name}`);
  const reading = formats.find((one) => one.format === wish.format.name);
  if (wish.accelerator === undefined && (!cpu || reading?.needsAccelerator)) against.push(cpu ? `reads ${wish.format.name} only with an accelerator` : 'needs an accelerator');
  if (wish.accelerator !== undefined && reading?.cpuOnly) against.push(`serves ${wish.format.name} on CPU only`);
  else if (wish.accelerator !== undefined && !accelerators.includes(wish.accelerator.vendor)) against.push(`has no image for ${wish.accelerator.vendor}`);
  if (wish.protocol !== undefined && !protocols.some((one) => one.sameAs(wish.protocol!))) against.push(`does not speak ${wish.protocol}`);
  const unfit = wish.engine?.misfit?.(server);
  if (unfit !== undefined) against.push(unfit);
  return against;
}
