import { Selection, ServerCandidate } from '../plan/select-server';

/** Which server was picked for a model, and what was found of each. */
export class ServerSelection {
  /** @internal */
  public static _of(selection: Selection): ServerSelection {
    return new ServerSelection(selection);
  }

  /** Id of the server; undefined when none fits. */
  public readonly server?: string;
  /** Name of the protocol that it is asked by. */
  public readonly protocol?: string;
  /** What was found of each server, in the order of preference. */
  public readonly candidates: ServerCandidate[];

  private constructor(selection: Selection) {
    this.server = selection.server?.facts.id;
    this.protocol = selection.protocol?.name;
    this.candidates = selection.candidates;
  }

  /** As text, a line a server. */
  public toString(): string {
    const lines = this.candidates.map((one) => `${one.chosen ? '->' : '  '} ${one.server}: ${one.reasons.join('; ')}`);
    return [`${this.server ?? 'no server'}${this.protocol === undefined ? '' : ` by ${this.protocol}`}`, ...lines].join('\n');
  }
}
