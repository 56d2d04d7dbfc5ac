import { Explanation, ReleaseCommand, ReleaseGate, ReleaseMigration, ReleaseStep } from '../plan/release/explain/explanation';
import { toMarkdown, toMermaid } from '../plan/release/explain/text';

/** How a new version of a service goes live: the steps and numbers that its manifests hold, for people. */
export class ReleaseExplanation {
  /** @internal */
  public static _of(explanation: Explanation): ReleaseExplanation {
    return new ReleaseExplanation(explanation);
  }

  /** Strategy, controller and router: `canary by Argo Rollouts, routed by the Gateway API`. */
  public readonly title: string;
  /** What happens, in this order. */
  public readonly steps: ReleaseStep[];
  /** What the new version must pass, and what follows if it doesn't. */
  public readonly gates: ReleaseGate[];
  /** Commands to watch it, let it go on, and take it back. */
  public readonly commands: ReleaseCommand[];
  /** Who gets which version, what isn't judged, and other things to know. */
  public readonly notes: string[];
  /** Ways from another way of replacing versions to this one and back, without fewer copies than run. */
  public readonly migrations: ReleaseMigration[];
  private readonly explanation: Explanation;

  private constructor(explanation: Explanation) {
    this.explanation = explanation;
    this.title = explanation.title;
    this.steps = [...explanation.steps];
    this.gates = [...explanation.gates];
    this.commands = [...explanation.commands];
    this.notes = [...explanation.notes];
    this.migrations = [...explanation.migrations];
  }

  /** All of it as Markdown: for a pull request, or the team's runbook. */
  public toMarkdown(): string {
    return toMarkdown(this.explanation);
  }

  /** The steps as a Mermaid flowchart: share of the requests, copies, times, gates, and what leads back. */
  public toMermaid(): string {
    return toMermaid(this.explanation);
  }
}
