/** What one prop does: with `value`, `see` finds `is` in the output, and something else without it. */
export interface PropCase<P, K extends keyof P, O> {
  readonly value: Required<P>[K];
  /** Props that this one needs beside it, with and without it. */
  readonly beside?: Partial<P>;
  readonly see: (output: O) => unknown;
  readonly is: unknown;
}

/**
 * A test for each prop of an interface: giving it changes what comes out. The compiler sees that none is left out.
 *
 * @param base what is given in all tests; a required prop is there with another value.
 */
export function everyProp<P extends object, O>(base: P, make: (props: P) => O, cases: { readonly [K in keyof Required<P>]: PropCase<P, K, O> }): void {
  for (const key of Object.keys(cases) as (keyof P & string)[]) {
    test(`'${key}' changes what comes out`, () => {
      const { value, beside, see, is } = cases[key];
      const props = { ...base, ...beside };
      expect(see(make({ ...props, [key]: value }))).toEqual(is);
      expect(see(make(props))).not.toEqual(is);
    });
  }
}
