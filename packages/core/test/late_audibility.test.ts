// Tests for SPEC.md, AU6: who can hear gets known late, after the listener stood still.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';

/**
 * A page plays 500 ms, stands still until 1500 and plays the rest of a second. Of a change at `sinceMs` the agent hears at
 * `toldAtMs`: in time, or only after the report of 700 ms.
 */
function changes(
  [before, after]: readonly [Audibility, Audibility],
  sinceMs: number,
  toldAtMs: number,
) {
  const { stage, report } = silent();
  if (before !== 'listening') stage.timeline.audibilityChanged(before);
  const id = stage.say(stage.openTurn(), 'One two.', 1000);
  const passUntil = (ms: number): void => {
    if (toldAtMs > stage.clock.nowMs() && toldAtMs <= ms) {
      stage.clock.advance(toldAtMs - stage.clock.nowMs());
      stage.timeline.audibilityChanged(after, { sinceMs: sinceMs as AgentMs });
    }
    stage.clock.advance(ms - stage.clock.nowMs());
  };
  for (const [heardMs, atMs] of [
    [1, 1],
    [500, 500],
    [700, 1700],
    [1000, 2000],
  ] as const) {
    passUntil(atMs);
    report(id, heardMs, { startMs: 0, atMs, phase: heardMs === 1000 ? 'ended' : 'playing' });
  }
  const { heardMs, inaudible } = stage.events.only('response_playback_finished');
  const { startedAtMs, errorBoundMs } = stage.events.only('response_playback_started');
  return { heardMs, inaudible, startedAtMs, errorBoundMs };
}

describe('[AU6] told late, after the listener stood still', () => {
  it('[AU6] what had sounded before it was muted was heard', () => {
    const late = changes(['listening', 'muted'], 1000, 1800);

    expect(late).toMatchObject({
      heardMs: 500,
      inaudible: [{ why: 'muted', fromMs: 500, toMs: 1000 }],
    });
    expect(late).toEqual(changes(['listening', 'muted'], 1000, 1000));
  });

  it('[AU6] what had sounded while it was muted was not heard', () => {
    const late = changes(['muted', 'listening'], 1000, 1800);

    expect(late).toMatchObject({
      heardMs: 500,
      inaudible: [{ why: 'muted', fromMs: 0, toMs: 500 }],
    });
  });

  it('[AU5] it starts to be heard when it goes on, which was before the report of that', () => {
    const { startedAtMs, errorBoundMs } = changes(['muted', 'listening'], 1000, 1800);

    // Not before 1000, when it could be heard, and not after 1500, when it went on at the latest.
    expect(startedAtMs).toBe(1250);
    expect(errorBoundMs).toBeGreaterThanOrEqual(250);
  });

  it('[AU6] in the middle of what sounds without a break, by the sample', () => {
    expect(changes(['listening', 'muted'], 1600, 1800)).toMatchObject({
      heardMs: 600,
      inaudible: [{ why: 'muted', fromMs: 600, toMs: 1000 }],
    });
  });
});
