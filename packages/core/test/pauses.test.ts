// Tests for SPEC.md, "Playback": pauses.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

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

  it('[PB9] a second pause inside the first changes nothing', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(300);

    stage.timeline.pause();
    stage.clock.advance(100);
    stage.timeline.pause();
    stage.clock.advance(100);
    stage.timeline.resume();
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(1200);
  });

  it('[PB9] a cut in a pause counts nothing of the pause, though no report comes', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    stage.say(stage.openTurn(), 'Long.', 20_000);
    stage.clock.advance(500);

    stage.timeline.pause();
    stage.clock.advance(10_000);
    stage.timeline.cut('user_speech');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      heardMs: 500,
      endedAtMs: 500,
    });
  });

  it('[PB10] a cut of a queue that a pause had stopped counts all that had left it', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(400);

    stage.timeline.pause('queue');
    stage.clock.advance(1000);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(400);
  });

  it('[PB9] what was due before a pause is not moved to after it, though no report said so yet', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(200);

    stage.timeline.pause();
    stage.clock.advance(5000);
    stage.timeline.resume();
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_started').startedAtMs).toBe(0);
    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(6000);
  });

  it('[PB9] what may have been due only after a pause began is not regarded as heard before it', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    stage.say(stage.openTurn(), 'Hello.', 1000);
    // The path is not known better than by 150 ms.
    stage.clock.advance(100);

    stage.timeline.pause();
    stage.clock.advance(5000);
    stage.timeline.resume();
    stage.clock.advance(300);
    expect(stage.events.types()).not.toContain('response_playback_started');
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_started').startedAtMs).toBe(5100);
    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(6100);
  });

  it('[PB9] audio that is sent after a pause is expected after what the pause has moved', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.clock.advance(200);

    stage.timeline.pause();
    stage.clock.advance(500);
    stage.timeline.resume();
    stage.clock.advance(200);
    stage.send(id, 1000);
    stage.endAudio(id);
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(2500);
  });

  it('[PB9] nothing is expected before the resume, though what sounded before it was late', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 500, { task: { run: () => {}, timing: 'predicted' } });
    const report = (heardMs: number, atMs: number, phase: 'playing' | 'ended'): void =>
      stage.timeline.playhead({
        responseId: first,
        startedAtMs: 0 as AgentMs,
        heardSamples: samplesIn(heardMs),
        positionAtMs: atMs as AgentMs,
        phase,
        evidence: 'device',
        errorBoundMs: 0,
      });
    stage.clock.advance(600);
    report(500, 600, 'playing');
    stage.clock.advance(450);
    // A page says so a little in advance.
    report(1000, 1100, 'ended');

    stage.clock.advance(10);
    stage.timeline.pause();
    stage.clock.advance(1000);
    stage.timeline.resume();
    stage.clock.advance(2000);

    expect(stage.events.only('task_started').startedAtMs).toBeGreaterThanOrEqual(2060);
  });

  it('[PB9] a pause of the queue does not move what had left it', () => {
    const stage = new Stage({ options: { estimateDelayMs: 2000 } });
    stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(1500);

    stage.timeline.pause('queue');
    stage.clock.advance(1000);
    stage.timeline.resume();
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(3000);
  });

  it('[PB9][TK7] a response that was queued before a pause and starts after it is measured', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 70 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 1000);
    stage.clock.advance(300);

    stage.pause();
    stage.clock.advance(200);
    stage.resume();
    stage.clock.advance(5000);

    expect(stage.timeline.state.path.observedMs).toHaveLength(2);
  });
});
