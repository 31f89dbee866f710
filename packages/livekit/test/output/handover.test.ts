import type { AgentMs, ResponseId } from '@oncue/core';
import { Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { Handover } from '../../src/output/handover.ts';

const RATE_HZ = 24_000;

/** A listener with a path delay of 120 ms. Its starts are reported 150 ms later. */
class TwoResponses {
  readonly clock = new ManualClock();
  readonly timeline = new Timeline({ clock: this.clock });
  readonly handedOver: { id: ResponseId; atMs: number; heardFromMs: number }[] = [];
  readonly handover = new Handover(this.timeline, this.clock, (id, heardFromMs) =>
    this.handedOver.push({ id, atMs: this.clock.nowMs(), heardFromMs }),
  );

  constructor() {
    this.timeline.listenerChanged(true);
    this.timeline.onAny(() => this.handover.review());
  }

  /** Two responses of one turn: all audio of the first is sent, some of the second is synthesised. */
  say(durationMs: number): { first: ResponseId; report: () => void } {
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
    const report = (): void =>
      this.timeline.playhead({
        responseId: first,
        startedAtMs,
        heardSamples: 2400,
        positionAtMs: (startedAtMs + 100) as AgentMs,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 1,
      });
    return { first, report };
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
});
