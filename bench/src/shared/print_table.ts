/** Prints rows under a heading, the first column to the left, the others to the right. */
export function printTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  console.log(`\n${title}`);
  for (const line of lines) {
    const cells = widths.map((width, column) => {
      const text = line[column] ?? '';
      return column === 0 ? text.padEnd(width) : text.padStart(width);
    });
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** A number for a table; a dash for none. */
export function cell(value: number, digits: number = 1): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

/** The last line of a benchmark, for scripts. Rounded to a thousandth; what is not a number is left out. */
export function printFigures(bench: string, figures: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(figures)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => [name, Math.round(value * 1000) / 1000]);
  console.log(JSON.stringify({ bench, figures: Object.fromEntries(rounded) }));
}
