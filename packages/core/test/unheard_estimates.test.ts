import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

describe('a listener that cannot report', () => {
  it('[PB15] every event with an evidence says that it is an estimate', () => {
    const stage = new Stage({ options: { estimateDelayMs: 80 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One two.', 300, { onPlaybackStarted: () => {} });
    stage.say(turn, 'Three four.', 300);
    stage.clock.advance(5000);

    const evidences = stage.events.all.flatMap((event) =>
      'evidence' in event ? [event.evidence] : [],
    );
    expect(evidences.length).toBeGreaterThanOrEqual(5);
    expect(new Set(evidences)).toEqual(new Set(['estimate']));
  });

  it('[PB15] nothing counts that has not left the agent, and what left counts when it would be heard', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    const { id } = stage.openTurn().begin();
    // It waits in the queue until 500 ms, and 200 ms of it have left when the queue is cleared.
    stage.timeline.audioSent(id, samplesIn(1000), RATE_HZ, 500 as AgentMs);
    stage.clock.advance(599);
    expect(stage.events.ofType('response_playback_started')).toEqual([]);
    stage.clock.advance(101);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_started').startedAtMs).toBe(600);
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      heardMs: 200,
      endedAtMs: 800,
      evidence: 'estimate',
    });
  });

  it.each([
    { leftMs: 15, ends: 'response_skipped' as const },
    { leftMs: 30, ends: 'response_playback_finished' as const },
  ])('[PB18] $leftMs ms that left before a cut: $ends', ({ leftMs, ends }) => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    stage.timeline.listenerChanged(true);
    const { id } = stage.openTurn().begin();
    stage.timeline.audioSent(id, samplesIn(1000), RATE_HZ);
    stage.clock.advance(leftMs);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(5000);

    expect(stage.events.only(ends).responseId).toBe(id);
    expect(stage.events.ofType('response_playback_started')).toHaveLength(leftMs > 20 ? 1 : 0);
  });

  it.each([
    { leavesAfterMs: 100, started: 0 },
    { leavesAfterMs: 200, started: 1 },
  ])(
    '[AU15] who could hear for $leavesAfterMs ms, when a start is known to 150 ms: $started starts',
    ({ leavesAfterMs, started }) => {
      const stage = new Stage({ options: { estimateErrorBoundMs: 150, reportTimeoutMs: 500 } });
      stage.timeline.listenerChanged(true);
      const { id } = stage.openTurn().begin({ onPlaybackStarted: () => {} });
      stage.timeline.audioSent(id, samplesIn(1000), RATE_HZ);
      stage.clock.advance(leavesAfterMs);
      stage.timeline.audibilityChanged('nobody');
      stage.timeline.listenerChanged(false);
      stage.timeline.cut('user_speech');
      stage.clock.advance(5000);

      expect(stage.events.ofType('response_playback_started')).toHaveLength(started);
      expect(stage.events.ofType('task_started')).toHaveLength(started);
    },
  );
});
