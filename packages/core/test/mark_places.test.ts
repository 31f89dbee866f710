// Tests for SPEC.md, "Marks": which marks are reached, and by what evidence, around what the listener reports.
import { describe, expect, it } from 'vitest';
import type { PlayheadReport, ResponseId, Turn } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';
import { sayTimed } from './support/timed_marks.ts';

/** The marks that were reached, with the instants. */
function reached(stage: Stage): Array<[string, number]> {
  return stage.events
    .ofType('response_mark_reached')
    .map(({ name, reachedAtMs }) => [name, Math.round(reachedAtMs)]);
}

/** At `atMs` the listener reports that it has heard so much of a response that it began to hear at 0. */
function report(
  stage: Stage,
  responseId: ResponseId,
  {
    heardMs,
    atMs,
    ...of
  }: { readonly heardMs: number; readonly atMs: number } & Partial<PlayheadReport>,
): void {
  stage.clock.advance(atMs - stage.clock.nowMs());
  stage.timeline.playhead({
    responseId,
    startedAtMs: 0 as never,
    heardSamples: samplesIn(heardMs),
    positionAtMs: atMs as never,
    phase: 'playing',
    evidence: 'device',
    errorBoundMs: 1,
    ...of,
  });
}

/** A stage whose listener reports only what a test says. */
function listenedTo(): Stage {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  return stage;
}

/** A response with one word, which ends at a sample, and a mark after it. */
function sayWord(stage: Stage, turn: Turn, endSamples: number): ResponseId {
  const { id } = turn.begin();
  turn.addText('Word');
  turn.mark('after it');
  turn.addText(' and more.');
  turn.endResponse();
  stage.timeline.wordsTimed(id, [{ text: 'Word', endSamples }]);
  stage.send(id, 1000);
  return id;
}

describe('the place of a mark', () => {
  it('[MK3] a mark without state and task has neither', () => {
    const stage = new Stage({ listener: {} });
    sayTimed(stage, stage.openTurn());
    stage.clock.advance(2000);

    expect(reached(stage)).toHaveLength(3);
    expect(stage.events.ofType('task_started')).toEqual([]);
    expect(stage.events.ofType('agent_state_applied').map(({ source }) => source)).toEqual([
      'playback',
    ]);
  });

  it('[MK3] the task of a mark is confirmed by what was heard', () => {
    const stage = new Stage({ listener: {} });
    sayTimed(stage, stage.openTurn(), { onReached: () => {} });
    stage.clock.advance(2000);

    const timings = stage.events.ofType('task_started').map(({ timing }) => timing);
    expect(timings).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });

  it('[MK1] marks at one place are reached in the order in which they were placed', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.mark('last', { textOffset: 5 });
    turn.mark('first', { textOffset: 3 });
    turn.mark('second', { textOffset: 3 });
    turn.addText('One two.');
    turn.endResponse();
    stage.send(id, 500);
    stage.endAudio(id);
    stage.clock.advance(1000);

    expect(reached(stage).map(([name]) => name)).toEqual(['first', 'second', 'last']);
  });

  it('[MK1] once word times begin to come, a mark waits for its own', () => {
    const stage = listenedTo();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two ');
    turn.mark('after two');
    turn.addText('three.');
    stage.send(id, 1000);
    report(stage, id, { heardMs: 50, atMs: 50 });
    stage.timeline.wordsTimed(id, [{ text: 'One', endSamples: samplesIn(30) }]);
    report(stage, id, { heardMs: 900, atMs: 900 });
    expect(reached(stage)).toEqual([]);

    stage.timeline.wordsTimed(id, [{ text: 'two', endSamples: samplesIn(700) }]);
    expect(reached(stage)).toEqual([['after two', 700]]);
  });

  it('[MK1] a mark at the very start is not reached if nobody could hear the start', () => {
    const stage = listenedTo();
    const turn = stage.openTurn();
    stage.timeline.audibilityChanged('muted');
    const { id } = turn.begin();
    turn.mark('start');
    turn.addText('Hello there.');
    turn.endResponse();
    stage.send(id, 1000);
    report(stage, id, { heardMs: 0, atMs: 0 });
    report(stage, id, { heardMs: 200, atMs: 200 });
    stage.timeline.audibilityChanged('listening');
    report(stage, id, { heardMs: 600, atMs: 600 });

    expect(stage.events.ofType('response_playback_started')).toHaveLength(1);
    expect(reached(stage)).toEqual([]);
  });

  it('[MK1] a mark that an unmuted listener comes to late is reached, though it was expected before', () => {
    const stage = listenedTo();
    stage.timeline.audibilityChanged('muted');
    const id = sayWord(stage, stage.openTurn(), samplesIn(300));
    report(stage, id, { heardMs: 100, atMs: 100 });
    // It stands still.
    report(stage, id, { heardMs: 100, atMs: 1000 });
    stage.timeline.audibilityChanged('listening');
    report(stage, id, { heardMs: 250, atMs: 1150 });
    report(stage, id, { heardMs: 400, atMs: 1300 });

    expect(reached(stage)).toEqual([['after it', 1200]]);
  });

  it('[MK2] the start has the evidence of the start, any other place that of the position', () => {
    const stage = listenedTo();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Word');
    turn.mark('after it');
    turn.addText(' and more.');
    stage.timeline.wordsTimed(id, [{ text: 'Word', endSamples: samplesIn(300) }]);
    stage.send(id, 1000);
    report(stage, id, { heardMs: 100, atMs: 100 });
    report(stage, id, { heardMs: 400, atMs: 400, evidence: 'estimate', errorBoundMs: 30 });
    turn.mark('start', { textOffset: 0 });

    const marks = stage.events.ofType('response_mark_reached');
    expect(marks).toMatchObject([
      { name: 'after it', evidence: 'estimate' },
      { name: 'start', evidence: 'device', reachedAtMs: 0, errorBoundMs: 1 },
    ]);
  });

  it('[MK1] whether somebody heard the last sample before the mark decides, to the sample', () => {
    const places = [300, 400].flatMap((ms) => [samplesIn(ms), samplesIn(ms) + 1]);
    const wasReached = places.map((endSamples) => {
      const stage = listenedTo();
      const id = sayWord(stage, stage.openTurn(), endSamples);
      report(stage, id, { heardMs: 100, atMs: 100 });
      stage.clock.advance(200);
      stage.timeline.audibilityChanged('muted');
      stage.clock.advance(100);
      stage.timeline.audibilityChanged('listening');
      report(stage, id, { heardMs: 500, atMs: 500 });
      return reached(stage).length;
    });

    expect(wasReached).toEqual([1, 0, 0, 1]);
  });
});

describe('a mark without a report', () => {
  it('[MK2] is reached when it was expected, once a report is overdue', () => {
    const stage = listenedTo();
    const id = sayWord(stage, stage.openTurn(), samplesIn(300));
    report(stage, id, { heardMs: 100, atMs: 100 });
    stage.clock.advance(699);
    expect(reached(stage)).toEqual([]);

    stage.clock.advance(1);
    expect(reached(stage)).toEqual([['after it', 300]]);
    expect(stage.events.only('response_mark_reached').evidence).toBe('estimate');
  });

  it('[MK1] is not reached before its audio is there, and then with that', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two');
    turn.mark('in time');
    turn.addText(' three');
    turn.mark('late');
    turn.addText(' four.');
    turn.endResponse();
    stage.timeline.wordsTimed(
      id,
      [100, 300, 400, 500].map((ms, place) => ({
        text: ['One', 'two', 'three', 'four'][place] ?? '',
        endSamples: samplesIn(ms),
      })),
    );
    stage.send(id, 300);
    stage.clock.advance(1000);
    expect(reached(stage)).toEqual([['in time', 300]]);

    stage.send(id, 300);
    stage.clock.advance(1000);
    expect(reached(stage)).toEqual([
      ['in time', 300],
      ['late', 1100],
    ]);
  });

  it('[MK1] is not reached where nobody could hear', () => {
    const stage = new Stage();
    sayTimed(stage, stage.openTurn());
    stage.clock.advance(250);
    stage.timeline.audibilityChanged('muted');
    stage.clock.advance(100);
    stage.timeline.audibilityChanged('listening');
    stage.clock.advance(2000);

    expect(reached(stage).map(([name]) => name)).toEqual(['after 1', 'after 2']);
  });

  it('[MK2] has the error of its place besides that of the path', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two three four. ');
    turn.mark('half');
    turn.addText('One two three four.');
    turn.endResponse();
    stage.send(id, 2400);
    stage.endAudio(id);
    stage.clock.advance(4000);

    const { reachedAtMs, errorBoundMs } = stage.events.only('response_mark_reached');
    expect(Math.abs(reachedAtMs - 1200)).toBeLessThan(200);
    expect(errorBoundMs).toBeGreaterThan(150 + 100);
  });

  it('[MK1] is not reached after words for which a failed voice made no audio', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two three four five six seven eight nine ten.');
    turn.mark('end');
    turn.endResponse();
    stage.send(id, 600);
    stage.timeline.responseFailed(id, 'the voice broke');
    stage.endAudio(id);
    stage.clock.advance(4000);

    expect(stage.events.only('response_playback_finished').outcome).toBe('failed');
    expect(reached(stage)).toEqual([]);
  });
});

describe('a mark whose place becomes known later', () => {
  /** Two words and a mark after them, without a listener that reports. */
  function sayTwo(): { readonly stage: Stage; readonly id: ResponseId } {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two ');
    turn.mark('after two');
    turn.addText('three.');
    turn.endResponse();
    stage.send(id, 2000);
    return { stage, id };
  }

  it('[MK1] is reached where its word ends, though it was expected earlier', () => {
    const { stage, id } = sayTwo();
    stage.clock.advance(100);
    stage.timeline.wordsTimed(id, [
      { text: 'One', endSamples: samplesIn(900) },
      { text: 'two', endSamples: samplesIn(1800) },
    ]);
    stage.clock.advance(1699);
    expect(reached(stage)).toEqual([]);

    stage.clock.advance(1);
    expect(reached(stage)).toEqual([['after two', 1800]]);
  });

  it('[MK1] waits for the time of its word once such times have begun to come', () => {
    const { stage, id } = sayTwo();
    stage.clock.advance(100);
    stage.timeline.wordsTimed(id, [{ text: 'One', endSamples: samplesIn(200) }]);
    stage.clock.advance(1600);
    expect(reached(stage)).toEqual([]);

    stage.timeline.wordsTimed(id, [{ text: 'two', endSamples: samplesIn(1900) }]);
    stage.clock.advance(1000);
    expect(reached(stage)).toEqual([['after two', 1900]]);
  });

  it('[MK2] lies in the middle of the audio if it is in the middle of the text, however fast the voice is', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two three four five. ');
    turn.mark('half');
    turn.addText('One two three four five.');
    turn.endResponse();
    stage.send(id, 1000);
    stage.endAudio(id);
    stage.clock.advance(4000);

    const { reachedAtMs } = stage.events.only('response_mark_reached');
    expect(Math.abs(reachedAtMs - 500)).toBeLessThan(100);
  });

  it('[MK1][AU4] is reached after all if the listener reports what it was thought not to have heard', () => {
    const stage = listenedTo();
    stage.timeline.audibilityChanged('silent');
    const id = sayWord(stage, stage.openTurn(), samplesIn(300));
    stage.endAudio(id);
    stage.clock.advance(800);
    expect(reached(stage)).toEqual([]);
    stage.timeline.audibilityChanged('listening');
    report(stage, id, { heardMs: 850, atMs: 850 });

    expect(reached(stage)).toEqual([['after it', 300]]);
  });
});

describe('the instant of a mark', () => {
  it('[MK2] between two exact reports is known up to the drift of the clock since the nearer one', () => {
    const stage = listenedTo();
    const id = sayWord(stage, stage.openTurn(), samplesIn(600));
    report(stage, id, { heardMs: 100, atMs: 100, errorBoundMs: 0 });
    report(stage, id, { heardMs: 900, atMs: 900, errorBoundMs: 0 });

    const mark = stage.events.only('response_mark_reached');
    expect(mark.reachedAtMs).toBeCloseTo(600);
    // 0.2 % of 300 ms.
    expect(mark.errorBoundMs).toBeCloseTo(0.6);
  });

  it('[MK2] a listener whose clock drifts by 0.15 % has not caught up', () => {
    const stage = listenedTo();
    const id = sayWord(stage, stage.openTurn(), samplesIn(600));
    report(stage, id, { heardMs: 100, atMs: 100, errorBoundMs: 0 });
    report(stage, id, { heardMs: 900, atMs: 898.8, errorBoundMs: 0 });

    const { errorBoundMs } = stage.events.only('response_mark_reached');
    expect(errorBoundMs).toBeLessThan(3);
  });

  it('[MK2] one that had to catch up may have passed the mark at any time since the last report', () => {
    const stage = listenedTo();
    const id = sayWord(stage, stage.openTurn(), samplesIn(300));
    report(stage, id, { heardMs: 100, atMs: 200, errorBoundMs: 40 });
    report(stage, id, { heardMs: 420, atMs: 500 });

    const { reachedAtMs, errorBoundMs } = stage.events.only('response_mark_reached');
    expect(reachedAtMs - errorBoundMs).toBeLessThanOrEqual(200);
    expect(reachedAtMs + errorBoundMs).toBeGreaterThanOrEqual(500);
  });
});
