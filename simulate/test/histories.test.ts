import { describe, expect, it } from 'vitest';
import { REGRESSIONS } from '../regressions.ts';
import { drawHistory } from '../src/history/draw_history.ts';
import type { Fault, History } from '../src/history/history.ts';
import { seedOf } from '../src/history/random.ts';
import { runHistory } from '../src/run_history.ts';
import { partOf } from '../src/shrink.ts';

/** Histories of one run that have none of some faults. */
function historiesWithout(faults: readonly Fault[], count: number): History[] {
  const histories: History[] = [];
  for (let index = 0; histories.length < count; index += 1) {
    const history = drawHistory(seedOf(16, index));
    if (!history.setup.faults.some((fault) => faults.includes(fault))) histories.push(history);
  }
  return histories;
}

describe('simulated conversations', () => {
  it('a seed gives the same history, and the same steps', async () => {
    const tell = async (): Promise<string> => {
      let told = '';
      await runHistory(drawHistory(seedOf(1, 7)), {
        follow: (input, events) => {
          told += JSON.stringify([input, events]);
        },
      });
      return told;
    };

    expect(await tell()).toBe(await tell());
  });

  it('hold every rule with honest listeners', async () => {
    for (const history of historiesWithout(['lies', 'clock_jump'], 400)) {
      const { violation } = await runHistory(history);
      expect(violation?.message, `seed ${history.seed}`).toBeUndefined();
    }
  });

  it.each(REGRESSIONS)('$seed: $was', async ({ seed, only }) => {
    const { violation } = await runHistory(partOf(drawHistory(seed), only));

    expect(violation?.message).toBeUndefined();
  });
});
