/** A map, unless it is empty: the API server makes null of one whose last key an apply takes away, and refuses that. */
export function given(map: { readonly [key: string]: string }): { [key: string]: string } | undefined {
  return Object.keys(map).length === 0 ? undefined : { ...map };
}
