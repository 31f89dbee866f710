import { afterAll, describe, expect, it } from 'vitest';
import { judge, type Verdict } from '../src/judge/verdict.ts';
import { KNOWN, knownIssue } from '../src/known.ts';
import { runSide } from '../src/run.ts';
import { SCENARIOS } from '../src/scenarios/all.ts';
import { tableOf } from '../src/table.ts';

const verdicts: Verdict[] = [];

afterAll(() => {
  process.stdout.write(tableOf(verdicts));
});

describe('Oncue beside plain LiveKit', () => {
  for (const scenario of SCENARIOS)
    it(scenario.name, async () => {
      const plain = await runSide(scenario, 'plain');
      const oncue = await runSide(scenario, 'oncue');

      const verdict = judge(scenario, plain, oncue);
      verdicts.push(verdict);

      const wrong = { worse: verdict.worse, overstated: verdict.overstated };
      const right = { worse: [], overstated: [] };
      if (knownIssue(scenario.name) === undefined) expect(wrong).toEqual(right);
      else expect(wrong, 'it passes now: take it out of src/known.ts').not.toEqual(right);
    });

  it('has one scenario of each name, and knows no fault of a scenario that does not exist', () => {
    const names = SCENARIOS.map(({ name }) => name);
    const known = KNOWN.flatMap(({ scenarios }) => scenarios);

    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
    expect(known.filter((name) => !names.includes(name))).toEqual([]);
  });
});
