// Tests for SPEC.md, "Listener and wire": what no listener can have heard.
import { describe, expect, it } from 'vitest';
import type { AgentMs, PlayheadReport, ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

/** A stage with a listener whose reports are made up by the test. */
function liar(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  stage.timeline.listenerChanged(true);
  const claim = (
    responseId: ResponseId,
    heardMs: number,
    more: Partial<PlayheadReport> & { readonly startMs?: number; readonly atMs?: number } = {},
  ): readonly string[] => {
    const { startMs, atMs, ...rest } = more;
    const before = stage.events.ofType('report_dropped').length;
    const nowMs = stage.clock.nowMs();
    stage.timeline.playhead({
      responseId,
      startedAtMs: (startMs ?? nowMs) as AgentMs,
      heardSamples: samplesIn(heardMs),
      positionAtMs: (atMs ?? nowMs) as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
      ...rest,
    });
    return stage.events
      .ofType('report_dropped')
      .slice(before)
      .map(({ reason }) => reason);
  };
  return { stage, claim };
}

const starts = (stage: Stage) => stage.events.ofType('response_playback_started');
const ends = (stage: Stage) => stage.events.ofType('response_playback_finished');

describe('claims that nobody can have heard', () => {
  it('[LW9] all of 20 s, 10 ms after it was sent', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'Long.', 20_000);
    stage.clock.advance(10);

    expect(claim(id, 20_000, { startMs: 0, phase: 'ended' })).toEqual(['before_it_left']);
    expect(starts(stage)).toEqual([]);
  });

  it('[LW9] a start before it was sent, whatever error bound comes with it', () => {
    const { stage, claim } = liar();
    stage.clock.advance(20_000);
    const id = stage.say(stage.openTurn(), 'Late.', 1000);
    stage.clock.advance(100);

    const nowMs = stage.clock.nowMs();
    expect(claim(id, 50, { startMs: nowMs - 10_000, errorBoundMs: 9950 })).toEqual([
      'before_it_left',
    ]);
    expect(claim(id, 50, { startMs: nowMs - 102, errorBoundMs: 1 })).toEqual([]);
  });

  it('[LW9] a start before the queue of the transport let it out', () => {
    const { stage, claim } = liar();
    const { id } = stage.openTurn().begin();
    stage.timeline.audioSent(id, RATE_HZ, RATE_HZ, 3000 as AgentMs);
    stage.clock.advance(100);

    expect(claim(id, 10, { startMs: 50 })).toEqual(['before_it_left']);
    stage.clock.advance(3000);
    expect(claim(id, 10, { startMs: 3000 })).toEqual([]);
  });

  it('[LW9] a response while the one before it has not left', () => {
    const { stage, claim } = liar();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 3000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(25);

    expect(claim(second, 20, { startMs: 0 })).toEqual(['before_it_left']);
    expect(starts(stage)).toEqual([]);
  });

  it('[LW9] what was sent after the instant at which it is said to have been heard', () => {
    const { stage, claim } = liar();
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.clock.advance(10_000);
    stage.send(id, 1000);
    stage.clock.advance(2000);

    expect(claim(id, 2000, { startMs: 0, atMs: 2100 })).toEqual(['before_it_left']);
    expect(claim(id, 1000, { startMs: 0, atMs: 1100 })).toEqual([]);
    expect(claim(id, 2000, { startMs: 0, atMs: 11_100 })).toEqual([]);
  });

  it('[LW9] more than fits between the start and the position, by more than any way to an ear is long', () => {
    const { stage, claim } = liar({ options: { reportTimeoutMs: 60_000 } });
    const id = stage.say(stage.openTurn(), 'Ten seconds.', 10_000);
    stage.clock.advance(9000);

    expect(claim(id, 6251, { startMs: 8000 })).toEqual(['too_fast']);
    expect(starts(stage)).toEqual([]);
    expect(claim(id, 1200, { startMs: 8000 })).toEqual([]);
    // A page that was reloaded counts on from what was heard before, and tells a start of its own.
    expect(claim(id, 1900, { startMs: 8990 })).toEqual([]);
  });

  it('[LW9] a position more than a second ahead, whatever the error bound', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'Hello.', 10_000);

    expect(claim(id, 10, { atMs: 1001, errorBoundMs: 5000 })).toEqual(['in_future']);
    expect(claim(id, 10, { atMs: 1000 })).toEqual([]);
  });

  it('[LW9] what had not left when a cut emptied the queue, or a pause stopped it', () => {
    const { stage, claim } = liar({ options: { cutReportTimeoutMs: 60_000 } });
    const id = stage.say(stage.openTurn(), 'Cut.', 10_000);
    stage.clock.advance(1000);
    stage.timeline.pause('queue');
    stage.clock.advance(5000);
    expect(claim(id, 4000, { startMs: 0 })).toEqual(['before_it_left']);
    stage.timeline.resume();
    stage.clock.advance(1000);
    expect(claim(id, 2000, { startMs: 0 })).toEqual([]);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(4000);

    stage.clock.advance(1000);
    const before = stage.events.ofType('report_dropped').length;
    claim(id, 6000, { startMs: 0, phase: 'cut' });
    stage.clock.advance(1000);
    expect(stage.events.ofType('report_dropped').length).toBe(before + 1);
    expect(ends(stage)).toEqual([]);
  });

  it('[LW9] a listener that plays on through a pause is believed: the audio was in its own buffer', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'On and on.', 10_000);
    stage.clock.advance(1000);
    stage.pause();
    stage.clock.advance(5000);

    expect(claim(id, 5900, { startMs: 50 })).toEqual([]);
  });

  it('[LW9] what is believed within its bound is recorded as not earlier than it left', () => {
    const { stage, claim } = liar();
    stage.clock.advance(1000);
    const id = stage.say(stage.openTurn(), 'Hello.', 1000);
    stage.clock.advance(100);

    claim(id, 50, { startMs: 400, errorBoundMs: 900 });

    expect(stage.events.only('response_playback_started')).toMatchObject({
      startedAtMs: 1000,
      errorBoundMs: 900,
    });
  });

  it('[LW9] a better start of a response that has ended still lies after it left', () => {
    const { stage, claim } = liar({ options: { estimateDelayMs: 100 } });
    stage.timeline.listenerChanged(false);
    stage.clock.advance(5000);
    const id = stage.say(stage.openTurn(), 'Over.', 100);
    stage.clock.advance(1000);
    expect(ends(stage)).toHaveLength(1);

    expect(claim(id, 100, { startMs: 1000 })).toEqual(['before_it_left']);
    expect(claim(id, 100, { startMs: 5050 })).toEqual([]);
    expect(stage.events.only('response_playback_refined').startedAtMs).toBe(5050);
  });

  it('[LW15] a position before the start that another listener claimed is recorded where that start admits it', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(100);
    claim(id, 50, { startMs: 600, atMs: 900, errorBoundMs: 100 });
    stage.clock.advance(400);

    stage.clock.advance(400);
    claim(id, 480, { startMs: 10, atMs: 490, errorBoundMs: 10 });

    // 480 ms of sound, at most 200 ms of them caught up and the rest a little faster, since 600 ms less the bound.
    const { positionAtMs } = stage.events.ofType('response_playback_progressed').at(-1) ?? {};
    expect(positionAtMs).toBeCloseTo(600 + (480 - 200) / 1.05 - 10, 3);
  });

  it('[PB5] where a page that was reloaded went on is no better start of what was heard before', () => {
    const { stage, claim } = liar({ options: { estimateErrorBoundMs: 500 } });
    const id = stage.say(stage.openTurn(), 'Three seconds.', 3000);
    stage.clock.advance(1000);
    expect(starts(stage)).toMatchObject([{ startedAtMs: 0, evidence: 'estimate' }]);

    stage.clock.advance(500);
    expect(claim(id, 600, { startMs: 1500, errorBoundMs: 20 })).toEqual([]);
    stage.clock.advance(200);
    expect(claim(id, 800, { startMs: 1500, errorBoundMs: 20 })).toEqual([]);

    expect(stage.events.ofType('response_playback_refined')).toEqual([]);
  });

  it('[LW15] a later start that is uncertain ends the response before it no more certainly', () => {
    const { stage, claim } = liar();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(1100);
    claim(first, 300, { startMs: 0, atMs: 300 });

    claim(second, 50, { startMs: 700, atMs: 1050, errorBoundMs: 400 });

    const end = stage.events.only('response_playback_finished');
    expect(end.errorBoundMs).toBeGreaterThanOrEqual(400);
    expect(end.endedAtMs + end.errorBoundMs).toBeGreaterThanOrEqual(1000);
  });

  it('[LW9] a start before its queue let it out, after that queue stood still at its first sample', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One two.', 500);
    stage.timeline.queueMoved(0 as AgentMs, 300);
    stage.clock.advance(700);

    expect(claim(id, 100, { startMs: 200, atMs: 650 })).toEqual(['before_it_left']);
    expect(claim(id, 100, { startMs: 300, atMs: 650 })).toEqual([]);
  });

  it('[LW9] a tick more than was known had left when a pause stopped the queue is believed', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One two.', 500);
    stage.clock.advance(100);
    stage.timeline.pause('queue');
    stage.clock.advance(2000);
    stage.timeline.resume();
    stage.clock.advance(50);

    expect(claim(id, 110, { startMs: 0, atMs: 1000 })).toEqual([]);
    expect(claim(id, 111, { startMs: 0, atMs: 1000 })).toEqual(['before_it_left']);
  });

  it('[LW9] a response while the audio before it is still in a queue that stands still, though its end was claimed', () => {
    const { stage, claim } = liar();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 200);
    stage.clock.advance(50);
    expect(claim(first, 200, { startMs: 0, atMs: 200, phase: 'ended' })).toEqual([]);
    stage.timeline.pause('queue');
    stage.clock.advance(1000);
    const second = stage.say(turn, 'Two.', 200);
    stage.clock.advance(1000);
    stage.timeline.resume();
    stage.clock.advance(200);

    // 150 ms of the first leave after the resume.
    expect(claim(second, 10, { startMs: 2100 })).toEqual(['before_it_left']);
    expect(claim(second, 10, { startMs: 2190 })).toEqual([]);
  });

  it('[LW9] audio that was sent while the queue stood still, and that a cut then removed', () => {
    const { stage, claim } = liar({ options: { cutReportTimeoutMs: 60_000 } });
    stage.timeline.pause('queue');
    stage.clock.advance(100);
    const id = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(100);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(100);

    expect(claim(id, 5, { startMs: 250 })).toEqual(['before_it_left']);
  });

  it('[LW9] a response may be heard at once after a cut, though an end before it was claimed early', () => {
    const { stage, claim } = liar();
    const first = stage.say(stage.openTurn(), 'One.', 500);
    stage.clock.advance(350);
    expect(claim(first, 500, { startMs: 0, atMs: 500, phase: 'ended' })).toEqual([]);
    stage.cut();

    const second = stage.say(stage.openTurn(), 'Two.', 200);
    stage.clock.advance(20);

    expect(claim(second, 10, { startMs: 350 })).toEqual([]);
  });

  it('[LW13] an end with one sample of 20 s is a cut, and nothing else counts as heard', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One two three four.', 20_000);
    stage.clock.advance(100);

    claim(id, 1 / 48, { startMs: 50, phase: 'ended' });
    stage.clock.advance(60_000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardSamples: 1,
      heardText: '',
    });
  });
});

describe('what a listener teaches of the path', () => {
  const pathOf = (stage: Stage) => stage.timeline.state.path;

  it('[LW10] a path is never shorter than nothing, nor longer than five seconds', () => {
    const { stage, claim } = liar();
    const first = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(50);
    claim(first, 10, { startMs: -3, errorBoundMs: 5 });
    expect(pathOf(stage)).toMatchObject({ delayMs: 0, observedMs: [0] });

    stage.clock.advance(10_000);
    const second = stage.say(stage.openTurn(), 'Two.', 20_000);
    stage.clock.advance(5001);
    claim(second, 1, { errorBoundMs: 1 });
    expect(pathOf(stage).observedMs).toEqual([0]);
  });

  it('[LW10] a start with a bound of more than a second teaches nothing', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(300);

    claim(id, 10, { startMs: 200, errorBoundMs: 1001 });
    expect(pathOf(stage).observedMs).toEqual([]);
    claim(id, 20, { startMs: 200, errorBoundMs: 500 });

    expect(pathOf(stage).observedMs).toEqual([200]);
  });

  it('[LW10] a better start replaces what was learned of the same one, and nothing that was not', () => {
    const { stage, claim } = liar();
    const first = stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(300);
    claim(first, 100, { startMs: 40, atMs: 140, phase: 'ended', errorBoundMs: 1 });
    const second = stage.say(stage.openTurn(), 'Two.', 1000);
    stage.clock.advance(500);
    claim(second, 10, { startMs: 400, errorBoundMs: 2000 });
    claim(second, 20, { startMs: 360, errorBoundMs: 80 });
    claim(second, 30, { startMs: 350, errorBoundMs: 8 });

    expect(pathOf(stage).observedMs).toEqual([40, 50]);
  });

  it('[LW10] a listener that joins has a path of its own', () => {
    const { stage, claim } = liar({ options: { estimateDelayMs: 30 } });
    stage.timeline.pathEstimated(80, 60);
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(900);
    claim(id, 10, { startMs: 700 });
    expect(pathOf(stage).delayMs).toBe(700);
    stage.timeline.pathEstimated(90, 60);

    stage.timeline.listenerChanged(true);

    expect(pathOf(stage)).toMatchObject({ delayMs: 90, errorBoundMs: 60, observedMs: [] });
  });
});

describe('messages that are not used', () => {
  it('[LW11] are counted by reason, told at once and then once a second', () => {
    const { stage, claim } = liar();
    const id = stage.say(stage.openTurn(), 'One.', 60_000);
    const linesBefore = stage.trace.split('\n').length;

    for (let ms = 0; ms < 1000; ms += 1) {
      claim(id, 60_000, { startMs: 0 });
      stage.timeline.reportDropped('too_many');
      stage.clock.advance(1);
    }
    stage.clock.advance(3000);

    const drops = stage.events.ofType('report_dropped');
    expect(drops.map(({ reason, count }) => [reason, count])).toEqual([
      ['before_it_left', 1],
      ['too_many', 1],
      ['before_it_left', 999],
      ['too_many', 999],
    ]);
    expect(drops.at(-1)?.droppedCount).toBe(2000);
    expect(stage.trace.split('\n').length - linesBefore).toBeLessThan(20);
  });

  it('[LW11] what was not told yet is told at the close', async () => {
    const { stage } = liar();
    for (const _ of [1, 2, 3]) stage.timeline.reportDropped('bad_format');

    await stage.timeline.close(0);
    stage.timeline.reportDropped('bad_format');
    stage.clock.advance(5000);

    expect(stage.events.ofType('report_dropped').map(({ count }) => count)).toEqual([1, 2]);
    expect(stage.clock.pendingCount).toBe(0);
  });
});
