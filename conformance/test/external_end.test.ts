// Tests for SPEC.md, "Protocol": programs of others, and what the runner makes of their answers.
import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { askProgram, type Result } from '../src/external_end.ts';
import { summaryOf } from '../src/summary.ts';
import { KINDS, questions } from '../src/vectors.ts';

const PYTHON_END = new URL('../python_end/end.py', import.meta.url).pathname;
/** What it leaves out. */
const NOT_IN_PYTHON = ['search', 'reporter', 'trace'];

/** Skips a test where there is no Python; the report names it. In CI the test fails instead. */
function needsPython({ skip }: { readonly skip: (why?: string) => void }): void {
  if (spawnSync('python3', ['--version']).status === 0) return;
  if (process.env['CI'] === 'true') throw new Error('install python3');
  skip('there is no python3');
}

describe('an end in Python', () => {
  beforeEach(needsPython);

  it('[PC3] passes the vectors of every part that it has', async () => {
    const kinds = Object.keys(KINDS).filter((kind) => !NOT_IN_PYTHON.includes(kind));
    const results = await askProgram(`python3 ${PYTHON_END}`, questions(kinds));

    expect(results.filter(({ problems }) => problems?.length !== 0)).toEqual([]);
    expect(results.length).toBeGreaterThan(300);
  });

  it('[PC2] does not implement the other parts, and that is neither right nor wrong', async () => {
    const results = await askProgram(`python3 ${PYTHON_END}`, questions(['trace']));

    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ problems }) => problems)).toEqual(results.map(() => undefined));
  });
});

describe('[PC2] the sum', () => {
  const result = (kind: string, problems: Result['problems']): Result => ({
    kind,
    name: 'a name',
    problems,
  });

  it('passes only if everything has passed', () => {
    expect(summaryOf([result('clock', []), result('gate', [])])).toEqual({
      text: [
        'clock: 1 passed, 0 failed, 0 not implemented',
        'gate: 1 passed, 0 failed, 0 not implemented',
        'all: 2 passed, 0 failed, 0 not implemented',
        '',
      ].join('\n'),
      isPassed: true,
    });
    expect(summaryOf([]).isPassed).toBe(false);
  });

  it('tells what is wrong with an answer', () => {
    const { text, isPassed } = summaryOf([result('clock', ['it is late']), result('clock', [])]);
    expect(isPassed).toBe(false);
    expect(text).toContain('clock: a name\n  it is late\n');
    expect(text).toContain('all: 1 passed, 1 failed, 0 not implemented\n');
  });

  it('counts what is not implemented apart, and says how to leave it out', () => {
    const { text, isPassed } = summaryOf([result('clock', []), result('clock', undefined)]);
    expect(isPassed).toBe(false);
    expect(text).toContain('--without KIND');
    // The sum is the last line, for scripts.
    expect(text).toMatch(/\nall: 1 passed, 0 failed, 1 not implemented\n$/);
  });
});

describe('[PC2] a program that does not play by the rules', () => {
  const asked = questions(['clock']).slice(0, 2);

  it.each([
    ['ends', 'true', /^the program ended at clock: /],
    [
      'writes something else',
      'echo hello; cat',
      /^the program wrote a line that is not JSON: hello/,
    ],
    [
      'writes no object',
      'echo null; cat',
      /^the program wrote a line that is not a JSON object: null/,
    ],
    [
      'writes a list',
      "echo '[0]'; cat",
      /^the program wrote a line that is not a JSON object: \[0/,
    ],
    ['answers another question', `echo '{"id":7}'; cat`, /^the answer to question 0 has id 7/],
  ])('%s', async (_, command, message) => {
    await expect(askProgram(command, asked)).rejects.toThrow(message);
  });
});
