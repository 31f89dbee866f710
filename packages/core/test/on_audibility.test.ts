// Tests for SPEC.md, "Who can hear": from when to when, and for how long that is remembered.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import { silent } from './support/silent_listener.ts';
import type { Stage } from './support/stage.ts';

const at = (ms: number): AgentMs => ms as AgentMs;
const passUntil = (stage: Stage, ms: number): void =>
  stage.clock.advance(Math.max(0, ms - stage.clock.nowMs()));
const hear = (stage: Stage, audibility: Audibility, sinceMs?: number): void =>
  stage.timeline.audibilityChanged(
    audibility,
    sinceMs === undefined ? {} : { sinceMs: at(sinceMs) },
  );
const answers = (stage: Stage, does: boolean, sinceMs: number): void =>
  stage.timeline.listenerAnswers(does, at(sinceMs));
const times = (stage: Stage) =>
  stage.timeline.state.inaudibleTimes.map(({ why, fromMs, toMs }) => [why, fromMs, toMs]);
/** Muted from one instant to the other, both in the future. */
const mute = (stage: Stage, fromMs: number, toMs: number): void => {
  passUntil(stage, fromMs);
  hear(stage, 'muted');
  passUntil(stage, toMs);
  hear(stage, 'listening');
};
/** A step that changes nothing else. */
const step = (stage: Stage): void => stage.timeline.pathEstimated(at(0), 0);

/** A response of 5 s that plays from 0 ms, so that all times are needed. */
function long() {
  const of = silent();
  const id = of.stage.say(of.stage.openTurn(), 'One two three.', 5000);
  return { ...of, id };
}

describe('[AU12] a listener that does not answer', () => {
  it('that has left is not asked any more: the time ends, and what it was muted for does not', () => {
    const { stage } = long();
    passUntil(stage, 150);
    answers(stage, false, 100);
    passUntil(stage, 300);
    stage.timeline.listenerChanged(false);
    expect(times(stage)).toEqual([['silent', 100, 300]]);

    const { stage: other } = long();
    passUntil(other, 100);
    hear(other, 'muted');
    answers(other, false, 100);
    passUntil(other, 300);
    other.timeline.listenerChanged(false);
    expect(times(other)).toEqual([['muted', 100, undefined]]);
  });

  it('begins no other time while it is muted, nor a second one while it goes on', () => {
    const { stage } = long();
    mute(stage, 10, 20);
    passUntil(stage, 150);
    answers(stage, false, 100);
    answers(stage, false, 150);
    expect(times(stage)).toEqual([
      ['muted', 10, 20],
      ['silent', 100, undefined],
    ]);

    hear(stage, 'muted', 160);
    passUntil(stage, 200);
    answers(stage, true, 200);
    answers(stage, false, 200);
    expect(times(stage).at(-1)).toEqual(['muted', 160, undefined]);
  });

  it('and comes back is not known to listen until it answers', () => {
    const { stage } = long();
    passUntil(stage, 100);
    answers(stage, false, 100);
    hear(stage, 'silent', 100);
    passUntil(stage, 300);
    hear(stage, 'listening', 250);
    expect(times(stage)).toEqual([
      ['silent', 100, 250],
      ['silent', 250, undefined],
    ]);

    answers(stage, true, 300);
    expect(times(stage).at(-1)).toEqual(['silent', 250, 300]);
  });

  it('takes nothing back of what it had reported', () => {
    const { stage, id, report } = long();
    passUntil(stage, 300);
    report(id, 300, { startMs: 0, atMs: 300 });
    answers(stage, false, 250);

    expect(responseOf(stage.timeline.state, id)?.inaudible).toEqual([]);
  });
});

describe('[AU10] a mute that becomes known only when the listener answers', () => {
  it.each([
    ['in that time', 300, [['silent', 100, 300]]],
    ['as it began', 100, []],
    ['before it', 50, []],
  ])('holds from its own instant: %s', (_, sinceMs, before) => {
    const { stage } = long();
    passUntil(stage, 500);
    answers(stage, false, 100);
    hear(stage, 'muted', sinceMs);

    expect(times(stage)).toEqual([...before, ['muted', sinceMs, undefined]]);
  });

  it.each([
    ['between two of them', 225, [['silent', 100, 200]]],
    ['in the first of them', 150, [['silent', 100, 150]]],
    [
      'in the second of them',
      275,
      [
        ['silent', 100, 200],
        ['silent', 250, 275],
      ],
    ],
  ])('and leaves what was before it: %s', (_, sinceMs, before) => {
    const { stage } = long();
    mute(stage, 10, 20);
    passUntil(stage, 150);
    answers(stage, false, 100);
    passUntil(stage, 200);
    answers(stage, true, 200);
    passUntil(stage, 300);
    answers(stage, false, 250);
    hear(stage, 'muted', sinceMs);

    expect(times(stage)).toEqual([['muted', 10, 20], ...before, ['muted', sinceMs, undefined]]);
  });
});

describe('[AU1] the instant of a change', () => {
  it('is not before the silence before it began, unless it is a mute', () => {
    const { stage } = long();
    passUntil(stage, 100);
    hear(stage, 'silent');
    passUntil(stage, 300);
    hear(stage, 'listening', 50);

    expect(stage.events.ofType('audibility_changed').at(-1)?.sinceMs).toBe(100);
  });

  it.each(['muted', 'silent'] as const)(
    '%s, is now, though a page had reported what sounds later',
    (to) => {
      const { stage, id, report } = long();
      passUntil(stage, 300);
      report(id, 330, { startMs: 0, atMs: 330 });
      hear(stage, to);

      expect(stage.events.only('audibility_changed').sinceMs).toBe(300);
    },
  );

  it('[AU5] is when a response starts that had sounded to nobody before', () => {
    const { stage, report } = silent();
    hear(stage, 'muted');
    const id = stage.say(stage.openTurn(), 'One two three.', 5000);
    passUntil(stage, 600);
    report(id, 600, { startMs: 0, atMs: 600, errorBoundMs: 7 });
    hear(stage, 'listening', 400);

    expect(stage.events.only('response_playback_started')).toMatchObject({
      startedAtMs: 400,
      evidence: 'device',
      errorBoundMs: 7,
    });
  });
});

describe('[MM1][PB19] a mute that is over', () => {
  /** A response of 1 s that was sent at 100 ms, cut by its listener at 600. */
  function cutAt600(mutes: readonly (readonly [number, number])[], heardMs = 500) {
    const { stage, report } = silent();
    for (const [fromMs, toMs] of mutes.filter(([fromMs]) => fromMs < 100))
      mute(stage, fromMs, toMs);
    passUntil(stage, 100);
    const id = stage.say(stage.openTurn(), 'One two three.', 1000);
    passUntil(stage, 110);
    report(id, 10, { startMs: 100, atMs: 110 });
    for (const [fromMs, toMs] of mutes.filter(([fromMs]) => fromMs > 100))
      mute(stage, fromMs, toMs);
    passUntil(stage, 100 + heardMs);
    const phase = heardMs < 1000 ? 'cut' : 'ended';
    report(id, heardMs, { startMs: 100, atMs: 100 + heardMs, phase });
    stage.clock.advance(10_000);
    step(stage);
    return stage;
  }

  it('is kept as long as a late report of a response that it was in may come', () => {
    expect(times(cutAt600([[200, 300]]))).toEqual([['muted', 200, 300]]);
  });

  it('is forgotten with a response that was heard to its end', () => {
    expect(times(cutAt600([[200, 300]], 1000))).toEqual([]);
  });

  it('is forgotten if it was over before the response was sent', () => {
    expect(times(cutAt600([[10, 90]]))).toEqual([]);
  });

  it('is one of at most the last sixteen', () => {
    const mutes = Array.from({ length: 20 }, (_, n) => [200 + 10 * n, 205 + 10 * n] as const);

    expect(times(cutAt600(mutes)).map(([, fromMs]) => fromMs)).toEqual(
      mutes.slice(4).map(([fromMs]) => fromMs),
    );
  });

  it('is kept after a silence of which a report may come, which itself is forgotten', () => {
    const { stage } = silent({ reportTimeoutMs: 100 });
    stage.say(stage.openTurn(), 'One two three.', 1000);
    mute(stage, 200, 300);
    passUntil(stage, 400);
    hear(stage, 'silent');
    passUntil(stage, 2000);
    hear(stage, 'listening');
    stage.clock.advance(10_000);
    step(stage);

    expect(times(stage)).toEqual([['muted', 200, 300]]);
  });

  it('is forgotten after responses without audio', () => {
    const { stage } = silent();
    stage.openTurn().begin();
    stage.cut();
    mute(stage, 200, 300);
    stage.clock.advance(1000);
    step(stage);

    expect(times(stage)).toEqual([]);
  });
});
