/** One test vector, as it stands in a file of `conformance/vectors`. */
export interface Vector {
  readonly name: string;
  /** What it is about, for a reader. */
  readonly about?: string;
  /** Of the kind's own form. */
  readonly given: unknown;
  readonly expected: unknown;
}

/** What is tested with vectors of one file. */
export interface Kind {
  /** What the program under test gets. */
  input(given: never): unknown;
  /**
   * Compares what the program answered with what is expected.
   *
   * @returns One sentence for each thing that is wrong; none for an answer that passes.
   */
  problems(vector: { readonly given: never; readonly expected: never }, output: never): string[];
}

/** For a kind whose output must equal what is expected. */
export function sameAs(expected: unknown, output: unknown): string[] {
  const [is, shouldBe] = [stable(output), stable(expected)];
  return is === shouldBe ? [] : [`the answer is ${is}; it should be ${shouldBe}`];
}

/** JSON with the names of each object in order. */
function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ) ?? 'nothing'
  );
}
