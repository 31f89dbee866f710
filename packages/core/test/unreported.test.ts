import { describe, expect, it } from 'vitest';
import type { AgentMs, ResponseId } from '../src/index.ts';
import { replayTrace } from '../src/trace/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

/** A stage whose listener reports each start and each end. */
function stageOf(options = {}): Stage {
  const stage = new Stage({ options });
  stage.timeline.listenerChanged(true, 'not_known');
  return stage;
}

function report(stage: Stage, responseId: ResponseId, heardMs: number, startedAtMs: number): void {
  stage.timeline.playhead({
    responseId,
    startedAtMs: startedAtMs as AgentMs,
    heardSamples: heardMs === 0 ? 1 : samplesIn(heardMs),
    positionAtMs: (startedAtMs + heardMs) as AgentMs,
    phase: heardMs === 0 ? 'playing' : 'ended',
    evidence: 'transport',
    errorBoundMs: 200,
  });
}

describe('[AU17] a listener that reports each start and each end', () => {
  it('[AU17] has not reported a start: nothing starts by estimate, and after 5 s the response is skipped as not known', () => {
    const stage = stageOf();
    stage.say(stage.openTurn(), 'One two.', 1000, { onPlaybackStarted: () => {} });

    stage.clock.advance(5999);
    expect(stage.events.types('response_playback_started', 'response_skipped')).toEqual([]);
    stage.clock.advance(1);

    expect(stage.events.only('response_skipped')).toMatchObject({
      reason: 'not_known',
      inaudible: [{ why: 'silent', fromMs: 0, toMs: 1000 }],
    });
    expect(stage.events.types('task_started', 'response_playback_started')).toEqual([]);
  });

  it('[AU17] what follows an end that never came is waited for from then on', () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(6000);
    // Sent on only now, and its start is not reported.
    stage.clock.advance(3000);
    report(stage, second, 1000, 8000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      responseId: second,
      outcome: 'heard',
      evidence: 'transport',
    });
  });

  it('[AU17] a later response is no proof that one was heard of which nothing was reported', () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(1500);
    report(stage, second, 0, 1200);

    expect(stage.events.only('response_skipped').reason).toBe('not_known');
    expect(stage.events.only('response_playback_started').responseId).toBe(second);
  });

  it('[AU17] without a report of a cut, what follows the last report is not known, and the bound of the end reaches back to it', () => {
    const stage = stageOf();
    const id = stage.say(stage.openTurn(), 'One two three.', 3000);
    report(stage, id, 0, 0);
    stage.clock.advance(2000);
    stage.cut();
    stage.clock.advance(4999);
    expect(stage.events.ofType('response_playback_finished')).toEqual([]);
    stage.clock.advance(1);

    const { endedAtMs, errorBoundMs, ...cut } = stage.events.only('response_playback_finished');
    expect(cut).toMatchObject({ outcome: 'cut', heardText: '', inaudible: [{ why: 'silent' }] });
    expect(endedAtMs).toBe(2000);
    expect(errorBoundMs).toBeGreaterThanOrEqual(1999);
    expect(cut.heardTextMaxErrorWords).toBeGreaterThan(0);
  });

  it.each([
    { closedAtMs: 500, heardMs: 500, what: 'before its end is due: the estimate counts' },
    { closedAtMs: 1600, heardMs: 0, what: 'when its end is overdue: it is not known' },
  ])('[AU17] is closed $what', async ({ closedAtMs, heardMs }) => {
    const stage = stageOf();
    const id = stage.say(stage.openTurn(), 'One two three.', 1000);
    report(stage, id, 0, 0);
    stage.clock.advance(closedAtMs);
    await stage.timeline.close();

    expect(Math.round(stage.events.only('response_playback_finished').heardMs)).toBe(heardMs);
  });

  it('[AU17] a trace of it replays', () => {
    const stage = stageOf();
    stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(7000);

    expect(replayTrace(stage.trace).events).toEqual(stage.events.all);
  });
});
