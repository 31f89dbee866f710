// Tests for SPEC.md, "Who can hear": what of a response counts as heard around times in which nobody could hear.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';
import { Stage } from './support/stage.ts';

/** Says who can hear from an instant on, when that has come. */
function hearingFrom(stage: Stage, atMs: number, audibility: Audibility): void {
  stage.clock.advance(atMs - stage.clock.nowMs());
  stage.timeline.audibilityChanged(audibility);
}

const starts = (stage: Stage): number[] =>
  stage.events.ofType('response_playback_started').map(({ startedAtMs }) => startedAtMs);

describe('an estimated start', () => {
  it('[AU15] is not moved by a time of silence that was over', () => {
    const stage = new Stage();
    hearingFrom(stage, 0, 'muted');
    hearingFrom(stage, 100, 'listening');
    stage.clock.advance(100);
    stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(1000);

    expect(starts(stage)).toEqual([200]);
  });

  it('[AU15] is not moved by one that ends as it begins', () => {
    const stage = new Stage();
    hearingFrom(stage, 0, 'muted');
    hearingFrom(stage, 200, 'listening');
    stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(1000);

    expect(starts(stage)).toEqual([200]);
  });

  it('[AU15] that falls into a time of silence comes after it', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    hearingFrom(stage, 100, 'muted');
    stage.clock.advance(100);
    stage.say(stage.openTurn(), 'One.', 2000);
    hearingFrom(stage, 300, 'listening');
    stage.clock.advance(5000);

    expect(starts(stage)).toHaveLength(1);
    expect(starts(stage)[0]).toBeGreaterThanOrEqual(300);
  });

  it('[AU15] is not moved by a time of silence that came later than its bound', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 500);
    const second = stage.say(turn, 'Two.', 500);
    hearingFrom(stage, 400, 'muted');
    hearingFrom(stage, 450, 'listening');
    stage.clock.advance(100);
    report(second, 40, { startMs: 505, atMs: 545 });

    expect(stage.events.ofType('response_playback_started')).toMatchObject([
      { responseId: first, evidence: 'estimate', startedAtMs: 0 },
      { responseId: second, evidence: 'device', startedAtMs: 505 },
    ]);
  });

  it('[AU5] of a response that began unheard is the instant from which somebody could hear it', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    hearingFrom(stage, 0, 'muted');
    stage.say(stage.openTurn(), 'One.', 3000);
    stage.timeline.playhead({
      responseId: stage.timeline.state.playout[0] as never,
      startedAtMs: 0 as AgentMs,
      heardSamples: 480,
      positionAtMs: 10 as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 1,
    });
    hearingFrom(stage, 300, 'listening');
    stage.clock.advance(5000);

    expect(starts(stage)).toEqual([300]);
  });
});

describe('[AU5] an estimated start after a time of which nobody knows whether it was heard', () => {
  it('[AU5][AU12] of which a part was reported before the listener was known to answer: as early as the first sample', () => {
    const { stage, report } = silent();
    const { timeline, clock } = stage;
    const said = { startMs: 600, evidence: 'estimate', errorBoundMs: 30 } as const;
    clock.advance(500);
    timeline.listenerAnswers(false, 500 as AgentMs);
    clock.advance(100);
    const id = stage.say(stage.openTurn(), 'One.', 3000);
    clock.advance(1250);
    report(id, 1250, { ...said, atMs: 1850 });
    // It answers since 1430 ms, and had half a second to report.
    clock.advance(80);
    timeline.listenerAnswers(true, 1430 as AgentMs);
    report(id, 1320, { ...said, atMs: 1920 });

    const { startedAtMs, errorBoundMs } = stage.events.only('response_playback_started');
    expect(startedAtMs).toBe(1850);
    expect(startedAtMs - errorBoundMs).toBeLessThanOrEqual(600);
  });

  it('may have been as early as the first sample', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    hearingFrom(stage, 100, 'silent');
    stage.say(stage.openTurn(), 'One.', 3000);
    hearingFrom(stage, 1000, 'listening');
    stage.clock.advance(5000);

    const [start] = stage.events.ofType('response_playback_started');
    expect(start).toMatchObject({ startedAtMs: 1000, evidence: 'estimate' });
    expect(start?.errorBoundMs).toBeGreaterThanOrEqual(900);
  });

  it('is no less certain if it is known that nobody could hear', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    hearingFrom(stage, 100, 'muted');
    stage.say(stage.openTurn(), 'One.', 3000);
    hearingFrom(stage, 1000, 'listening');
    stage.clock.advance(5000);

    const [start] = stage.events.ofType('response_playback_started');
    expect(start).toMatchObject({ startedAtMs: 1000, evidence: 'estimate' });
    expect(start?.errorBoundMs).toBeLessThan(900);
  });
});

describe('a reported position', () => {
  it('[AU15] is measured: a silence that began within its bound does not matter', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 500);
    hearingFrom(stage, 120, 'muted');
    stage.clock.advance(80);
    report(id, 10, { startMs: 100, atMs: 110, errorBoundMs: 50 });

    expect(starts(stage)).toEqual([100]);
  });

  it('[AU5] starts a response at its first audible sample, also if that is within the bound', () => {
    const { stage, report } = silent();
    hearingFrom(stage, 0, 'muted');
    const id = stage.say(stage.openTurn(), 'One.', 500);
    hearingFrom(stage, 200, 'listening');
    stage.clock.advance(20);
    report(id, 220, { startMs: 0, atMs: 220, errorBoundMs: 50 });

    expect(starts(stage)).toEqual([200]);
  });

  it('[AU15] that is only estimated starts nothing before more was heard than it may be wrong by', () => {
    const { stage, report } = silent();
    hearingFrom(stage, 0, 'muted');
    const id = stage.say(stage.openTurn(), 'One.', 500);
    hearingFrom(stage, 200, 'listening');
    stage.clock.advance(20);
    report(id, 220, { startMs: 0, atMs: 220, evidence: 'estimate', errorBoundMs: 100 });

    expect(starts(stage)).toEqual([]);
    expect(stage.events.ofType('response_playback_progressed')).toEqual([]);
  });

  it('[AU3][PB12] is no progress while nobody can hear', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(200);
    report(id, 200, { startMs: 0, atMs: 200 });
    hearingFrom(stage, 200, 'muted');
    stage.clock.advance(100);
    report(id, 300, { startMs: 0, atMs: 300 });

    const progress = stage.events.ofType('response_playback_progressed');
    expect(progress.map(({ heardMs }) => heardMs)).toEqual([200]);
  });

  it('[AU3][LW3] after a standstill is of audio that sounded last: a silence before that does not matter', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 200);
    stage.clock.advance(100);
    report(id, 100, { startMs: 0, atMs: 100 });
    hearingFrom(stage, 350, 'muted');
    hearingFrom(stage, 450, 'listening');
    stage.clock.advance(150);
    report(id, 200, { startMs: 0, atMs: 600, phase: 'ended' });

    const end = stage.events.only('response_playback_finished');
    expect(end).toMatchObject({ outcome: 'heard', heardMs: 200 });
    expect(end).not.toHaveProperty('inaudible');
  });
});

describe('a listener that did not answer', () => {
  /** It reports at `atMs`, in ms, and is silent from `fromMs` to `toMs`. @returns What of the response was heard, ms. */
  function heardMs(atMs: readonly number[], fromMs: number, toMs: number): number | undefined {
    const { stage, report } = silent({ cutReportTimeoutMs: 60_000 });
    const id = stage.say(stage.openTurn(), 'One.', 6000);
    for (const ms of atMs) {
      if (stage.clock.nowMs() < fromMs && fromMs < ms) hearingFrom(stage, fromMs, 'silent');
      if (stage.clock.nowMs() < toMs && toMs < ms) hearingFrom(stage, toMs, 'listening');
      stage.clock.advance(ms - stage.clock.nowMs());
      report(id, ms, { startMs: 0, atMs: ms });
    }
    return stage.events.ofType('response_playback_progressed').at(-1)?.heardMs;
  }

  it('[AU4] and went on reporting has heard what it reported', () => {
    expect(heardMs([1000, 1500, 2000, 2500], 1600, 1900)).toBe(2500);
  });

  it('[AU14] has heard it as well if it reports 3 s after the report before, and not later', () => {
    expect(heardMs([500, 3500], 1000, 3200)).toBe(3500);
    expect(heardMs([500, 3600], 1000, 3200)).toBe(3600 - 2200);
  });
});
