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

/** The figures of a text whose number is not in another text. */
function missingIn(text: string, source: string): string[] {
  const numbers = new Set(source.match(/\d+(?:\.\d+)?/g));
  return [...text.matchAll(FIGURE)]
    .filter(([, number = '']) => !numbers.has(number))
    .map(([figure]) => figure);
}
