import type { Happening, History } from './history/history.ts';
import { runHistory } from './run_history.ts';

/** Runs that a shrink may take. */
const MAX_RUNS = 400;

/** A part of a history: which of the happenings of its seed. */
export interface Shrunk {
  readonly history: History;
  /** Places in the happenings of the whole history. */
  readonly kept: readonly number[];
}

/** Leaves out what happens, one after the other, as long as the same rule is violated. */
export async function shrink(whole: History, rule: string): Promise<Shrunk> {
  let kept = whole.happenings.map((_, place) => place);
  let runs = 0;
  for (let hasShrunk = true; hasShrunk && runs < MAX_RUNS; ) {
    hasShrunk = false;
    for (const place of [...kept].reverse()) {
      const fewer = kept.filter((other) => other !== place);
      runs += 1;
      const { violation } = await runHistory(partOf(whole, fewer));
      if (violation?.rule !== rule) continue;
      kept = fewer;
      hasShrunk = true;
    }
  }
  return { history: partOf(whole, kept), kept };
}

/** The same history with only some of its happenings. */
export function partOf(whole: History, kept: readonly number[]): History {
  const happenings = kept.flatMap((place): Happening[] => {
    const happening = whole.happenings[place];
    return happening ? [happening] : [];
  });
  return { ...whole, happenings };
}
