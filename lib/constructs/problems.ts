import { IConstruct } from 'constructs';
import { Problem } from '../describe/problem';
import { Synthesis } from './synthesis';

/** What was found in a tree of constructs, and what was said to it. */
export class Problems {
  /**
   * Everything found in a scope: errors, which stop a synthesis, and warnings, acknowledged ones included.
   * @param scope a construct, or the app for all of them.
   */
  public static of(scope: IConstruct): Problem[] {
    const path = scope.node.path;
    return Synthesis.of(scope).problems().filter((problem) => path === '' || problem.path === path || problem.path.startsWith(`${path}/`));
  }

  /**
   * Says that a warning is known and why it is fine: it is no longer printed. One that matches nothing is itself told.
   * @param scope the construct that the warning is about, or one above it.
   * @param code of the warning, `SERVING_...`.
   * @param reason why it is fine.
   */
  public static acknowledge(scope: IConstruct, code: string, reason: string): void {
    Synthesis.of(scope).acknowledge(scope, code, reason);
  }

  private constructor() {}
}
