import type { Happening, History } from './history.ts';
import { Random } from './random.ts';

/** Not of the same numbers as the rest of the history: what a seed means would change. */
const OTHER_SEED = 0x3c6ef372;
const TOGETHER_SEED = 0x1f83d9ab;

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
  drawn.push(...mutedTogether(history));
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

/** Of several listeners all are muted at about the same time, and what one reports of a turn before and after that is lost. */
function mutedTogether({ seed, setup: { listeners }, happenings }: History): readonly Happening[] {
  const random = new Random(seed ^ TOGETHER_SEED);
  if (listeners.length < 2 || random.chance(0.5)) return [];
  const turn = random.pick(happenings.filter((one) => one.do === 'turn'));
  const atMs = turn.atMs + random.between(100, 2500);
  const forMs = random.pick([300, 1500, 8000]);
  const unheardOf = random.whole(0, listeners.length - 1);
  const drawn: Happening[] = listeners.map((_, listener) => {
    const ownMs = listener === unheardOf ? atMs : Math.max(0, atMs - random.between(0, 1500));
    return { atMs: ownMs, do: 'mute', listener, forMs: forMs + atMs - ownMs };
  });
  const lost = { do: 'partition', listener: unheardOf } as const;
  const beforeMs = atMs - turn.atMs - 10;
  return [
    ...drawn,
    { ...lost, atMs: turn.atMs, forMs: beforeMs },
    { ...lost, atMs: atMs + 10, forMs: random.between(500, 2500) },
  ];
}
