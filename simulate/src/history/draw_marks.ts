import type { ItemPlan, MarkPlan, ResponsePlan, TurnPlan } from './history.ts';
import { Random } from './random.ts';

/** Not of the same numbers as the rest of the history: what a seed means would change. */
const OTHER_SEED = 0x2545f491;

/** Puts marks into the texts of a turn. */
export function withMarks(turn: TurnPlan, seed: number, place: number): TurnPlan {
  const random = new Random(seed ^ Math.imul(place + 1, OTHER_SEED));
  const marksAny = random.chance(0.5);
  const marked = (item: ItemPlan): ItemPlan =>
    item.kind === 'response' && marksAny ? { ...item, marks: drawMarks(item, random) } : item;
  return { ...turn, items: turn.items.map(marked) };
}

function drawMarks({ texts }: ResponsePlan, random: Random): readonly MarkPlan[] {
  const marks: MarkPlan[] = [];
  for (let afterTexts = 0; afterTexts <= texts.length; afterTexts += 1)
    for (let count = random.pick([0, 0, 1, 1, 2]); count > 0; count -= 1)
      marks.push({ afterTexts, hasTask: random.chance(0.3), abortOnCut: random.chance(0.5) });
  return marks;
}
