// Tests for SPEC.md, "Playback": pauses.
import { describe, expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

describe('pauses', () => {
  it('[PB9] while paused, nothing starts, ends or progresses on the estimate', () => {
    const stage = new Stage({ options: { estimateDelayMs: 50 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    stage.say(turn, 'Two.', 100);

    stage.clock.advance(100);
    stage.pause();
    stage.clock.advance(10_000);
    const seen = stage.events.types('response_playback_finished');
    stage.resume();
    stage.clock.advance(10_000);

    expect(seen).toEqual([]);
    const moments = stage.events.all.flatMap((event) =>
      event.type === 'response_playback_started' || event.type === 'response_playback_finished'
        ? [event.atMs]
        : [],
    );
    expect(moments).toEqual([50, 10_150, 10_150, 10_250]);
  });

  it('[PB10] what had left a queue before it was paused still sounds, and counts when a cut follows', () => {
    const stage = new Stage({ options: { estimateDelayMs: 200 } });
    stage.say(stage.openTurn(), 'Hello.', 1000);

    stage.clock.advance(350);
    stage.timeline.pause('queue');
    stage.clock.advance(600);
    stage.timeline.cut('user_speech', 'queue');

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardMs: 350,
      endedAtMs: 550,
    });
  });

  it('[PB9] a pause before the first audio delays its start', () => {
    const stage = new Stage();
    stage.pause();
    stage.clock.advance(100);

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(1000);
    stage.resume();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_started')).toMatchObject({ startedAtMs: 1100 });
    expect(stage.events.only('response_playback_finished').atMs).toBe(1200);
  });

  it('[PB9] reports during a pause do not postpone the expected end', () => {
    const stage = new Stage({ listener: {} });
    stage.say(stage.openTurn(), 'Hello.', 1000);

    stage.clock.advance(500);
    stage.pause();
    stage.clock.advance(4000);
    stage.resume();
    stage.listener.vanish();
    stage.clock.advance(10_000);

    expect(stage.events.only('response_playback_finished').atMs).toBe(4500 + 500 + 500);
  });

  it('[PB9] a pause before the first report does not count as path delay', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 20, faults: { delayMs: 50 } } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    stage.clock.advance(30);

    stage.pause();
    stage.clock.advance(5000);
    stage.resume();
    stage.clock.advance(1000);

    expect(Math.abs(stage.timeline.state.path.delayMs)).toBeLessThanOrEqual(20);
  });

  it('[PB9] a cut during a pause counts what had sounded, and waits for the last report from the cut on', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 40 } } });
    stage.say(stage.openTurn(), 'Hello there.', 1000);

    stage.clock.advance(500);
    stage.pause();
    stage.clock.advance(10_000);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      heardMs: 500,
      evidence: 'device',
      atMs: 10_540,
    });
  });

  it('[PB9] a cut during a pause without a listener counts what had sounded', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'Hello there.', 1000);

    stage.clock.advance(500);
    stage.pause();
    stage.clock.advance(10_000);
    stage.cut();
    stage.say(stage.openTurn(), 'Next.', 100);
    stage.clock.advance(1000);

    const [first, next] = stage.events.ofType('response_playback_finished');
    expect(first).toMatchObject({ heardMs: 500, outcome: 'cut' });
    expect(next).toMatchObject({ outcome: 'heard', atMs: 10_600 });
  });
});
