import type { AgentMs } from '@oncue/core';
import { expect, it } from 'vitest';
import { PlayedRuns, type PossibleBreaks } from '../../src/output/played_runs.ts';

/** One sample a ms. */
const RATE_HZ = 1000;
const NONE: PossibleBreaks = { leaves: [], pauses: [] };

/** The runs of positions `[samples, atMs]`, as `[fromSamples, untilSamples, startedAtMs]`. */
function runsOf(
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

const at = (fromSamples: number, leavesAtMs: number) => ({
  fromSamples,
  leavesAtMs: leavesAtMs as AgentMs,
});
const pause = (fromMs: number, toMs: number) => ({
  fromMs: fromMs as AgentMs,
  toMs: toMs as AgentMs,
});

it('[LK18] is one run where the positions lie on a line, give or take what they are off', () => {
  expect(
    runsOf([
      [0, 100],
      [50, 152],
      [400, 498],
      [900, 1001],
    ]),
  ).toEqual([[0, 900, 100]]);
});

it('[LK18] splits a run at the pause between two positions, wherever in between that was', () => {
  const breaks = { leaves: [at(0, 0)], pauses: [pause(530, 1530)] };

  expect(
    runsOf(
      [
        [0, 100],
        [400, 500],
        [450, 1550],
        [900, 2000],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 430, 100],
    [430, 900, 1530],
  ]);
});

it('[LK18] splits a run where nothing was left to play, by when audio left', () => {
  const breaks = { leaves: [at(0, 80), at(300, 700), at(600, 1300)], pauses: [] };

  expect(
    runsOf(
      [
        [0, 100],
        [900, 1620],
      ],
      breaks,
    ),
  ).toEqual([
    [0, 300, 100],
    [300, 600, 720],
    [600, 900, 1320],
  ]);
});

it('[LK18] takes what is new for the last that sounded, where the break is not known', () => {
  expect(
    runsOf([
      [0, 100],
      [300, 400],
      [350, 5000],
      [600, 5250],
    ]),
  ).toEqual([
    [0, 300, 100],
    [300, 600, 4950],
  ]);
});

it('[LK18] overlaps no two runs when all the breaks that are known are longer than the time', () => {
  const breaks = { leaves: [at(0, 100), at(300, 9000)], pauses: [pause(150, 700)] };
  const runs = runsOf(
    [
      [0, 100],
      [600, 1000],
    ],
    breaks,
  );

  for (const [index, run] of runs.entries()) {
    const [from = 0, until = 0, startMs = 0] = run;
    const nextStartMs = runs[index + 1]?.[2] ?? 1001;
    expect(startMs + until - from).toBeLessThanOrEqual(nextStartMs);
  }
  expect(runs.at(-1)?.[1]).toBe(600);
});

it('[LK18] moves a run whose start was said too late, and tells of each once', () => {
  expect(
    runsOf([
      [0, 300],
      [100, 200],
      [100, 200],
      [500, 600],
    ]),
  ).toEqual([[0, 500, 100]]);
});
