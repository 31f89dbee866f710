// Tests for SPEC.md, "Who can hear" and "Tasks": when a response starts of which nobody could hear a part, and what its start teaches.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { answered } from './support/late_reports.ts';
import { Stage } from './support/stage.ts';

type Change = readonly [atMs: number, audibility: Audibility];

const hear = (stage: Stage, changes: readonly Change[]): void => {
  for (const [atMs, audibility] of changes) {
    stage.clock.advance(atMs - stage.clock.nowMs());
    stage.timeline.audibilityChanged(audibility);
  }
};

/** A response that is sent at 0 and expected to be heard from 100 on, give or take 20 ms. */
function startOf(changes: readonly Change[]) {
  const stage = new Stage();
  stage.timeline.pathEstimated(100, 20);
  stage.say(stage.openTurn(), 'One two three four.', 2000);
  hear(stage, changes);
  stage.clock.advance(5000);
  const { atMs, startedAtMs, errorBoundMs } = stage.events.only('response_playback_started');
  expect(stage.events.only('agent_state_applied').source).toBe('playback');
  return { atMs, startedAtMs, errorBoundMs };
}

describe('an estimated start', () => {
  it.each<[string, Change[]]>([
    [
      'over before',
      [
        [10, 'muted'],
        [60, 'listening'],
      ],
    ],
    [
      'over just then',
      [
        [10, 'muted'],
        [100, 'listening'],
      ],
    ],
  ])('[AU15] is told at once if the time in which nobody could hear is %s', (_, changes) => {
    expect(startOf(changes)).toEqual({ atMs: 100, startedAtMs: 100, errorBoundMs: 20 });
  });

  it.each<[string, Change[], object]>([
    [
      'the mute before it is no doubt',
      [
        [50, 'muted'],
        [300, 'listening'],
      ],
      { startedAtMs: 300, errorBoundMs: 20 },
    ],
    [
      'a silence that was over before it began is none either',
      [
        [10, 'silent'],
        [40, 'listening'],
        [50, 'muted'],
        [300, 'listening'],
      ],
      { startedAtMs: 300, errorBoundMs: 20 },
    ],
    [
      'the silence after a mute is',
      [
        [50, 'muted'],
        [300, 'silent'],
        [500, 'listening'],
      ],
      { startedAtMs: 500, errorBoundMs: 220 },
    ],
    [
      'of a silence before it, only since it began',
      [
        [50, 'silent'],
        [500, 'listening'],
      ],
      { startedAtMs: 500, errorBoundMs: 420 },
    ],
  ])('[AU5] after a time in which nobody could hear: %s', (_, changes, start) => {
    expect(startOf(changes)).toMatchObject(start);
  });
});

it('[AU5] a mute that begins after the start says nothing of when it was', () => {
  const { stage, say, report } = answered();
  stage.timeline.audibilityChanged('muted');
  const id = say();
  stage.clock.advance(100);
  report(id, { heardMs: 100, atMs: 100 });
  stage.timeline.audibilityChanged('listening', { sinceMs: 100 as AgentMs });
  stage.clock.advance(290);
  stage.timeline.audibilityChanged('muted');
  stage.clock.advance(10);

  // 100 of 300 ms: the first of them sounded at some instant from 100 to 300 ms.
  report(id, { heardMs: 200, atMs: 400 });

  expect(stage.events.only('response_playback_started')).toMatchObject({
    startedAtMs: 200,
    errorBoundMs: 5 + 100,
  });
});

it('[AU5] nor does one that began and ended after the position that is reported', () => {
  const { stage, say, report } = answered();
  stage.timeline.audibilityChanged('muted');
  const id = say();
  stage.clock.advance(100);
  report(id, { heardMs: 100, atMs: 100 });
  hear(stage, [
    [100, 'listening'],
    [420, 'muted'],
    [450, 'listening'],
  ]);
  report(id, { heardMs: 200, atMs: 400 });

  expect(stage.events.only('response_playback_started')).toMatchObject({
    startedAtMs: 200,
    errorBoundMs: 5 + 100,
  });
});

it('[AU5] of a listener that came in the middle and only estimates, the start is that estimate', () => {
  const { stage, say, report } = answered();
  hear(stage, [[0, 'nobody']]);
  const id = say();
  hear(stage, [[200, 'listening']]);
  stage.clock.advance(200);
  report(id, { heardMs: 400, atMs: 400, evidence: 'estimate' });

  expect(stage.events.only('response_playback_started')).toMatchObject({
    startedAtMs: 200,
    evidence: 'estimate',
    errorBoundMs: 5,
  });
});

it.each([
  [5, 25, 110],
  [5, 26, 50],
  [985, 1001, 50],
])(
  '[TK7] a start known to %d ms and a position known to %d ms: the path is %d ms',
  (startBoundMs, boundMs, delayMs) => {
    const stage = new Stage({ options: { maxPathDriftMs: 10_000, reportTimeoutMs: 60_000 } });
    stage.timeline.listenerChanged(true);
    const responseId = stage.say(stage.openTurn(), 'One.', 20_000);
    for (const [heardMs, atMs, errorBoundMs] of [
      [100, 150, startBoundMs],
      [200, 310, boundMs],
    ] as const) {
      stage.clock.advance(atMs - stage.clock.nowMs());
      stage.timeline.playhead({
        responseId,
        startedAtMs: 50 as AgentMs,
        heardSamples: heardMs * 48,
        positionAtMs: atMs as AgentMs,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs,
      });
    }

    expect(stage.timeline.state.path.delayMs).toBeCloseTo(delayMs);
  },
);

it('[TK7] a start that is measured better replaces what the one before it taught, and only that', () => {
  const { stage, report } = answered();
  const delays = [50, 60, 70];
  for (const delayMs of delays) {
    const sentMs = stage.clock.nowMs();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    const said = { startMs: sentMs + delayMs, heardMs: 300, atMs: sentMs + delayMs + 300 };
    report(id, { ...said, evidence: 'transport' });
    if (delayMs === 70) report(id, { ...said, startMs: sentMs + 75, heardMs: 310 });
    stage.clock.advance(3000);
  }

  expect(stage.timeline.state.path.observedMs).toEqual([50, 60, 75]);
});

it('[TK7] a position that no path can explain does not move the path', () => {
  const stage = new Stage({ options: { maxPathDriftMs: 10_000, reportTimeoutMs: 60_000 } });
  stage.timeline.listenerChanged(true);
  const id = stage.say(stage.openTurn(), 'One.', 20_000);
  const report = (heardMs: number, atMs: number): void => {
    stage.clock.advance(atMs - stage.clock.nowMs());
    stage.timeline.playhead({
      responseId: id,
      startedAtMs: 50 as AgentMs,
      heardSamples: heardMs * 48,
      positionAtMs: atMs as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 5,
    });
  };
  report(100, 150);
  report(200, 310);
  expect(stage.timeline.state.path.delayMs).toBeCloseTo(110);
  report(300, 6000);

  expect(stage.timeline.state.path.delayMs).toBeCloseTo(110);
});
