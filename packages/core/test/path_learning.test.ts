// Tests for SPEC.md, "Tasks": what the agent learns of the delay from its queue to an ear.
import { describe, expect, it } from 'vitest';
import type { TimelineOptions } from '../src/index.ts';
import { DEFAULT_TIMELINE_OPTIONS } from '../src/options.ts';
import { followDelay, observeDelay, unknownPath } from '../src/step/path/path_delay.ts';
import { silent } from './support/silent_listener.ts';
import type { Stage } from './support/stage.ts';

describe('the path', () => {
  /** A first response with a measured path of 100 ms, and a second that plays. */
  function measured(options: Partial<TimelineOptions> = {}) {
    const { stage, report } = silent(options);
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 100);
    stage.clock.advance(300);
    report(first, 100, { startMs: 100, atMs: 200, phase: 'ended' });
    stage.clock.advance(700);
    const second = stage.say(turn, 'Two.', 2000);
    stage.clock.advance(1000);
    return { stage, report, second };
  }
  const path = (stage: Stage) => stage.timeline.state.path;

  it('[TK7] follows a device, not an estimate', () => {
    const { stage, report, second } = measured({ maxPathDriftMs: 400 });
    report(second, 500, { startMs: 1100, atMs: 1640, evidence: 'estimate' });
    expect(path(stage).delayMs).toBe(100);

    report(second, 600, { startMs: 1100, atMs: 1740 });
    expect(path(stage).delayMs).toBe(140);
  });

  it('[TK7] does not follow a position that is known much less exactly than the start, as inside a steady sound', () => {
    const { stage, report, second } = measured({ maxPathDriftMs: 400 });
    report(second, 500, { startMs: 1100, atMs: 1600, errorBoundMs: 5 });
    report(second, 600, { startMs: 1100, atMs: 1740, errorBoundMs: 26 });
    expect(path(stage).delayMs).toBe(100);

    report(second, 700, { startMs: 1100, atMs: 1840, errorBoundMs: 24 });
    expect(path(stage).delayMs).toBe(140);
  });

  it('[TK7] does not follow a position that stands still', () => {
    const { stage, report, second } = measured({ maxPathDriftMs: 400 });
    report(second, 500, { startMs: 1100, atMs: 1600 });
    report(second, 500, { startMs: 1100, atMs: 1900 });

    expect(path(stage).delayMs).toBe(100);
  });

  it('[TK7] follows a sample before a gap of a slow voice by when it left', () => {
    const { stage, report } = silent({ maxPathDriftMs: 400 });
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.clock.advance(250);
    report(id, 100, { startMs: 100, atMs: 200 });
    stage.clock.advance(800);
    stage.send(id, 1000);

    report(id, 900, { startMs: 100, atMs: 1040 });

    expect(path(stage).delayMs).toBe(140);
  });

  it('[TK7] follows nothing before a start was measured', () => {
    const { stage, report } = silent({ maxPathDriftMs: 400, estimateDelayMs: 100 });
    const id = stage.say(stage.openTurn(), 'One.', 2000);
    stage.clock.advance(1000);
    report(id, 1, { startMs: 100, atMs: 101, errorBoundMs: 1500 });
    report(id, 500, { startMs: 100, atMs: 640, errorBoundMs: 1000 });

    expect(path(stage)).toMatchObject({ delayMs: 100, observedMs: [] });
  });

  it('[TK7][PB9] does not follow a response whose start a pause delayed, and learns nothing of it', () => {
    const { stage, report } = measured({ maxPathDriftMs: 10_000 });
    stage.clock.advance(4000);
    const id = stage.say(stage.openTurn(), 'Three.', 2000);
    stage.clock.advance(30);
    stage.timeline.pause();
    stage.clock.advance(1000);
    stage.timeline.resume();
    stage.clock.advance(1000);
    const sentAtMs = 6000;
    report(id, 500, { startMs: sentAtMs + 1100, atMs: sentAtMs + 1640 });

    expect(path(stage)).toMatchObject({ delayMs: 100, observedMs: [100] });
  });

  it('[LW10] learns nothing from a response that should have sounded before the listener joined', () => {
    const { stage, report } = silent({ estimateDelayMs: 60 });
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 500);
    stage.clock.advance(400);
    stage.timeline.listenerChanged(true);
    stage.clock.advance(800);
    report(first, 500, { startMs: 600, atMs: 1100, phase: 'ended' });
    expect(path(stage)).toMatchObject({ delayMs: 60, observedMs: [] });

    const second = stage.say(turn, 'Two.', 500);
    stage.clock.advance(600);
    report(second, 500, { startMs: 1300, atMs: 1800, phase: 'ended' });
    expect(path(stage).observedMs).toEqual([100]);
  });

  describe('to a listener that joined just after a response was sent', () => {
    /** Sent at 0, the listener joined 100 ms later and got it again. The path has 60 ms, and was thought to have 60 ± 150. */
    function joinedLate() {
      const { stage, report } = silent({ estimateDelayMs: 60, reportTimeoutMs: 200 });
      const turn = stage.openTurn();
      const first = stage.say(turn, 'One.', 500);
      stage.clock.advance(100);
      stage.timeline.listenerChanged(true);
      stage.clock.advance(100);
      report(first, 20, { startMs: 160, atMs: 180, errorBoundMs: 10 });
      return { stage, report, turn, first };
    }

    it('[LW10] is known no better than by the wait that it may hold, until a response is heard that cannot have waited', () => {
      const { stage, report, turn, first } = joinedLate();
      expect(path(stage)).toMatchObject({ delayMs: 160, errorBoundMs: 110, doubtMs: 100 });

      report(first, 500, { startMs: 160, atMs: 660, phase: 'ended', errorBoundMs: 10 });
      stage.clock.advance(1000);
      const second = stage.say(turn, 'Two.', 500);
      stage.clock.advance(100);
      report(second, 30, { startMs: 1260, atMs: 1290, errorBoundMs: 10 });
      expect(path(stage)).toMatchObject({ delayMs: 60, errorBoundMs: 10, observedMs: [60] });
    });

    it('[LW10] gives an estimate of the next start with a bound that holds it', () => {
      const { stage, report, turn, first } = joinedLate();
      report(first, 500, { startMs: 160, atMs: 660, phase: 'ended', errorBoundMs: 10 });
      stage.clock.advance(1000);
      stage.say(turn, 'Two.', 500);
      stage.clock.advance(600);

      const next = stage.events.ofType('response_playback_started').at(-1);
      const trueStartMs = 1200 + 60;
      const offMs = Math.abs((next?.startedAtMs ?? 0) - trueStartMs);
      expect(next?.evidence).toBe('estimate');
      expect(next?.errorBoundMs).toBeGreaterThanOrEqual(offMs);
    });

    it('[LW10] is known no better by a response that follows on it', () => {
      const { stage, report, turn, first } = joinedLate();
      const second = stage.say(turn, 'Two.', 500);
      stage.clock.advance(500);
      report(first, 500, { startMs: 160, atMs: 660, phase: 'ended', errorBoundMs: 10 });
      report(second, 10, { startMs: 660, atMs: 670, errorBoundMs: 10 });

      expect(path(stage)).toMatchObject({ delayMs: 160, errorBoundMs: 110, doubtMs: 100 });
    });

    it('[LW10] is at least as long as nothing, however late it joined', () => {
      const { stage, report } = silent({ estimateDelayMs: 60 });
      const first = stage.say(stage.openTurn(), 'One.', 500);
      stage.clock.advance(100);
      stage.timeline.listenerChanged(true);
      stage.clock.advance(100);
      report(first, 20, { startMs: 30, atMs: 50, errorBoundMs: 10 });

      expect(path(stage)).toMatchObject({ delayMs: 30, errorBoundMs: 40, doubtMs: 30 });
    });
  });

  it('[LW10] is not measured by a response that waited for one of which the start was not measured', () => {
    const { stage, report } = silent({ estimateDelayMs: 60 });
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 500);
    const second = stage.say(turn, 'Two.', 500);
    stage.clock.advance(800);
    report(first, 500, { startMs: 200, atMs: 700, phase: 'ended', evidence: 'estimate' });
    report(second, 50, { startMs: 700, atMs: 750, errorBoundMs: 10 });

    expect(path(stage)).toMatchObject({ delayMs: 60, errorBoundMs: 160, doubtMs: 150 });
  });

  it('[TK7] counts a start once, however often it is measured better', () => {
    const { stage, report, second } = measured();
    report(second, 100, { startMs: 1130, atMs: 1230, errorBoundMs: 40 });
    report(second, 200, { startMs: 1120, atMs: 1330, errorBoundMs: 10 });

    expect(path(stage).observedMs).toEqual([100, 120]);
  });

  it('[TK7] keeps an earlier start when one that was estimated is measured', () => {
    const { stage, report, second } = measured({ reportTimeoutMs: 500 });
    expect(stage.events.ofType('response_playback_started')[1]?.evidence).toBe('estimate');
    report(second, 500, { startMs: 1120, atMs: 1620 });

    expect(path(stage).observedMs).toEqual([100, 120]);
  });

  it('[TK7] is not longer because a response had to wait for a late one before it', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(400);
    report(first, 400, { startMs: 0, atMs: 400 });
    stage.clock.advance(1200);
    report(first, 1000, { startMs: 0, atMs: 1500, phase: 'ended' });
    report(second, 100, { startMs: 1500, atMs: 1600 });

    expect(path(stage).observedMs).toEqual([0, 0]);
  });

  it('[TK7] remembers by when everything has sounded, whoever says it was earlier', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 100);
    stage.clock.advance(400);
    report(first, 400, { startMs: 0, atMs: 400 });
    stage.clock.advance(1200);
    report(first, 1000, { startMs: 0, atMs: 1500, phase: 'ended' });
    report(second, 100, { startMs: 1100, atMs: 1200, phase: 'ended' });

    expect(stage.timeline.state.playedUntilMs).toBe(1500);
  });

  it('[TK7] is the median of the last five starts, with a bound that covers them', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    for (const delayMs of [400, 10, 30, 20, 80, 40]) {
      const nowMs = stage.clock.nowMs();
      const id = stage.say(turn, 'Word.', 100);
      stage.clock.advance(1000);
      const startMs = nowMs + delayMs;
      report(id, 100, { startMs, atMs: startMs + 100, phase: 'ended', errorBoundMs: 7 });
    }

    expect(path(stage)).toMatchObject({
      delayMs: 30,
      errorBoundMs: 50 + 7,
      observedMs: [10, 30, 20, 80, 40],
    });
  });

  it('[TK7] is never claimed to be known to less than 5 ms', () => {
    const { stage } = measured();

    expect(path(stage).errorBoundMs).toBe(5);
  });

  it('[RM8][LW10] stays as measured when the transport estimates it, until another listener joins', () => {
    const { stage } = measured();
    stage.timeline.pathEstimated(250, 60);
    expect(path(stage)).toMatchObject({ delayMs: 100, errorBoundMs: 5 });

    stage.timeline.listenerChanged(true);
    expect(path(stage)).toMatchObject({ delayMs: 250, errorBoundMs: 60, observedMs: [] });
  });
});

it('[TK7] within a response the path is followed up to maxPathDriftMs from what its starts measured, and no further', () => {
  const path = observeDelay(unknownPath(DEFAULT_TIMELINE_OPTIONS), {
    delayMs: 300,
    errorBoundMs: 0,
    doubtMs: 0,
  });
  const followed = (delayMs: number): number => followDelay(path, delayMs, 100).delayMs;

  expect([199, 200, 320, 400, 401].map(followed)).toEqual([300, 200, 320, 400, 300]);
});
