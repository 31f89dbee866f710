// Tests for SPEC.md, "Who can hear": a listener that goes in the middle of a response, and comes back.
import { describe, expect, it } from 'vitest';
import { silent } from './support/silent_listener.ts';

interface Back {
  /** When the page says that it went on. */
  readonly startMs: number;
  readonly errorBoundMs: number;
  /** What it has played since then, and when that had sounded. */
  readonly playedMs?: number;
  readonly atMs?: number;
}

/** A page plays 300 ms of a response of 1 s, is away from 310 to 1300, and goes on. Some time later it has played all of it. */
function cameBack({ startMs, errorBoundMs, playedMs = 16, atMs = startMs + playedMs }: Back) {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One two.', 1000);
  stage.clock.advance(300);
  report(id, 300, { startMs: 0, atMs: 300 });
  stage.clock.advance(10);
  stage.timeline.audibilityChanged('nobody');
  stage.clock.advance(990);
  stage.timeline.audibilityChanged('listening');
  stage.clock.advance(50);
  report(id, 300 + playedMs, { startMs, atMs, errorBoundMs });
  const positionAtMs = stage.events.ofType('response_playback_progressed').at(-1)?.positionAtMs;
  stage.clock.advance(1000);
  report(id, 1000, { startMs: 1350, atMs: 2050, phase: 'ended' });
  const { outcome, inaudible } = stage.events.only('response_playback_finished');
  return { outcome, inaudible, positionAtMs };
}

describe('[AU19] a page that comes back', () => {
  it.each([
    ['as it came', { startMs: 1300, errorBoundMs: 0 }, 1316],
    ['a little later', { startMs: 1310, errorBoundMs: 5 }, 1326],
    ['earlier, and does not know its clock yet', { startMs: 1245, errorBoundMs: 69 }, 1316],
    ['earlier, by as much as it may be off', { startMs: 1245, errorBoundMs: 55 }, 1316],
  ])('heard what it says that it played since, from an instant %s', (_, back, positionAtMs) => {
    expect(cameBack(back)).toEqual({ outcome: 'heard', inaudible: undefined, positionAtMs });
  });

  it('has heard nothing in the future, except by as much as it may be off', () => {
    const back = { startMs: 1245, errorBoundMs: 55, playedMs: 107 };

    expect(cameBack(back).positionAtMs).toBe(1350 + 55);
  });

  it('did not hear what it says to have played while it was away, by more than it may be off', () => {
    expect(cameBack({ startMs: 1245, errorBoundMs: 54 })).toMatchObject({
      outcome: 'partly_heard',
      inaudible: [{ why: 'nobody', fromMs: 300, toMs: 316 }],
    });
  });
});

it('[AU19] a start that is reported while nobody is there yet is not moved', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One two.', 1000);
  stage.timeline.audibilityChanged('nobody');
  stage.clock.advance(1000);
  report(id, 1000, { startMs: 0, atMs: 1000, errorBoundMs: 200, phase: 'ended' });

  expect(stage.events.only('response_skipped')).toMatchObject({
    reason: 'no_listener',
    inaudible: [{ why: 'nobody', fromMs: 0, toMs: 1000 }],
  });
});

it('[AU19] a start that lies in a time in which the page was muted is not moved', () => {
  const { stage, report } = silent();
  const id = stage.say(stage.openTurn(), 'One two.', 1000);
  stage.timeline.audibilityChanged('muted');
  stage.clock.advance(100);
  stage.timeline.audibilityChanged('listening');
  stage.clock.advance(900);
  report(id, 1000, { startMs: 0, atMs: 1000, errorBoundMs: 200, phase: 'ended' });
  expect(stage.events.only('response_playback_finished')).toMatchObject({
    inaudible: [{ why: 'muted', fromMs: 0, toMs: 100 }],
  });
});

describe('[AU19] a page that goes', () => {
  it('hears what it reported to sound a little later', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(300);
    report(id, 330, { startMs: 0, atMs: 330 });
    stage.timeline.audibilityChanged('nobody');
    stage.timeline.listenerChanged(false);
    stage.clock.advance(2000);
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'partly_heard',
      inaudible: [{ why: 'nobody', fromMs: 330, toMs: 1000 }],
    });
  });

  it('is gone at once, if its position is only estimated', () => {
    const { stage } = silent({ reportTimeoutMs: 0, stallTimeoutMs: 0 });
    stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(300);
    stage.timeline.audibilityChanged('nobody');
    expect(stage.events.only('audibility_changed')).toMatchObject({ sinceMs: 300 });
  });
});
