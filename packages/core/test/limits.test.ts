// Tests for SPEC.md, "Listener and wire": how far a claim is taken, and how much is kept.
import { expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

/** A response of 20 s, 10 s after it was sent, and a claim of it: by how much its start was late, and how well known. */
function claimed({ lateMs, errorBoundMs }: { lateMs: number; errorBoundMs: number }) {
  const stage = new Stage({ options: { reportTimeoutMs: 60_000, estimateDelayMs: 70 } });
  stage.timeline.listenerChanged(true);
  const responseId = stage.say(stage.openTurn(), 'Long.', 20_000);
  stage.clock.advance(10_000);
  const startedAtMs = lateMs as AgentMs;
  stage.timeline.playhead({
    responseId,
    startedAtMs,
    heardSamples: samplesIn(1),
    positionAtMs: 9000 as AgentMs,
    phase: 'playing',
    evidence: 'device',
    errorBoundMs,
  });
  return stage;
}

it('[LW9] an error bound of more than 10 s says nothing', () => {
  const dropped = [10_000, 10_001].map((errorBoundMs) =>
    claimed({ lateMs: 100, errorBoundMs })
      .events.ofType('report_dropped')
      .map(({ reason }) => reason),
  );

  expect(dropped).toEqual([[], ['out_of_range']]);
});

it.each([
  { lateMs: 5000, errorBoundMs: 1000, observedMs: [5000] },
  { lateMs: 5001, errorBoundMs: 0, observedMs: [] },
  { lateMs: 100, errorBoundMs: 1001, observedMs: [] },
])(
  '[LW10] a start $lateMs ms after it left, ± $errorBoundMs ms, teaches the path $observedMs',
  ({ observedMs, ...claim }) => {
    expect(claimed(claim).timeline.state.path.observedMs).toEqual(observedMs);
  },
);

it('[LW10] a start that seems a little too early is one of a path of no length', () => {
  const stage = new Stage({ options: { reportTimeoutMs: 60_000 } });
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);
  const responseId = stage.say(turn, 'Two.', 1000);
  stage.clock.advance(1100);
  stage.timeline.playhead({
    responseId,
    startedAtMs: 990 as AgentMs,
    heardSamples: samplesIn(10),
    positionAtMs: 1000 as AgentMs,
    phase: 'playing',
    evidence: 'device',
    errorBoundMs: 5,
  });

  expect(stage.events.ofType('response_playback_started')[1]?.startedAtMs).toBe(990);
  expect(stage.timeline.state.path.observedMs).toEqual([0]);
});

it('[MM1] of a response with many breaks, only so many are kept', () => {
  const stage = new Stage();
  const { id } = stage.openTurn().begin();
  for (let n = 0; n < 200; n += 1) {
    stage.send(id, 10);
    stage.clock.advance(30);
  }

  const [turn] = stage.timeline.state.turns;
  const [item] = turn?.items ?? [];
  expect(item?.kind === 'response' && item.response.audio?.runs).toHaveLength(64);
});
