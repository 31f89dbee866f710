import type { Happening, History } from './history.ts';
import { Random } from './random.ts';

/** Not of the same numbers as the rest of the history: what a seed means would change. */
const OTHER_SEED = 0x3c6ef372;

/** Some histories tell the timeline who can hear, as an adapter does: who is muted, who does not answer, whether anybody is there. */
export function withHearing(history: History): History {
  const random = new Random(history.seed ^ OTHER_SEED);
  const { faults } = history.setup;
  // Of an output that reports all nothing else is told.
  if (faults.includes('carrier') || faults.includes('unreported') || random.chance(0.75))
    return history;
  const { setup, happenings } = history;
  const drawn: Happening[] = [];
  for (let left = random.whole(0, 3); left > 0; left -= 1)
    drawn.push({
      atMs: random.between(500, 5000),
      do: 'mute',
      listener: random.whole(0, setup.listeners.length - 1),
      forMs: random.pick([50, 300, 1500, 8000]),
    });
  const hearing = {
    asksForAnswers: random.chance(0.5),
    nobody: random.pick(['unsaid', 'plays', 'skips'] as const),
  };
  return {
    ...history,
    setup: { ...setup, hearing, faults: [...setup.faults, 'hearing'] },
    happenings: [...happenings, ...drawn],
  };
}
