import type { ItemPlan, ResponsePlan, TaskPlan, TurnPlan } from './history.ts';
import type { Random } from './random.ts';

const TEXTS = ['One moment, please. ', 'Your code is seven, ', 'four. ', 'Well', 'Good. ', ' '];

/** A turn of one to six responses with states between them. */
export function drawTurn(random: Random): TurnPlan {
  const items: ItemPlan[] = [];
  for (let left = random.pick([1, 1, 2, 2, 3, 6]); left > 0; left -= 1) {
    if (random.chance(0.3)) items.push(drawState(random));
    items.push(drawResponse(random));
  }
  if (random.chance(0.3)) items.push(drawState(random));
  return {
    floor: random.pick(['waits', 'waits', 'waits', 'at_once']),
    items,
    goesOnAfterCutMs: random.pick([0, 0, 30, 200]),
    endsAfterMs: random.chance(0.1) ? random.between(0, 1500) : undefined,
  };
}

function drawState(random: Random): ItemPlan {
  return { kind: 'state', state: random.pick(['thinking', 'listening', 'idle'] as const) };
}

function drawResponse(random: Random): ResponsePlan {
  const isEmpty = random.chance(0.08);
  const isLong = random.chance(0.04);
  const chunks = isEmpty || random.chance(0.05) ? 0 : random.whole(1, isLong ? 60 : 6);
  const chunkMs = random.pick([20, 60, 100, 200]);
  const texts = Array.from({ length: isEmpty ? 0 : random.whole(1, 3) }, () => random.pick(TEXTS));
  return {
    kind: 'response',
    implicit: random.chance(0.15),
    texts,
    textEveryMs: random.pick([0, 0, 30, 300]),
    chunks,
    chunkMs,
    firstChunkAfterMs: random.pick([0, 20, 150, 700]),
    // Faster than it plays, as fast, and slower, so that the listener runs dry.
    chunkEveryMs: random.pick([0, 0, chunkMs / 4, chunkMs, chunkMs * 1.5]),
    wordTimes: random.chance(0.3),
    failsAt: random.chance(0.08) ? random.whole(0, chunks) : undefined,
    task: random.chance(0.5) ? drawTask(random) : undefined,
  };
}

function drawTask(random: Random): TaskPlan {
  return {
    timing: random.pick(['confirmed', 'predicted'] as const),
    abortOnCut: random.chance(0.5),
    takesMs: random.pick([0, 0, 100, 5000]),
    throws: random.chance(0.15),
  };
}
