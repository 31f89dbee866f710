import type { AgentMs, ResponseId } from '@oncue/core';
import { Timeline, type Turn } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { Handover } from '../../src/output/handover.ts';

const RATE_HZ = 24_000;

/** A listener with a path delay of 120 ms. Its starts are reported 150 ms later. */
class TwoResponses {
  readonly clock = new ManualClock();
  readonly timeline = new Timeline({ clock: this.clock });
  readonly handedOver: { id: ResponseId; atMs: number; heardFromMs: number | undefined }[] = [];
  readonly handover: Handover;

  /** @param canGoOn - whether the pipeline goes on without the finish of a response. */
  constructor(canGoOn = false) {
    this.handover = new Handover(
      this.timeline,
      this.clock,
      () => canGoOn,
      (id, heardFromMs) => this.handedOver.push({ id, atMs: this.clock.nowMs(), heardFromMs }),
    );
    this.timeline.listenerChanged(true);
    this.timeline.onAny(() => this.handover.review());
  }

  /** Two responses of one turn: all audio of the first is sent, some of the second is synthesised. */
  say(durationMs: number): {
    first: ResponseId;
    second: ResponseId;
    turn: Turn;
    report: (lateMs?: number) => void;
  } {
    const turn = this.timeline.openTurn();
    turn.goLive();
    const first = turn.begin().id;
    turn.addText('Yes.');
    turn.endResponse();
    const second = turn.begin().id;
    turn.addText('It is.');
    const samples = (durationMs * RATE_HZ) / 1000;
    const startedAtMs = (this.clock.nowMs() + 120) as AgentMs;
    this.timeline.audioSent(first, samples, RATE_HZ);
    this.timeline.audioEnded(first);
    this.handover.audioMade(second);
    const report = (lateMs: number = 0): void =>
      this.timeline.playhead({
        responseId: first,
        startedAtMs: (startedAtMs + lateMs) as AgentMs,
        heardSamples: 2400,
        positionAtMs: (startedAtMs + lateMs + 100) as AgentMs,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 1,
      });
    return { first, second, turn, report };
  }
}

describe('[LK4] the hand-over of a response', () => {
  it('[LK4] waits until the start is known, if no start was measured before', () => {
    const stage = new TwoResponses();
    const { first, report } = stage.say(300);
    stage.clock.advance(270);
    expect(stage.handedOver).toEqual([]);

    report();

    expect(stage.handedOver).toEqual([{ id: first, atMs: 270, heardFromMs: 120 }]);
  });

  it('[LK4] of a later, short one happens when its start is expected', () => {
    const stage = new TwoResponses();
    stage.say(300).report();
    stage.clock.advance(3000);
    stage.timeline.cut('code');
    stage.clock.advance(1000);
    stage.handedOver.length = 0;
    const atMs = stage.clock.nowMs();

    const { first } = stage.say(300);
    stage.clock.advance(400);

    // 150 ms before the queue runs dry, and not before the first sample is expected to be heard.
    expect(stage.handedOver).toEqual([{ id: first, atMs: atMs + 150, heardFromMs: atMs + 120 }]);
  });

  it('[LK4] names the start that was measured, not the one that was expected', () => {
    const stage = new TwoResponses();
    stage.say(300).report();
    stage.clock.advance(3000);
    stage.timeline.cut('code');
    stage.clock.advance(1000);
    stage.handedOver.length = 0;
    const atMs = stage.clock.nowMs();

    const { first, report } = stage.say(2000);
    stage.clock.advance(400);
    report(80);
    stage.clock.advance(3000);

    expect(stage.handedOver).toMatchObject([{ id: first, heardFromMs: atMs + 200 }]);
  });

  it('[LK4] does not happen in a pause', () => {
    const stage = new TwoResponses();
    const { first, report } = stage.say(1000);
    stage.clock.advance(300);
    report();
    stage.timeline.pause();
    stage.clock.advance(3000);
    expect(stage.handedOver).toEqual([]);

    stage.timeline.resume();
    stage.handover.review();
    stage.clock.advance(3000);
    expect(stage.handedOver).toMatchObject([{ id: first }]);
  });

  it('[LK4] does not happen before all audio of the response is there', () => {
    const stage = new TwoResponses();
    const turn = stage.timeline.openTurn();
    turn.goLive();
    const { id } = turn.begin();
    turn.addText('Yes.');
    turn.endResponse();
    const second = turn.begin().id;
    stage.timeline.audioSent(id, RATE_HZ, RATE_HZ);
    stage.handover.audioMade(second);
    stage.timeline.playhead({
      responseId: id,
      startedAtMs: 0 as AgentMs,
      heardSamples: 0,
      positionAtMs: 0 as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 1,
    });
    stage.clock.advance(2000);
    expect(stage.handedOver).toEqual([]);
  });

  it('[LK4] does not happen in a turn that has ended, or for a response that has no audio any more', () => {
    const ended = new TwoResponses();
    const { turn, report } = ended.say(1000);
    ended.clock.advance(300);
    report();
    turn.close();
    turn.end();
    ended.clock.advance(3000);
    expect(ended.handedOver).toEqual([]);

    const forgotten = new TwoResponses();
    const said = forgotten.say(1000);
    forgotten.clock.advance(300);
    said.report();
    forgotten.handover.forget(said.second);
    forgotten.clock.advance(3000);
    expect(forgotten.handedOver).toEqual([]);
  });

  it('[LK4] needs audio of the next response only, not of all that follow', () => {
    const stage = new TwoResponses();
    const { first, turn, report } = stage.say(1000);
    turn.begin();
    stage.clock.advance(300);
    report();
    stage.clock.advance(3000);
    expect(stage.handedOver).toMatchObject([{ id: first }]);
  });

  it('[LK4] does not happen while nobody can hear the response', () => {
    const stage = new TwoResponses();
    stage.timeline.audibilityChanged('muted');
    const { report } = stage.say(1000);
    stage.clock.advance(300);
    report();
    stage.clock.advance(3000);
    expect(stage.handedOver).toEqual([]);
  });

  /** The first has begun to sound. Then the second, shorter than the path, is sent, and followed by a third. */
  function sayShortAfter(stage: TwoResponses): { second: ResponseId; atMs: number } {
    const { first, second, turn } = stage.say(130);
    stage.clock.advance(125);
    stage.timeline.playhead({
      responseId: first,
      startedAtMs: 120 as AgentMs,
      heardSamples: 96,
      positionAtMs: 124 as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 1,
    });
    stage.handedOver.length = 0;
    const third = turn.begin().id;
    turn.addText('Right.');
    stage.timeline.audioSent(second, (110 * RATE_HZ) / 1000, RATE_HZ);
    stage.timeline.audioEnded(second);
    stage.handover.audioMade(third);
    const atMs = stage.clock.nowMs();
    stage.handover.review();
    return { second, atMs };
  }

  it('[LK4] of a response shorter than the path comes before it is heard', () => {
    const stage = new TwoResponses(true);
    const { second, atMs } = sayShortAfter(stage);

    expect(stage.handedOver).toEqual([{ id: second, atMs, heardFromMs: undefined }]);
  });

  it('[LK4] of the first response of a turn never comes before it is heard', () => {
    const stage = new TwoResponses(true);
    const { first, report } = stage.say(130);
    stage.clock.advance(125);
    expect(stage.handedOver).toEqual([]);

    report();
    expect(stage.handedOver).toEqual([{ id: first, atMs: 125, heardFromMs: 120 }]);
  });

  it('[LK4] of such a response waits until it is heard, if LiveKit must be told of its end', () => {
    const stage = new TwoResponses(false);
    const { second } = sayShortAfter(stage);
    expect(stage.handedOver).toEqual([]);

    stage.clock.advance(1000);
    expect(stage.handedOver).toMatchObject([{ id: second, heardFromMs: expect.any(Number) }]);
  });

  it.each<[string, (stage: TwoResponses) => void]>([
    ['somebody has muted it', ({ timeline }) => timeline.audibilityChanged('muted')],
    ['the listener does not answer', ({ timeline }) => timeline.listenerAnswers(false)],
    [
      'it is an output that reports all that it plays',
      ({ timeline }) => timeline.listenerChanged(true, 'not_known'),
    ],
  ])('[LK4] of such a response waits, if %s', (_, change) => {
    const stage = new TwoResponses(true);
    change(stage);
    sayShortAfter(stage);

    expect(stage.handedOver).toEqual([]);
  });

  it('[LK4] of such a response waits, if the end of the one that plays is overdue', () => {
    const stage = new TwoResponses(true);
    stage.timeline.listenerChanged(true);
    const { first, second, turn, report } = stage.say(130);
    stage.clock.advance(125);
    report();
    expect(stage.handedOver).toMatchObject([{ id: first }]);
    stage.clock.advance(130 + 310);
    const third = turn.begin().id;
    turn.addText('Right.');
    stage.timeline.audioSent(second, (110 * RATE_HZ) / 1000, RATE_HZ);
    stage.timeline.audioEnded(second);
    stage.handover.audioMade(third);

    expect(stage.timeline.state.playout).toEqual([first, second]);
    expect(stage.handedOver).toHaveLength(1);
  });
});
