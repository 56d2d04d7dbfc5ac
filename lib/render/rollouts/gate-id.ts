/** Id of an object that a gate makes, below the service: `Analysis` and `null-answers` are `AnalysisNullAnswers`. */
export function gateId(prefix: string, gate: string): string {
  return `${prefix}${gate.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
}
