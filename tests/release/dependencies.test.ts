import { expect, it } from 'vitest';
import { verdict } from '../../scripts/release/audit.mjs';
import { versionIn } from '../support/node_versions.ts';
import { findings, publishedPackages, read } from '../support/repository.ts';

const DOCUMENT = 'docs/libraries.md';
/** The GPL and the AGPL, and not the LGPL, which NOTICE explains. */
const GPL = /(?<!L)GPL/;

interface Need {
  readonly name: string;
  readonly range: string;
}

const packages = [...publishedPackages().values()];
const locked = (
  JSON.parse(read('package-lock.json')) as { packages: Record<string, { license?: string }> }
).packages;

it.each([
  ['dependencies', 'What is installed, and why'],
  ['peerDependencies', 'What is installed, and why'],
] as const)('each of our %s has its reason and its licence in docs/libraries.md', (kind, title) => {
  const rows = rowsOf(read(DOCUMENT), title);
  const wrong = packages.flatMap(({ name, [kind]: needs = {} }) =>
    foreign(needs).flatMap((need) => problems(name, need, rows)),
  );

  expect(findings(`Add a row to ${DOCUMENT}, or use no library:`, wrong)).toBe('');
});

it('docs/libraries.md gives no reason for what is no longer there', () => {
  const needed = packages.flatMap(({ name, dependencies = {}, peerDependencies = {} }) =>
    foreign({ ...dependencies, ...peerDependencies }).map((need) => `${name} ${need.name}`),
  );
  const old = rowsOf(read(DOCUMENT), 'What is installed, and why').flatMap(([users = '', used]) =>
    codes(users).flatMap((user) => codes(used).map((name) => `${user} ${name}`)),
  );

  expect(old.length).toBeGreaterThan(10);
  expect(old.filter((pair) => !needed.includes(pair))).toEqual([]);
});

it('a library without a reason, and one under the GPL, are found', () => {
  const need = { name: 'left-pad', range: '1' };

  expect(problems('@oncue/core', need, [])).toHaveLength(1);
  expect(
    problems('@oncue/core', need, [['`@oncue/core`', '`left-pad`', 'pads', 'GPL-3.0']]),
  ).toHaveLength(1);
  expect(problems('@oncue/core', need, [['`@oncue/core`', '`left-pad`', 'pads', 'MIT']])).toEqual(
    [],
  );
  expect(GPL.test('LGPL-2.1-or-later')).toBe(false);
});

it('no range admits a version with a weakness that docs/libraries.md lists', () => {
  const rows = rowsOf(read(DOCUMENT), 'Known weaknesses');
  const wrong = rows.flatMap(([library, , safeFrom = '', range]) => {
    const [name = ''] = codes(library);
    const ranges = packages.flatMap(({ dependencies = {} }) => dependencies[name] ?? []);
    const isStated = ranges.every((one) => codes(range)[0] === one);
    return isStated && ranges.every((one) => isAtLeast(one, safeFrom)) ? [] : [name];
  });

  expect(rows.length).toBeGreaterThan(1);
  expect(findings('Raise the range in the package.json, and state it in the table:', wrong)).toBe(
    '',
  );
  expect([isAtLeast('~0.28.0', '0.28.1'), isAtLeast('^8.23.0', '8.21.0')]).toEqual([false, true]);
});

it('an audit fails for high and critical, and says when there is none', () => {
  const report = (severity: string): string =>
    JSON.stringify({ vulnerabilities: { ws: { name: 'ws', severity, range: '<8' } } });

  expect(verdict(report('critical'))).toEqual({ outcome: 'severe', lines: ['critical: ws <8'] });
  expect(verdict(report('moderate'))).toEqual({ outcome: 'clean', lines: ['moderate: ws <8'] });
  expect(verdict('{ "vulnerabilities": {} }').outcome).toBe('clean');
  for (const answer of ['{ "error": { "code": "E405" } }', 'npm error', ''])
    expect(verdict(answer).outcome).toBe('skipped');
});

function foreign(needs: Readonly<Record<string, string>>): Need[] {
  return Object.entries(needs)
    .filter(([name]) => !name.startsWith('@oncue/'))
    .map(([name, range]) => ({ name, range }));
}

function problems(user: string, { name }: Need, rows: readonly string[][]): string[] {
  const row = rows.find((cells) => codes(cells[0]).includes(user) && codes(cells[1])[0] === name);
  const [, , reason = '', licence = ''] = row ?? [];
  if (reason === '') return [`${user} needs ${name}, and nobody knows why`];
  const inLockfile = locked[`node_modules/${name}`]?.license ?? licence;
  if (GPL.test(`${licence} ${inLockfile}`)) return [`${name} is under the ${licence}`];
  return licence.startsWith(inLockfile) ? [] : [`the licence of ${name} is ${inLockfile}`];
}

/** The cells of the tables of a section. */
function rowsOf(markdown: string, title: string): string[][] {
  const [, section = ''] = markdown.split(`\n## ${title}\n`);
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|package|library)/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()));
}

function codes(text = ''): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Whether the lowest version of a range is not below another. */
function isAtLeast(range: string, lowest: string): boolean {
  const [one, other] = [versionIn(range) ?? [0, 0, 0], versionIn(lowest) ?? [0, 0, 0]];
  const at = one.findIndex((number, place) => number !== other[place]);
  return at < 0 || (one[at] ?? 0) > (other[at] ?? 0);
}
