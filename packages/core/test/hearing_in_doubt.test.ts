// Tests for SPEC.md, "Who can hear": what is told of a sound just before or after a mute, of which the instant is not known exactly.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { perhapsHeard } from '../src/internal.ts';
import { answered } from './support/late_reports.ts';

/** A response of ten words in a second; the page says since when it is muted or not, by how much that may be off, and when it says so. */
function scene() {
  const made = answered();
  const { stage } = made;
  const passUntil = (atMs: number): void => stage.clock.advance(atMs - stage.clock.nowMs());
  const says = (audibility: 'muted' | 'listening', sinceMs: number, sinceErrorBoundMs = 0): void =>
    stage.timeline.audibilityChanged(audibility, {
      sinceMs: sinceMs as AgentMs,
      sinceErrorBoundMs,
    });
  return { ...made, passUntil, says };
}

describe('a start by the estimate after an unmute', () => {
  it.each([true, false])(
    '[AU5] is not told if less sounds than the unmute is in doubt; the listener reports: %s',
    (reports) => {
      const { stage, say, says, passUntil } = scene();
      stage.timeline.listenerChanged(reports);
      says('muted', 0);
      say();
      passUntil(980);
      says('listening', 950, 200);
      passUntil(6000);

      expect(stage.events.ofType('task_started')).toEqual([]);
      expect(stage.events.only('response_skipped').reason).toBe('not_known');
    },
  );

  it('[AU5] is known no better than the unmute', () => {
    const { stage, say, says, report, passUntil } = scene();
    const before = say();
    passUntil(1000);
    report(before, { heardMs: 1000, atMs: 1000, phase: 'ended' });
    says('muted', 1000);
    stage.events.clear();
    say();
    passUntil(1520);
    says('listening', 1500, 300);
    passUntil(6000);

    const start = stage.events.only('response_playback_started');
    expect(start).toMatchObject({ startedAtMs: 1500, errorBoundMs: 300 });
  });
});

it('[AU5] a response that is sent after an unmute may begin before it', () => {
  const { stage, say, says, report, passUntil } = scene();
  says('muted', 0);
  passUntil(110);
  says('listening', 100, 80);
  passUntil(130);
  const id = say();
  passUntil(190);

  report(id, { startMs: 140, heardMs: 50, atMs: 190, errorBoundMs: 1 });

  expect(stage.events.only('response_playback_started').errorBoundMs).toBe(40);
});

it('[AU5] a start just before a mute is not told, if the mute may have come first', () => {
  const { stage, say, says, report, passUntil } = scene();
  const id = say();
  passUntil(110);
  says('muted', 100, 80);
  report(id, { startMs: 90, heardMs: 20, atMs: 110, errorBoundMs: 1 });
  passUntil(6000);

  expect(stage.events.ofType('task_started')).toEqual([]);
  expect(stage.events.only('response_skipped').reason).toBe('not_known');
});

it('[AU6] what the listener had played before it stood still, perhaps before it was unmuted, is not known', () => {
  const { stage, say, says, report, passUntil } = scene();
  says('muted', 0);
  const id = say();
  passUntil(100);
  report(id, { heardMs: 100, atMs: 100 });
  passUntil(1100);
  says('listening', 1050);
  passUntil(1300);

  // 900 ms of sound in 1200 ms: they may have ended at 1000 ms, while it was muted, or have begun at 400 ms.
  report(id, { heardMs: 1000, atMs: 1300 });

  expect(stage.events.ofType('response_playback_started')).toEqual([]);
  expect(stage.events.only('response_skipped')).toMatchObject({
    reason: 'not_known',
    inaudible: [
      { why: 'muted', fromMs: 0, toMs: 750 },
      { why: 'silent', fromMs: 750, toMs: 1000 },
    ],
  });
});

it.each(['queue', 'ear'] as const)(
  '[AU6] what the listener had played before a pause that reaches the %s is not known to sound after an unmute',
  (reaches) => {
    const { stage, say, says, report, passUntil } = scene();
    says('muted', 0);
    const id = say();
    passUntil(20);
    report(id, { heardMs: 1, atMs: 1 });
    passUntil(40);
    stage.timeline.pause(reaches);
    passUntil(120);
    says('listening', 75);
    report(id, { heardMs: 40, atMs: 100 });

    expect(stage.events.ofType('response_playback_started')).toEqual([]);
  },
);

describe('a measured start in a time of mute', () => {
  it.each(['before the end', 'after it'])(
    '[AU5][PB5] %s does not replace the estimated one',
    (when) => {
      const { stage, say, says, report, passUntil } = scene();
      const id = say();
      passUntil(900);
      says('muted', 120);
      if (when === 'after it') passUntil(1900);

      report(id, { startMs: 150, heardMs: 700, atMs: 850 });

      expect(stage.events.ofType('response_playback_refined')).toEqual([]);
    },
  );

  it('[AU5][PB5] moves the estimated one to the unmute, and what sounded before it was not heard', () => {
    const { stage, say, says, report, passUntil } = scene();
    stage.timeline.pathEstimated(380, 20);
    says('muted', 0);
    const id = say();
    passUntil(310);
    says('listening', 300);
    passUntil(1010);
    report(id, { startMs: 200, heardMs: 800, atMs: 1000 });
    passUntil(1220);
    report(id, { startMs: 200, heardMs: 1000, atMs: 1200, phase: 'ended' });

    const refined = stage.events.only('response_playback_refined');
    expect(refined).toMatchObject({ startedAtMs: 300, evidence: 'device' });
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      heardMs: 900,
      inaudible: [{ why: 'muted', fromMs: 0, toMs: 100 }],
    });
  });
});

describe('what had left before a mute, and was not measured', () => {
  it('[AU16] is not told as muted after a cut', () => {
    const { stage, say, says, passUntil } = scene();
    stage.timeline.pathEstimated(200, 10);
    say();
    passUntil(500);
    stage.timeline.pause('queue');
    passUntil(600);
    says('muted', 600);
    passUntil(1000);
    stage.timeline.cut('user_speech', 'queue');
    passUntil(4000);

    const { inaudible } = stage.events.only('response_playback_finished');
    expect(inaudible).toEqual([{ why: 'silent', fromMs: 400, toMs: 500 }]);
  });

  it('[AU16][AU18] is not told as muted at the end, and stays in the chat', () => {
    const { stage, say, says, passUntil } = scene();
    stage.timeline.pathEstimated(300, 100);
    const id = say();
    passUntil(900);
    says('muted', 900);
    passUntil(6000);

    expect(stage.events.only('response_playback_finished').inaudible).toEqual([
      { why: 'silent', fromMs: 600, toMs: 900 },
      { why: 'muted', fromMs: 900, toMs: 1000 },
    ]);
    expect(perhapsHeard(stage.timeline.state, id)?.heardText).toContain('nine');
  });

  it('[AU16] is told as not known if the page only estimates where it is', () => {
    const { stage, say, says, report, passUntil } = scene();
    const id = say();
    const how = { startMs: 100, evidence: 'estimate', errorBoundMs: 150 } as const;
    passUntil(500);
    report(id, { ...how, heardMs: 400, atMs: 500 });
    says('muted', 500);
    passUntil(1110);
    report(id, { ...how, heardMs: 1000, atMs: 1100, phase: 'ended' });

    const { inaudible } = stage.events.only('response_playback_finished');
    expect(inaudible?.[0]).toMatchObject({ why: 'silent', fromMs: 400 });
  });

  it('[AU16] is told apart from what is muted, of a response of which nothing is known to have been heard', () => {
    const { stage, say, says, report, passUntil } = scene();
    const before = say();
    passUntil(1300);
    report(before, { startMs: 300, heardMs: 1000, atMs: 1300, errorBoundMs: 100, phase: 'ended' });
    say();
    passUntil(2000);
    says('muted', 1900);
    passUntil(7000);

    expect(stage.events.only('response_skipped')).toMatchObject({
      reason: 'not_known',
      inaudible: [
        { why: 'silent', fromMs: 0, toMs: 400 },
        { why: 'muted', fromMs: 400, toMs: 1000 },
      ],
    });
  });
});
