import { IConstruct } from 'constructs';

/** The nearest construct of a sort: in a scope itself, or in one above it. */
export function nearest<T extends IConstruct>(scope: IConstruct, is: (construct: IConstruct) => construct is T): T | undefined {
  for (const one of scope.node.scopes.reverse()) {
    const found = is(one) ? one : one.node.children.find(is);
    if (found !== undefined) return found;
  }
  return undefined;
}
