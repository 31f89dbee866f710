import { expect, it } from 'vitest';
import { changesets, textOf, versionOf } from '../../scripts/release/changesets.mjs';
import { obstacles, type ReleaseState } from '../../scripts/release/publish.mjs';
import { released } from '../../scripts/release/version.mjs';
import { findings, inRepository, publishedPackages, read } from '../support/repository.ts';

const names = [...publishedPackages().values()].map(({ name }) => name);
const READY: ReleaseState = {
  version: '0.2.0',
  pending: [],
  changes: '',
  changelog: '# Changelog\n\n## 0.2.0\n\n- new\n',
  canSign: true,
};

it('all packages get the same version', () => {
  const { fixed } = JSON.parse(read('.changeset/config.json')) as { fixed: string[][] };

  expect(fixed.map((group) => group.toSorted())).toEqual([names.toSorted()]);
  expect(versionOf(inRepository('.'))).toMatch(/^\d+\.\d+\.\d+$/);
});

it('each changeset names packages of ours, and says what changed', () => {
  const wrong = changesets(inRepository('.')).flatMap(({ name, content }) =>
    problems(name, content),
  );

  expect(findings('Correct the changeset, or run "npx changeset":', wrong)).toBe('');
  expect(problems('a.md', '---\n"@oncue/gone": minor\n---\n')).toHaveLength(2);
  expect(problems('a.md', '---\n"@oncue/core": minor\n---\n\nNew.\n')).toEqual([]);
});

it('a release moves what was not released under its version, and adds the changesets', () => {
  const before = '# Changelog\n\n## Unreleased\n\n- one\n\n## 0.1.0\n\nThe first.\n';

  expect(released(before, '0.2.0', ['two\nlines', 'three'])).toBe(
    '# Changelog\n\n## 0.2.0\n\n- one\n- two\n  lines\n- three\n\n## 0.1.0\n\nThe first.\n',
  );
  expect(released('# Changelog\n\n## Unreleased\n\n- one\n', '0.1.0', [])).toBe(
    '# Changelog\n\n## 0.1.0\n\n- one\n',
  );
  expect(released('# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- one\n', '0.1.1', ['two'])).toBe(
    '# Changelog\n\n## 0.1.1\n\n- two\n\n## 0.1.0\n\n- one\n',
  );
});

it.each([
  [{}, []],
  [{ changes: ' M README.md' }, ['README.md']],
  [{ pending: ['a.md'] }, ['a.md']],
  [{ version: '0.3.0' }, ['no section 0.3.0']],
  [{ canSign: false }, ['provenance']],
])('what stands in the way of a release with %j', (state, expected) => {
  const found = obstacles({ ...READY, ...state });

  expect(found).toEqual(expected.map((part) => expect.stringContaining(part)));
});

function problems(file: string, content: string): string[] {
  const header = /^---\n(.*?)\n---\n/s.exec(content)?.[1] ?? '';
  const unknown = [...header.matchAll(/^['"]?([^'":]+)['"]?: *(\w+)$/gm)].filter(
    ([, name = '', size = '']) =>
      !names.includes(name) || !['patch', 'minor', 'major'].includes(size),
  );
  return [
    ...(header === '' ? [`${file} names no package`] : []),
    ...unknown.map(([line]) => `${file}: ${line}`),
    ...(textOf(content) === '' ? [`${file} says nothing`] : []),
  ];
}
