import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `CostBudget.monthly`. */
export interface CostBudgetProps {
  /**
   * From how many percent of the amount on somebody is told, before it is spent.
   * @default 80
   */
  readonly tellAtPercent?: number;
}

const SHAPE: Shape<CostBudgetProps & { amount: number }> = { amount: is.required(is.number(0.01)), tellAtPercent: is.number(1, 99) };

/** What may be spent. A month has 730 hours; what it will cost is what the last day cost, for all of its hours. */
export class CostBudget {
  /**
   * So much a month.
   * @param amount in the currency of the prices.
   */
  public static monthly(amount: number, props: CostBudgetProps = {}): CostBudget {
    const checked = checkShape('CostBudget.monthly', SHAPE, { ...props, amount });
    return new CostBudget(checked.props.amount ?? 0.01, checked.props.tellAtPercent ?? 80, checked.findings);
  }

  private constructor(
    /** What a month may cost, in the currency of the prices. */
    public readonly amount: number,
    /** From how many percent of it on somebody is told. */
    public readonly tellAtPercent: number,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}
