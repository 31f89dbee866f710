import type { Result } from './external_end.ts';

/** What a program's answers amount to. */
export interface Summary {
  /** For a person: each problem, a line for each kind, and as the last line the sum. */
  readonly text: string;
  /** Every question was answered, and every answer is right. */
  readonly isPassed: boolean;
}

/** Counts what passed, failed and was not implemented. */
export function summaryOf(results: readonly Result[]): Summary {
  const problems = results.flatMap(({ kind, name, problems = [] }) =>
    problems.map((problem) => `${kind}: ${name}\n  ${problem}\n`),
  );
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const lines = kinds.map((of) =>
    lineOf(
      of,
      results.filter(({ kind }) => kind === of),
    ),
  );
  const isPassed = results.length > 0 && results.every((one) => fateOf(one) === 'passed');
  const hint = results.some((one) => fateOf(one) === 'not implemented')
    ? 'Leave out a part that you do not have with --without KIND.\n'
    : '';
  return { text: [...problems, ...lines, hint, lineOf('all', results)].join(''), isPassed };
}

type Fate = 'passed' | 'failed' | 'not implemented';

function lineOf(name: string, results: readonly Result[]): string {
  const countOf = (fate: Fate): string =>
    `${results.filter((one) => fateOf(one) === fate).length} ${fate}`;
  const counts = (['passed', 'failed', 'not implemented'] as const).map(countOf);
  return `${name}: ${counts.join(', ')}\n`;
}

function fateOf({ problems }: Result): Fate {
  if (problems === undefined) return 'not implemented';
  return problems.length === 0 ? 'passed' : 'failed';
}
