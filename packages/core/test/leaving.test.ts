// When audio left the agent at the earliest: what a claim is held against.
import { expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import {
  haveLeftAtMs,
  leftSamplesBy,
  type RunsOf,
  shiftedRuns,
  withRun,
} from '../src/step/claims/leaving.ts';
import type { LeaveRun } from '../src/step/state/state.ts';
import { samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;
const at = (ms: number): AgentMs => ms as AgentMs;

/** A run whose first sample has so many ms of sound before it. */
const run = (afterMs: number, leavesAtMs: number, unbrokenSinceMs = leavesAtMs): LeaveRun => ({
  fromSamples: samplesIn(afterMs),
  leavesAtMs: at(leavesAtMs),
  unbrokenSinceMs: at(unbrokenSinceMs),
});

const audio = (sentMs: number, ...runs: LeaveRun[]): RunsOf => ({
  runs,
  sentSamples: samplesIn(sentMs),
  sampleRateHz: RATE_HZ,
});

/** One second of sound that leaves from 1000 on, and after a break another one, from 2500 on. */
const broken = audio(2000, run(0, 1000), run(1000, 2500));

it('[LW9] a sample leaves as long after the first of its run as the sound before it takes', () => {
  const ms = [0, 1, 1000, 1001, 2000].map((sound) => haveLeftAtMs(broken, samplesIn(sound)));

  expect(ms).toEqual([1000, 1001, 2000, 2501, 3500]);
  expect(haveLeftAtMs(audio(0), 1)).toBeUndefined();
});

it('[LW9] nothing leaves before its run, in a break, or beyond what was sent', () => {
  const ms = [999, 1000, 1400, 2000, 2400, 2500, 2600, 3500, 9000];
  const left = ms.map((one) => leftSamplesBy(broken, at(one)));

  expect(left).toEqual([0, 0, 400, 1000, 1000, 1000, 1100, 2000, 2000].map(samplesIn));
});

it('[LW9] a run that may leave before the one before it has ended counts from its first instant', () => {
  const early = audio(2000, run(0, 1000), run(1000, 1900));

  expect(leftSamplesBy(early, at(1899))).toBe(samplesIn(899));
  expect(leftSamplesBy(early, at(1900))).toBe(samplesIn(1000));
});

it('[LW9] audio that leaves when the audio before it ends goes on with its run, later audio has its own', () => {
  const first = withRun(undefined, at(1000), at(500));
  const sent = audio(1000, ...first);

  expect(first).toEqual([run(0, 1000, 500)]);
  expect(withRun(sent, at(1990), at(500))).toEqual(first);
  expect(withRun(sent, at(2000), at(500))).toEqual(first);
  expect(withRun(sent, at(2001), at(2001))).toEqual([...first, run(1000, 2001)]);
});

it('[LW9] of more than 64 runs the second is forgotten: the first and the latest stay', () => {
  const runs = Array.from({ length: 64 }, (_, n) => run(n, 1000 + 100 * n));
  const [first, , ...others] = runs;

  const next = withRun(audio(64, ...runs), at(9000), at(9000));

  expect(next).toEqual([first, ...others, run(64, 9000)]);
});

// A queue lets audio out in ticks of 10 ms, so which tick has left is not known to the sample.
it.each([
  [100, [run(0, 1000), run(510, 1610)]],
  // Earlier than it was: what may still have been in the queue may have left that much earlier.
  [-100, [run(0, 1000), run(490, 1390)]],
] as const)('[LW9] what is in the queue at 1500 leaves %d ms later', (byMs, runs) => {
  expect(shiftedRuns(audio(1000, run(0, 1000)), at(1500), byMs)).toEqual(runs);
});

it.each([
  [100, 1500, [run(0, 1600)]],
  [-100, 1490, [run(0, 1390, 1490)]],
  [-100, 1495, [run(0, 1395, 1495)]],
] as const)(
  '[LW9] moved by %d ms at 1500, a run that begins at %d moves as a whole',
  (byMs, leavesAtMs, runs) => {
    expect(shiftedRuns(audio(1000, run(0, leavesAtMs)), at(1500), byMs)).toEqual(runs);
  },
);

it('[LW9] a run that has left stays as it is, and one that has not moves', () => {
  // The first ends with the tick that may just have left.
  const sent = audio(2000, run(0, 1000), run(510, 3000));

  expect(shiftedRuns(sent, at(1500), 100)).toEqual([run(0, 1000), run(510, 3100)]);
  expect(shiftedRuns(sent, at(2000), 100)).toEqual([run(0, 1000), run(510, 3100)]);
  expect(shiftedRuns(audio(1000, run(0, 1000)), at(5000), 100)).toEqual([run(0, 1000)]);
});
