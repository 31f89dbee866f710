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

  it('[AU17] begins to report all in the middle of a response that began by estimate: its first sample stays heard', () => {
    const stage = new Stage();
    const id = stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(600);
    expect(stage.events.only('response_playback_started').evidence).toBe('estimate');
    stage.timeline.listenerChanged(true, 'not_known');
    stage.clock.advance(10_000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      responseId: id,
      outcome: 'partly_heard',
      heardSamples: 1,
      heardText: '',
    });
  });

  it('[AU17] reports a position a little ahead, and then refuses the rest: no more than that position is heard', () => {
    const stage = stageOf();
    const id = stage.say(stage.openTurn(), 'One two three.', 500);
    stage.clock.advance(400);
    stage.timeline.playhead({
      responseId: id,
      startedAtMs: 300 as AgentMs,
      heardSamples: samplesIn(100),
      positionAtMs: 550 as AgentMs,
      phase: 'playing',
      evidence: 'transport',
      errorBoundMs: 200,
    });
    stage.timeline.reportGivenUp(id);

    const { heardMs, endedAtMs, errorBoundMs, inaudible } = stage.events.only(
      'response_playback_finished',
    );
    expect({ heardMs, endedAtMs, errorBoundMs, inaudible }).toEqual({
      heardMs: 100,
      endedAtMs: 400,
      errorBoundMs: 400,
      inaudible: [{ why: 'silent', fromMs: 100, toMs: 500 }],
    });
  });

  it('[AU17] refuses a response: the next begins at once, and its report is believed though its turn was later', () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    const refused = stage.say(turn, 'A long one.', 9000);
    const next = stage.say(turn, 'Two.', 1000);
    const last = stage.say(turn, 'Three.', 1000);
    stage.clock.advance(100);
    stage.timeline.reportGivenUp(refused);
    stage.clock.advance(1100);
    report(stage, next, 1000, 150);
    stage.clock.advance(1000);
    report(stage, last, 1000, 1150);

    expect(stage.events.only('response_skipped')).toMatchObject({ responseId: refused });
    expect(stage.events.ofType('report_dropped')).toEqual([]);
    expect(
      stage.events
        .ofType('response_playback_finished')
        .map(({ responseId, outcome }) => [responseId, outcome]),
    ).toEqual([
      [next, 'heard'],
      [last, 'heard'],
    ]);
  });

  it('[AU17] has refused a response, and reports the next before it was sent: that is still refused', () => {
    const stage = stageOf();
    const turn = stage.openTurn();
    const refused = stage.say(turn, 'A long one.', 9000);
    const next = stage.say(turn, 'Two.', 3000);
    stage.clock.advance(1000);
    stage.timeline.reportGivenUp(refused);
    stage.clock.advance(100);
    report(stage, next, 0, 500);

    expect(stage.events.only('report_dropped').reason).toBe('before_it_left');
  });

  it('[AU17] a trace of it replays', () => {
    const stage = stageOf();
    stage.say(stage.openTurn(), 'One two.', 1000);
    stage.clock.advance(7000);

    expect(replayTrace(stage.trace).events).toEqual(stage.events.all);
  });
});
