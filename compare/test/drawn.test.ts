// Conversations that are drawn, on LiveKit's real sessions and a manual clock. More, from another seed:
// ONCUE_PROPERTY_RUNS=500 ONCUE_SEED=7 npx vitest run --project compare drawn
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { overstatements } from '../src/judge/statements.ts';
import { PromiseOrder } from '../src/promise_order.ts';
import { runSide } from '../src/run.ts';
import { SCENARIO } from './support/draw_scenario.ts';
import { isExcused } from './support/excused.ts';

/** In CI always the same, so that a run does not fail by luck. */
const SEED = Number(process.env['ONCUE_SEED'] ?? 16);
const RUNS = Number(process.env['ONCUE_PROPERTY_RUNS'] ?? 40);

/** 1 to 2³¹ - 2. */
const ORDER_SEED = fc.integer({ min: 1, max: 2_147_483_646 });

it('whatever is drawn: nothing is overstated, each response and each speech ends once, and the session closes', async () => {
  await fc.assert(
    fc.asyncProperty(SCENARIO, ORDER_SEED, async (scenario, orderSeed) => {
      const run = await runSide(scenario, 'oncue', new PromiseOrder(orderSeed));

      expect({
        overstated: overstatements(scenario, run).filter((line) => !isExcused(line, scenario, run)),
        rejections: run.rejections,
        errors: run.errors,
        openSpeeches: run.speeches.filter(({ done }) => !done).length,
        openSegments: run.unfinishedSegments,
        closedInTime: run.closedInTime,
      }).toEqual({
        overstated: [],
        rejections: [],
        errors: [],
        openSpeeches: 0,
        openSegments: 0,
        closedInTime: true,
      });
    }),
    { seed: SEED, numRuns: RUNS },
  );
}, 600_000);
