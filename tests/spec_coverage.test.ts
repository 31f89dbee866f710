import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findings, inRepository, read, repositoryFiles } from './support/repository.ts';
import { testNames } from './support/test_names.ts';

const RULE = /^- \*\*([A-Z]{2}\d+[a-z]?)\*\*/gm;
const RULE_IN_NAME = /\[([A-Z]{2}\d+[a-z]?)\]/g;
const TEST_FILE =
  /^(?:(?:packages\/[^/]+|demo|bench)\/test(?:-browser|-room)?|tests|examples)\/.*\.test\.ts$/;

function specRules(): string[] {
  if (!existsSync(inRepository('SPEC.md'))) return [];
  return [...read('SPEC.md').matchAll(RULE)].map((match) => match[1] ?? '');
}

/** Rule id to the files that have a test for it. */
function testedRules(): Map<string, string[]> {
  const tested = new Map<string, string[]>();
  for (const file of repositoryFiles(TEST_FILE)) {
    for (const name of testNames(file, read(file))) {
      for (const [, rule = ''] of name.matchAll(RULE_IN_NAME)) {
        tested.set(rule, [...(tested.get(rule) ?? []), file]);
      }
    }
  }
  return tested;
}

it('SPEC.md states each rule once', () => {
  const rules = specRules();
  const repeated = rules.filter((rule, index) => rules.indexOf(rule) !== index);

  expect(rules, 'SPEC.md has no line of the form "- **RS1** text"').not.toEqual([]);
  expect(findings('Give each of these rules of SPEC.md an id of its own:', repeated)).toBe('');
});

it('each rule of SPEC.md has a test that names it', () => {
  const tested = testedRules();
  const untested = specRules().filter((rule) => !tested.has(rule));

  expect(findings('Write a test whose name has the id, as in "[RS1] …", for:', untested)).toBe('');
});

it('each rule id in a test name is in SPEC.md', () => {
  const rules = new Set(specRules());
  const unknown = [...testedRules()]
    .filter(([rule]) => !rules.has(rule))
    .map(([rule, files]) => `[${rule}] in ${[...new Set(files)].join(', ')}`);

  expect(findings('Add the rule to SPEC.md or correct the test name:', unknown)).toBe('');
});
