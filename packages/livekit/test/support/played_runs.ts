import type { AgentMs } from '@oncue/core';
import { PlayedRuns, type PossibleBreaks } from '../../src/output/played_runs.ts';

/** One sample a ms. */
export const RATE_HZ = 1000;
export const NONE: PossibleBreaks = { leaves: [], pauses: [] };

/** The runs of positions `[samples, atMs]`, as `[fromSamples, untilSamples, startedAtMs]`. */
export function runsOf(
  positions: ReadonlyArray<readonly [number, number]>,
  breaks: PossibleBreaks = NONE,
): number[][] {
  const told: number[][] = [];
  const runs = new PlayedRuns(RATE_HZ, ({ fromSamples, samples, startedAtMs }) =>
    told.push([fromSamples, fromSamples + samples, startedAtMs]),
  );
  for (const [samples, atMs] of positions) {
    if (samples === 0) runs.begin({ samples, atMs: atMs as AgentMs });
    else runs.playedUntil({ samples, atMs: atMs as AgentMs }, breaks);
  }
  runs.end();
  return told;
}

/** A break in what left. */
export const at = (fromSamples: number, leavesAtMs: number) => ({
  fromSamples,
  leavesAtMs: leavesAtMs as AgentMs,
});
export const pause = (fromMs: number, toMs: number) => ({
  fromMs: fromMs as AgentMs,
  toMs: toMs as AgentMs,
});
