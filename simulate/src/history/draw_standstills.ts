import type { Happening, Setup } from './history.ts';
import { Random } from './random.ts';

/** Not of the same numbers as the rest of the history: what a seed means would change. */
const OTHER_SEED = 0x1b873593;

/** What happens to honest machines under load: an ear that stands still and then catches up, an agent that stands still. */
export function drawStandstills(
  seed: number,
  setup: Setup,
  happenings: readonly Happening[],
): readonly Happening[] {
  const random = new Random(seed ^ OTHER_SEED);
  const turns = happenings.filter((one) => one.do === 'turn');
  const soonAfterTurn = (): number =>
    turns.length === 0 ? 0 : random.pick(turns).atMs + random.between(-200, 1500);
  const drawn: Happening[] = [];
  if (setup.transport === 'room' && random.chance(0.3))
    drawn.push({
      atMs: soonAfterTurn(),
      do: 'falls_behind',
      listener: random.whole(0, setup.listeners.length - 1),
      forMs: random.pick([100, 300, 1000, 3000]),
      rate: random.pick([1.2, 2, 8]),
    });
  if (random.chance(0.08))
    drawn.push({ atMs: soonAfterTurn(), do: 'agent_stalls', forMs: random.pick([100, 700, 2900]) });
  return drawn;
}
