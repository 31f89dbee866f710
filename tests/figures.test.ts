import { expect, it } from 'vitest';
import { findings, read } from './support/repository.ts';

/** A number with a unit, as `0.8 ms` or `11 kB`. */
const FIGURE = /(?<![\w.])\d+(?:\.\d+)? (?:ms|µs|kB|MB)\b/g;

/** The row that a test below compares with its table, where the unit stands in the text before the table. */
const HEADLINE = /^\| difference between .*$/m;

it('every figure of README.md stands in docs/measured.md or docs/limits.md too, with its unit', () => {
  const text = read('README.md').replace(HEADLINE, '');
  const missing = missingIn(text, read('docs/measured.md') + read('docs/limits.md'));

  expect([...text.matchAll(FIGURE)].length).toBeGreaterThan(2);
  expect(findings('Take the figure from there, or measure it again:', missing)).toBe('');
});

it('a figure that differs, or has another unit, is found', () => {
  const source = 'about 0.8 ms, 1214 ms, 214 µs, 2 MB and 2';

  expect(missingIn('0.8 ms, 214 ms and 2 kB', source)).toEqual(['214 ms', '2 kB']);
});

/** The three columns of a row of the table of rooms in docs/measured.md: median and 95th percentile of the size of the error. */
function measuredInRooms(row: string): { median: string; p95: string }[] {
  const [, rooms = ''] = read('docs/measured.md').split('\n## Rooms\n');
  const line = rooms.split('\n').find((one) => one.startsWith(`| ${row} |`));
  return [...(line ?? '').matchAll(/[−-]?([\d.]+) \/ ([\d.]+)/g)].map(
    ([, median = '', p95 = '']) => ({ median, p95 }),
  );
}

const OF_ONCUE = measuredInRooms('Oncue, `startedAtMs`, evidence `device`');
const OF_LIVEKIT = measuredInRooms('LiveKit, `playbackStarted`');

it('the headline of README.md is the row of the same network in docs/measured.md', () => {
  const wan = 1;

  expect(OF_ONCUE).toHaveLength(3);
  expect(
    /95th percentile;.* \| ([\d.]+) ms \| ([\d.]+) ms \|$/m.exec(read('README.md'))?.slice(1),
  ).toEqual([OF_ONCUE[wan]?.p95, OF_LIVEKIT[wan]?.p95]);
});

it('docs/guide/why.md states the figures of docs/measured.md', () => {
  const why = read('docs/guide/why.md');
  const rows = [...why.matchAll(/^\| .* \| ([\d.]+) ms \| ([\d.]+) ms \|$/gm)];

  expect(rows.map(([, median, p95]) => ({ median, p95 }))).toEqual(OF_LIVEKIT);
  expect(/within ([\d.]+), ([\d.]+) and ([\d.]+) ms/.exec(why)?.slice(1)).toEqual(
    OF_ONCUE.map(({ p95 }) => p95),
  );
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

/** The figures of a text that are not in another text with the same unit. */
function missingIn(text: string, source: string): string[] {
  const known = new Set(source.match(FIGURE));
  return [...new Set(text.match(FIGURE))].filter((figure) => !known.has(figure));
}
