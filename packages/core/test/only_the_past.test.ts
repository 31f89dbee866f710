// Tests for SPEC.md, "Playback", "Marks" and "Listener and wire": of what was heard, only the past is told.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Evidence, ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';
import { sayTimed } from './support/timed_marks.ts';

interface Heard {
  readonly startMs: number;
  readonly heardMs: number;
  readonly atMs: number;
}

/** A stage whose listener says what the test tells it to say, each time ± 10 ms. */
function listened() {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  const report = (responseId: ResponseId, { startMs, heardMs, atMs }: Heard): void =>
    stage.timeline.playhead({
      responseId,
      startedAtMs: startMs as AgentMs,
      heardSamples: samplesIn(heardMs),
      positionAtMs: atMs as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 10,
    });
  return { stage, report };
}

describe('a listener that fell behind and then played faster', () => {
  it('[LW15] has heard all by now, and the bound says by when the start admits it', () => {
    const { stage, report } = listened();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(1000);
    report(first, { startMs: 900, heardMs: 50, atMs: 950 });
    stage.clock.advance(50);

    report(second, { startMs: 1020, heardMs: 10, atMs: 1040 });

    const { endedAtMs, errorBoundMs } = stage.events.only('response_playback_finished');
    expect(endedAtMs).toBe(1050);
    expect(endedAtMs + errorBoundMs).toBeGreaterThanOrEqual(900 + (1000 - 200) / 1.05 - 10);
  });

  it('[MK2] reached a mark at some instant between the two reports next to it, and not later', () => {
    const { stage, report } = listened();
    const id = sayTimed(stage, stage.openTurn());
    stage.clock.advance(310);
    report(id, { startMs: 300, heardMs: 10, atMs: 310 });
    stage.clock.advance(390);
    report(id, { startMs: 300, heardMs: 250, atMs: 550 });

    report(id, { startMs: 300, heardMs: 400, atMs: 650 });

    const { reachedAtMs, errorBoundMs } = stage.events.only('response_mark_reached');
    expect(reachedAtMs).toBe(600);
    // Two clocks may drift 0.1 ms apart in the 50 ms from the report before it.
    expect(errorBoundMs).toBeCloseTo(50 + 10 + 0.1);
  });

  it('[MK2] did not reach a mark while it was known to stand still before it', () => {
    const { stage, report } = listened();
    const id = sayTimed(stage, stage.openTurn());
    stage.clock.advance(310);
    report(id, { startMs: 0, heardMs: 250, atMs: 250 });
    stage.clock.advance(300);
    report(id, { startMs: 0, heardMs: 250, atMs: 600 });
    stage.clock.advance(100);

    report(id, { startMs: 0, heardMs: 400, atMs: 700 });

    const { reachedAtMs, errorBoundMs } = stage.events.only('response_mark_reached');
    expect(reachedAtMs - errorBoundMs).toBeCloseTo(600 - 10 - 0.1);
    expect(reachedAtMs + errorBoundMs).toBeCloseTo(700 + 10 + 0.1);
  });

  it('[MK2] no mark is reached after the position that is past it', () => {
    const { stage, report } = listened();
    const id = sayTimed(stage, stage.openTurn());
    stage.clock.advance(310);
    report(id, { startMs: 300, heardMs: 10, atMs: 310 });
    stage.clock.advance(390);
    report(id, { startMs: 300, heardMs: 250, atMs: 550 });

    // 50 ms of sound in 45, as the two bounds admit: the middle of 595 and 600.
    report(id, { startMs: 300, heardMs: 300, atMs: 595 });

    expect(stage.events.only('response_mark_reached').reachedAtMs).toBe(595);
  });
});

describe('audio that is on its way when nobody reports', () => {
  const ROOM = { options: { estimateDelayMs: 200 } };

  it('[PB10] is heard when it sounds, though an empty turn is cut before that', () => {
    const stage = new Stage(ROOM);
    stage.say(stage.openTurn(), 'One two three.', 1000);
    stage.clock.advance(500);
    stage.timeline.cut('user_speech', 'queue');
    const empty = stage.openTurn();
    empty.end('user_speech');
    expect(stage.events.ofType('response_playback_finished')).toEqual([]);

    stage.clock.advance(200);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 700,
      heardMs: 500,
    });
  });

  it('[CL1] is not told as heard after close', () => {
    const stage = new Stage(ROOM);
    stage.say(stage.openTurn(), 'One two three.', 1000);
    stage.clock.advance(500);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(50);

    void stage.timeline.close();

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 550,
      heardMs: 350,
    });
  });

  it('[CL1] starts no task after close', () => {
    const stage = new Stage(ROOM);
    const started: string[] = [];
    const task = (): void => void started.push('task');
    stage.say(stage.openTurn(), 'One two three.', 1000, { onPlaybackStarted: task });
    stage.clock.advance(100);
    stage.timeline.cut('user_speech', 'queue');

    void stage.timeline.close();

    stage.clock.advance(1000);
    expect(started).toEqual([]);
    expect(stage.events.only('response_skipped').reason).toBe('closed');
  });
});

describe('a response that was cut in the queue, and then another one that sounds', () => {
  it('[LW15] stopped before that one began, though its way was thought to be longer', () => {
    const stage = new Stage({ options: { estimateDelayMs: 700, cutReportTimeoutMs: 2000 } });
    stage.timeline.listenerChanged(true);
    stage.say(stage.openTurn(), 'One two three.', 1000);
    stage.clock.advance(800);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(100);
    const next = stage.say(stage.openTurn(), 'Four.', 1000);
    stage.clock.advance(100);

    stage.timeline.playhead({
      responseId: next,
      startedAtMs: 950 as AgentMs,
      heardSamples: samplesIn(40),
      positionAtMs: 990 as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 10,
    });

    const { endedAtMs } = stage.events.only('response_playback_finished');
    expect(endedAtMs).toBeLessThanOrEqual(950);
  });

  it('[LW15] was heard no further than it can have sounded by then', () => {
    const { stage, report } = listened();
    stage.timeline.pathEstimated(200, 20);
    const first = stage.say(stage.openTurn(), 'One two three.', 1000);
    stage.clock.advance(500);
    report(first, { startMs: 200, heardMs: 300, atMs: 500 });
    stage.clock.advance(150);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(5);
    const next = stage.say(stage.openTurn(), 'Four.', 1000);
    stage.clock.advance(10);

    report(next, { startMs: 656, heardMs: 1, atMs: 657 });

    const { heardMs } = stage.events.only('response_playback_finished');
    expect(heardMs).toBeLessThanOrEqual(656 - 200);
  });
});

describe('a start that is known much less exactly than a position', () => {
  it('[LW15] a position that is moved to that start is known no better than by as much', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    const id = stage.say(stage.openTurn(), 'One.', 300);
    stage.clock.advance(300);
    const report = (heardMs: number, startMs: number, evidence: Evidence, boundMs: number): void =>
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: startMs as AgentMs,
        heardSamples: samplesIn(heardMs),
        positionAtMs: (startMs + heardMs) as AgentMs,
        phase: 'playing',
        evidence,
        errorBoundMs: boundMs,
      });
    report(10, 20, 'transport', 3);
    report(20, 290, 'device', 280);

    report(200, 20, 'transport', 3);

    const { positionAtMs, errorBoundMs } =
      stage.events.ofType('response_playback_progressed').at(-1) ?? {};
    expect(positionAtMs).toBeCloseTo(290 - 3, 3);
    expect(errorBoundMs).toBeCloseTo(3 + (290 - 3 - 220), 3);
  });
});
