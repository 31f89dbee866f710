// Tests for SPEC.md, AU17: what is known of a response whose reports do not come, to the ms.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ResponseId, TimelineOptions } from '../src/index.ts';
import { Stage } from './support/stage.ts';

/** A stage whose listener reports each start and each end. */
function stageOf(options: Partial<TimelineOptions> = {}): Stage {
  const stage = new Stage({ options });
  stage.timeline.listenerChanged(true, 'not_known');
  return stage;
}

function reportStart(stage: Stage, responseId: ResponseId): void {
  const atMs = stage.clock.nowMs();
  stage.timeline.playhead({
    responseId,
    startedAtMs: atMs,
    heardSamples: 1,
    positionAtMs: atMs,
    phase: 'playing',
    evidence: 'transport',
    errorBoundMs: 0,
  });
}

const heardMsOf = (stage: Stage): number[] =>
  stage.events.ofType('response_playback_finished').map(({ heardMs }) => Math.round(heardMs));

describe('[AU17] a close of what was not reported', () => {
  it.each([
    { closedAtMs: 499, heard: [499], skipped: [] },
    { closedAtMs: 500, heard: [], skipped: ['not_known'] },
  ])(
    '[AU17] $closedAtMs ms after it was sent: a start is overdue from 500 ms on',
    async ({ closedAtMs, heard, skipped }) => {
      const stage = stageOf();
      stage.say(stage.openTurn(), 'One two.', 1000);
      stage.clock.advance(closedAtMs);
      await stage.timeline.close();

      expect(heardMsOf(stage)).toEqual(heard);
      expect(stage.events.ofType('response_skipped').map(({ reason }) => reason)).toEqual(skipped);
    },
  );

  it.each([
    { closedAtMs: 1499, heardMs: 1000 },
    { closedAtMs: 1500, heardMs: 0 },
  ])(
    '[AU17] $closedAtMs ms after its start was reported: an end after 1 s is overdue from 1.5 s on',
    async ({ closedAtMs, heardMs }) => {
      const stage = stageOf();
      reportStart(stage, stage.say(stage.openTurn(), 'One two.', 1000));
      stage.clock.advance(closedAtMs);
      await stage.timeline.close();

      expect(heardMsOf(stage)).toEqual([heardMs]);
    },
  );

  it('[AU17] while its audio still comes: no end is due yet, so the estimate counts', async () => {
    const stage = stageOf();
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    reportStart(stage, id);
    stage.clock.advance(3000);
    await stage.timeline.close();

    expect(heardMsOf(stage)).toEqual([1000]);
  });
});

describe('[AU17] what follows a response whose end never came', () => {
  it('[AU17] is heard by the estimate of a close: only what was not reported counts as silent', async () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    stage.clock.advance(6000);
    const second = stage.say(turn, 'Two three.', 1000);
    reportStart(stage, second);
    stage.clock.advance(600);
    await stage.timeline.close();

    expect(heardMsOf(stage)).toEqual([600]);
    expect(stage.events.only('response_playback_finished')).not.toHaveProperty('inaudible');
  });

  it('[AU17] begins when that was given up, so its own end is waited for until 5 s after that', () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 1000);
    stage.clock.advance(6000);
    expect(stage.events.ofType('response_skipped')).toHaveLength(1);
    stage.clock.advance(5999);
    expect(stage.events.ofType('response_skipped')).toHaveLength(1);
    stage.clock.advance(1);

    expect(stage.events.ofType('response_skipped')).toHaveLength(2);
  });

  it('[AU17] is not held back by one that was cut', () => {
    const stage = stageOf();
    reportStart(stage, stage.say(stage.openTurn(), 'One two three.', 3000));
    stage.clock.advance(2000);
    stage.cut();
    stage.clock.advance(100);
    stage.say(stage.openTurn(), 'Two.', 1000);
    stage.clock.advance(4900);
    expect(heardMsOf(stage)).toEqual([0]);
    stage.clock.advance(1099);
    expect(stage.events.ofType('response_skipped')).toEqual([]);
    stage.clock.advance(1);

    expect(stage.events.only('response_skipped').reason).toBe('not_known');
  });
});

describe('[AU17] how long a report is waited for', () => {
  it.each([
    { reportTimeoutMs: 700, stallTimeoutMs: 300, cutReportTimeoutMs: 200, endMs: 1700, cutMs: 700 },
    { reportTimeoutMs: 300, stallTimeoutMs: 700, cutReportTimeoutMs: 200, endMs: 1700, cutMs: 700 },
    { reportTimeoutMs: 300, stallTimeoutMs: 200, cutReportTimeoutMs: 900, endMs: 1300, cutMs: 900 },
  ])(
    '[AU17] of $reportTimeoutMs, $stallTimeoutMs and, after a cut, $cutReportTimeoutMs ms the longest counts',
    ({ endMs, cutMs, ...options }) => {
      const whole = stageOf(options);
      whole.say(whole.openTurn(), 'One.', 1000);
      whole.clock.advance(endMs - 1);
      expect(whole.events.ofType('response_skipped')).toEqual([]);
      whole.clock.advance(1);
      expect(whole.events.ofType('response_skipped')).toHaveLength(1);

      const cut = stageOf(options);
      reportStart(cut, cut.say(cut.openTurn(), 'One.', 1000));
      cut.clock.advance(100);
      cut.cut();
      cut.clock.advance(cutMs - 1);
      expect(heardMsOf(cut)).toEqual([]);
      cut.clock.advance(1);
      expect(heardMsOf(cut)).toEqual([0]);
    },
  );

  it('[AU17] a listener that is thought to hear what it does not report: the time-out of cuts alone', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    reportStart(stage, stage.say(stage.openTurn(), 'One.', 1000));
    stage.clock.advance(100);
    stage.cut();
    stage.clock.advance(249);
    expect(heardMsOf(stage)).toEqual([]);
    stage.clock.advance(1);

    expect(heardMsOf(stage)).toEqual([100]);
  });
});

describe('[AU17] the bound of an end', () => {
  it('[AU17] does not reach back to the last report of a listener that is thought to hear what it does not report', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true, 'estimated');
    reportStart(stage, stage.say(stage.openTurn(), 'One two three.', 1000));
    stage.timeline.audibilityChanged('silent', { sinceMs: 0 as AgentMs });
    stage.clock.advance(10_000);

    const { outcome, errorBoundMs } = stage.events.only('response_playback_finished');
    // The path was measured to 5 ms, and the estimate waited for 500 ms.
    expect({ outcome, errorBoundMs }).toEqual({ outcome: 'partly_heard', errorBoundMs: 505 });
  });

  it('[AU17] is that of the path, which was measured, where nothing is missing', async () => {
    const stage = stageOf();
    const id = stage.say(stage.openTurn(), 'One two three.', 1000);
    reportStart(stage, id);
    stage.clock.advance(400);
    await stage.timeline.close();

    const { endedAtMs, errorBoundMs } = stage.events.only('response_playback_finished');
    expect({ endedAtMs, errorBoundMs }).toEqual({ endedAtMs: 400, errorBoundMs: 5 });
  });
});
