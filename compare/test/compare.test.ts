import { afterAll, describe, expect, it } from 'vitest';
import { judge, type Verdict } from '../src/judge/verdict.ts';
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

      expect({ worse: verdict.worse, overstated: verdict.overstated }).toEqual({
        worse: [],
        overstated: [],
      });
    });

  it('has one scenario of each name', () => {
    const names = SCENARIOS.map(({ name }) => name);

    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });
});
