/** Calls a function of the page's fixture. */
export function call<T>(
  page: { evaluate<Value>(expression: string): Promise<Value> },
  name: string,
  argument?: unknown,
): Promise<T> {
  const source = `fixture.${name}(${argument === undefined ? '' : JSON.stringify(argument)})`;
  return page.evaluate<T>(source);
}
