import { expect, it } from 'vitest';
import { findings, read } from './support/repository.ts';

/** A number with a unit, as `0.8 ms` or `11 kB`. */
const FIGURE = /(?<![\w.])(\d+(?:\.\d+)?) (?:ms|µs|kB|MB)\b/g;

it('every figure of README.md stands in docs/measured.md or docs/limits.md too', () => {
  const missing = missingIn(read('README.md'), read('docs/measured.md') + read('docs/limits.md'));

  expect([...read('README.md').matchAll(FIGURE)].length).toBeGreaterThan(2);
  expect(findings('Take the figure from there, or measure it again:', missing)).toBe('');
});

it('a figure that differs is found', () => {
  expect(missingIn('0.8 ms, 214 ms and 2 kB', '| 0.8 | 21.4 | 1214 | 2 |')).toEqual(['214 ms']);
});

/** Rules that set a ceiling of size, and the tests that hold it, each in bytes. */
const CEILINGS: Readonly<Record<string, string>> = {
  BR14: 'packages/browser/test/size.test.ts',
  RP11: 'packages/browser/test/size.test.ts',
  RE9: 'packages/react/test/size.test.ts',
  ST11: 'packages/studio/test/page_size.test.ts',
};

it('every ceiling of size in SPEC.md is the one that its test holds', () => {
  const wrong = Object.entries(CEILINGS).flatMap(([rule, file]) =>
    ceilingsOf(read('SPEC.md'), rule)
      .filter((bytes) => !read(file).replaceAll('_', '').includes(` = ${bytes};`))
      .map((bytes) => `${rule}: ${bytes} bytes, ${file}`),
  );

  for (const rule of Object.keys(CEILINGS))
    expect(ceilingsOf(read('SPEC.md'), rule), rule).not.toEqual([]);
  expect(findings('Correct the rule or the test:', wrong)).toBe('');
});

it('a ceiling of a rule is read in bytes', () => {
  expect(
    ceilingsOf('- **RP11** Sizes:\n  - 14 kB\n  - 2.7 kB more\n- **RP12** 3 kB', 'RP11'),
  ).toEqual([14_000, 2700]);
});

function ceilingsOf(spec: string, rule: string): number[] {
  const text = new RegExp(`^- \\*\\*${rule}\\*\\* .*(?:\\n {2}.*)*`, 'm').exec(spec)?.[0] ?? '';
  return [...text.matchAll(/(\d+(?:\.\d+)?) kB/g)].map(([, kB]) => Number(kB) * 1000);
}

/** The figures of a text whose number is not in another text. */
function missingIn(text: string, source: string): string[] {
  const numbers = new Set(source.match(/\d+(?:\.\d+)?/g));
  return [...text.matchAll(FIGURE)]
    .filter(([, number = '']) => !numbers.has(number))
    .map(([figure]) => figure);
}
