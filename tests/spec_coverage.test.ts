import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findings, inRepository, read, repositoryFiles } from './support/repository.ts';
import { testNames } from './support/test_names.ts';

const RULE = /^- \*\*([A-Z]{2}\d+[a-z]?)\*\*/gm;
const RULE_IN_NAME = /\[([A-Z]{2}\d+[a-z]?)\]/g;
/** How SPEC.md states that an id was given up: nobody must look for its rule. */
const UNUSED = /^([A-Z]{2}\d+) is not used\b/gm;
/** A test that names more rules than this shows none of them in particular: a property test covers by chance. */
const MAX_RULES_IN_NAME = 3;
const TEST_FILE =
  /^(?:(?:packages\/[^/]+|demo|bench|conformance)\/test(?:-browser|-live|-room)?|tests|examples)\/.*\.test\.ts$/;

function specRules(): string[] {
  if (!existsSync(inRepository('SPEC.md'))) return [];
  return [...read('SPEC.md').matchAll(RULE)].map((match) => match[1] ?? '');
}

/** The rules that one test name gives in brackets. */
function rulesNamedIn(name: string): string[] {
  return [...new Set([...name.matchAll(RULE_IN_NAME)].map(([, rule = '']) => rule))];
}

/** The rules that a test with this name covers: those it names, if they are few. */
function rulesCoveredBy(name: string): string[] {
  const named = rulesNamedIn(name);
  return named.length <= MAX_RULES_IN_NAME ? named : [];
}

/** Rule id to the files whose test names give it, as `rulesOf` reads a name. */
function testedRules(rulesOf: (name: string) => readonly string[]): Map<string, string[]> {
  const tested = new Map<string, string[]>();
  for (const file of repositoryFiles(TEST_FILE)) {
    for (const rule of testNames(file, read(file)).flatMap(rulesOf)) {
      tested.set(rule, [...(tested.get(rule) ?? []), file]);
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

it('the ids of each section of SPEC.md count up from 1 without a hole', () => {
  const missing = holesIn(specRules());

  expect(findings('State the rule, or say under the section why its id is unused:', missing)).toBe(
    '',
  );
});

it('a hole in the ids is found', () => {
  expect(holesIn(['RS1', 'RS2', 'RS4', 'PB2'])).toEqual(['RS3', 'PB1']);
});

it(`each rule of SPEC.md has a test that names it and at most ${MAX_RULES_IN_NAME - 1} more`, () => {
  const covered = testedRules(rulesCoveredBy);
  const untested = specRules().filter((rule) => !covered.has(rule));
  const whatToDo = `Write a test whose name has the id, as in "[RS1] …", and at most ${MAX_RULES_IN_NAME} ids, for:`;

  expect(findings(whatToDo, untested)).toBe('');
});

it('a test that names many rules covers none of them', () => {
  expect(rulesCoveredBy('[RS1][RS2][RS2][RS3] keep order')).toEqual(['RS1', 'RS2', 'RS3']);
  expect(rulesCoveredBy('[RS1][RS2][RS3][RS4] keep order')).toEqual([]);
});

it('each rule id in a test name is in SPEC.md', () => {
  const rules = new Set(specRules());
  const unknown = [...testedRules(rulesNamedIn)]
    .filter(([rule]) => !rules.has(rule))
    .map(([rule, files]) => `[${rule}] in ${[...new Set(files)].join(', ')}`);

  expect(findings('Add the rule to SPEC.md or correct the test name:', unknown)).toBe('');
});

/** The ids that are neither a rule nor stated as unused in a line such as `RP10 is not used: …`. */
function holesIn(rules: readonly string[]): string[] {
  const newest = new Map<string, number>();
  for (const rule of rules) {
    const section = rule.slice(0, 2);
    newest.set(section, Math.max(newest.get(section) ?? 0, Number.parseInt(rule.slice(2), 10)));
  }
  const stated = new Set([...rules, ...unusedIds()]);
  return [...newest].flatMap(([section, last]) =>
    Array.from({ length: last }, (_, index) => `${section}${index + 1}`).filter(
      (id) => !stated.has(id),
    ),
  );
}

function unusedIds(): string[] {
  return [...read('SPEC.md').matchAll(UNUSED)].map(([, id = '']) => id);
}
