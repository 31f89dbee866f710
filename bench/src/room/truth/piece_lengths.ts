import { cell, printTable } from '../../shared/print_table.ts';
import { summarize } from '../../shared/stats.ts';
import { type Pattern, Searchable } from '../../shared/truth/align.ts';
import { COARSE_RATE_HZ, COARSE_STEP, correlation } from '../../shared/truth/signal.ts';
import type { NetworkScore } from '../score.ts';

/**
 * How certain a piece of this length is: how often the first ms of a response are found at a wrong place, or not at all,
 * in the recording by the reporter's rule. A start cannot be confirmed before its piece has sounded.
 */
const LENGTHS_MS = [60, 80, 100, 120, 150, 200];

/** As in the reporter: the search window, the correlation that is certain, and the one that suffices at its end. */
const WINDOW = (250 * COARSE_RATE_HZ) / 1000;
const SURE = 0.8;
const LIKELY = 0.5;
const HELD = (20 * COARSE_RATE_HZ) / 1000;

/** A match further away is at another place, not another period of the same vowel. */
const WRONG_MS = 20;

export function printPieceLengths(
  score: NetworkScore,
  patterns: ReadonlyMap<string, Pattern>,
): void {
  const { run, oncue } = score;
  const recording = new Searchable(run.recording.parts.samples);
  const lines = LENGTHS_MS.map((lengthMs) => {
    const found = oncue.flatMap(({ text, truthMs }) => {
      const pattern = patterns.get(text);
      const at = run.recording.frameAt(truthMs) / COARSE_STEP;
      return pattern ? [offMs(recording, pattern, Math.round(at), lengthMs)] : [];
    });
    const off = found.filter((one) => one !== undefined);
    const near = off.filter((one) => one <= WRONG_MS);
    const { p95 } = summarize(near);
    const counts = [found.length, off.length - near.length, found.length - off.length];
    return [`${lengthMs} ms`, ...counts.map(String), cell(p95, 2)];
  });
  printTable(
    `${run.name}: the first piece by its length`,
    ['', 'n', `off by more than ${WRONG_MS} ms`, 'not found', '|p95| of the others, ms'],
    lines,
  );
}

/** Distance from the true place at which a piece is found; `undefined` if it is not found. */
function offMs(
  recording: Searchable,
  pattern: Pattern,
  at: number,
  lengthMs: number,
): number | undefined {
  const length = Math.min((lengthMs * COARSE_RATE_HZ) / 1000, pattern.coarse.length);
  const energy = pattern.coarseEnergies.of(0, length);
  let best = 0;
  let bestBy = 0;
  for (let by = -WINDOW; by <= WINDOW; by += 1) {
    if (best > SURE && by - bestBy > HELD) break;
    const from = at + by;
    const heard = recording.coarseEnergies.of(from, from + length);
    const alike = correlation(recording.coarse, from, heard, pattern.coarse, 0, energy, length);
    if (alike <= best) continue;
    best = alike;
    bestBy = by;
  }
  return best > LIKELY ? (Math.abs(bestBy) * 1000) / COARSE_RATE_HZ : undefined;
}
