// What a position can mean, next to what is known of the response already.
import { expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { earliestAfterStart, slackOf } from '../src/step/claims/positions.ts';
import type { Playing, PlayingInaudibly } from '../src/step/state/state.ts';

const RATE_HZ = 48_000;
const start = { startedAtMs: 1000 as AgentMs, evidence: 'device', errorBoundMs: 0 } as const;

function sounding(status: 'playing' | 'inaudible'): Playing | PlayingInaudibly {
  const atMs = 1000 as AgentMs;
  return {
    status,
    start,
    heardSamples: 0,
    positionAtMs: atMs,
    movedAtMs: atMs,
    knownAtMs: atMs,
    positionEvidence: 'device',
    soundedAtMs: atMs,
    runs: [],
    soundedErrorBoundMs: 0,
  };
}

it.each([
  // One second of two was heard: what was inaudible sounded before the start.
  ['playing', 1000 + (1000 - 200) / 1.05],
  // Of one that nobody has heard yet, the start is that of its first sample.
  ['inaudible', 1000 + (2000 - 200) / 1.05],
] as const)(
  '[LW15] two seconds, the first of them inaudible, since a start that is %s',
  (status, leastMs) => {
    const inaudible = [{ why: 'muted', fromSamples: 0, toSamples: RATE_HZ }] as const;
    const at = { heardSamples: 2 * RATE_HZ, atMs: 9000 as AgentMs, errorBoundMs: 0 };

    expect(earliestAfterStart(sounding(status), inaudible, at, RATE_HZ)).toBeCloseTo(leastMs, 3);
  },
);

it('[PB12] a listener that stood still for no longer than devices drift apart has not stood still', () => {
  const slackAt = (atMs: number): number =>
    slackOf(
      sounding('playing'),
      { heardSamples: RATE_HZ, atMs: atMs as AgentMs, errorBoundMs: 0 },
      RATE_HZ,
    );

  // It plays 1000 ms from 1000 on.
  expect([1999, 2000, 2002, 2003].map(slackAt)).toEqual([0, 0, 2, 5]);
});
