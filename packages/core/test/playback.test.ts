// Tests for SPEC.md, "Playback". PB6 is tested in the LiveKit adapter.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

describe('playback', () => {
  it('[PB1][PB2] one start, with the measured instant and the fields that identify the response', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40, errorBoundMs: 3 } });
    const turn = stage.timeline.openTurn({ speechId: 'speech_1' });

    stage.say(turn, 'Hello.', 100, { metadata: { card: 7 } });
    stage.clock.advance(39);
    expect(stage.events.ofType('response_playback_started')).toEqual([]);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_started')).toEqual({
      type: 'response_playback_started',
      seq: 3,
      atMs: 40,
      turnId: turn.id,
      responseId: `${turn.id}.0`,
      index: 0,
      speechId: 'speech_1',
      metadata: { card: 7 },
      startedAtMs: 40,
      evidence: 'device',
      errorBoundMs: 3,
    });
  });

  it('[PB1] a report of zero samples starts nothing', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Hello.');
    stage.timeline.listenerChanged(true);
    stage.timeline.audioSent(id, 480, 48_000);

    stage.timeline.playhead({
      responseId: id,
      startedAtMs: stage.clock.nowMs(),
      heardSamples: 0,
      positionAtMs: stage.clock.nowMs(),
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    });

    expect(stage.events.ofType('response_playback_started')).toEqual([]);
  });

  it('[PB1] a cut at the instant of the estimated start leaves one sample heard', () => {
    const stage = new Stage();
    stage.say(stage.openTurn(), 'Hello.', 100);

    stage.clock.advance(0);
    stage.cut();

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardSamples: 1,
      heardText: '',
    });
  });

  it('[PB3] one finish, with the samples heard and sent', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 40 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One two three four five.', 1000);

    stage.clock.advance(540);
    stage.cut('user_speech');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      interrupted: true,
      cutBy: 'user_speech',
      heardSamples: samplesIn(540),
      sentSamples: samplesIn(1000),
      heardMs: 540,
      sentMs: 1000,
      heardText: 'One two',
      fullText: 'One two three four five.',
      evidence: 'device',
    });
  });

  it('[PB3] a response ends after the end of its audio and the report that all was heard, in either order', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Hello.');
    stage.send(id, 100);
    stage.listener.receive({ type: 'end', responseId: id, totalSamples: samplesIn(100) });
    stage.clock.advance(150);
    expect(stage.events.ofType('response_playback_finished')).toEqual([]);

    stage.timeline.audioEnded(id);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'heard',
      evidence: 'device',
    });
  });

  it('[PB3] a cut after the last sample cuts nothing, reported or not', () => {
    const reported = new Stage({ listener: { faults: { delayMs: 100 } } });
    const silent = new Stage();

    for (const stage of [reported, silent]) {
      stage.clock.advance(1000);
      stage.say(stage.openTurn(), 'Hello.', 100);
      stage.clock.advance(100);
      stage.cut();
      stage.clock.advance(1000);
    }

    for (const { events } of [reported, silent]) {
      expect(events.only('response_playback_finished')).toMatchObject({
        outcome: 'heard',
        interrupted: false,
        heardText: 'Hello.',
      });
    }
  });

  it('[PB4] a response that was never heard gives one skip and no playback event', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.say(turn, 'Heard in part.', 100);
    const unheard = stage.say(turn, 'Behind it.', 100);

    stage.clock.advance(50);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.ofResponse(unheard).map(({ type }) => type)).toEqual([
      'response_declared',
      'response_skipped',
    ]);
    expect(stage.events.only('response_skipped').reason).toBe('cut');
  });

  it('[PB5][PB17] without reports, start and end come from the estimate and say so, and their bound grows with what is overdue', () => {
    const options = { estimateDelayMs: 80, estimateErrorBoundMs: 60, reportTimeoutMs: 500 };
    const stage = new Stage({ options, listener: { faults: { lose: () => true } } });
    stage.timeline.listenerChanged(true);

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(2000);

    expect(stage.events.only('response_playback_started')).toMatchObject({
      atMs: 580,
      startedAtMs: 80,
      evidence: 'estimate',
      errorBoundMs: 60 + 500,
    });
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      atMs: 680,
      outcome: 'heard',
      evidence: 'estimate',
      errorBoundMs: 60 + 500,
    });
  });

  it('[PB5][PB17] without a reporting listener, the estimate does not wait', () => {
    const stage = new Stage({ options: { estimateDelayMs: 80 } });

    stage.say(stage.openTurn(), 'Hello.', 100);
    stage.clock.advance(2000);

    const bound = { errorBoundMs: stage.timeline.state.path.errorBoundMs };
    expect(stage.events.only('response_playback_started')).toMatchObject({ atMs: 80, ...bound });
    expect(stage.events.only('response_playback_finished')).toMatchObject({ atMs: 180, ...bound });
  });

  it('[PB5] a better measurement refines the start while the response plays and after it has ended', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 700 } } });
    stage.clock.advance(1000);
    const turn = stage.openTurn();

    stage.say(turn, 'Long.', 1000);
    stage.clock.advance(5000);
    stage.listener.faults = { delayMs: 3000 };
    stage.say(turn, 'Short.', 100);
    stage.clock.advance(5000);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts.map(({ evidence }) => evidence)).toEqual(['estimate', 'estimate']);
    expect(stage.events.ofType('response_playback_refined')).toMatchObject([
      { index: 0, startedAtMs: 1000, evidence: 'device', before: { evidence: 'estimate' } },
      { index: 1, startedAtMs: 6000, evidence: 'device', before: { evidence: 'estimate' } },
    ]);
  });

  it('[PB5] a tighter measurement with the same evidence refines the start if it moves the start or halves the bound', () => {
    const stage = new Stage({ listener: {} });
    stage.clock.advance(1000);
    const { id } = stage.openTurn().begin();
    stage.timeline.audioSent(id, 48_000, 48_000);
    stage.clock.advance(200);
    const report = (startedAtMs: number, errorBoundMs: number): void =>
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: startedAtMs as AgentMs,
        positionAtMs: 1200 as AgentMs,
        heardSamples: 480,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs,
      });

    report(1040, 11);
    report(1040.5, 6);
    report(1060, 12);
    // From another listener, which heard it later.
    report(1080, 2);
    expect(stage.events.ofType('response_playback_refined')).toEqual([]);
    report(1035, 8);
    report(1040, 11);
    report(1035, 4);
    report(1035, 3);

    const refined = stage.events.ofType('response_playback_refined');
    expect(refined).toMatchObject([
      { startedAtMs: 1035, errorBoundMs: 8, before: { startedAtMs: 1040, errorBoundMs: 11 } },
      { startedAtMs: 1035, errorBoundMs: 4, before: { startedAtMs: 1035, errorBoundMs: 8 } },
    ]);
    expect(refined).toHaveLength(2);
  });

  it('[PB5] stronger evidence refines a measured start, unless it is that of a listener that began later', () => {
    const stage = new Stage({ options: { reportTimeoutMs: 60_000 } });
    stage.timeline.listenerChanged(true);
    const id = stage.say(stage.openTurn(), 'Long.', 10_000);
    stage.clock.advance(3000);
    const report = (
      evidence: 'transport' | 'device',
      startedAtMs: number,
      heardMs: number,
      errorBoundMs: number,
    ): void =>
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: startedAtMs as AgentMs,
        positionAtMs: (startedAtMs + heardMs) as AgentMs,
        heardSamples: heardMs * 48,
        phase: 'playing',
        evidence,
        errorBoundMs,
      });
    report('transport', 100, 2000, 60);

    report('device', 2500, 10, 10);
    expect(stage.events.ofType('response_playback_refined')).toEqual([]);
    report('transport', 100, 2100, 60);
    expect(stage.events.ofType('response_playback_progressed').at(-1)?.positionAtMs).toBe(2200);

    report('device', 170, 2000, 10);
    report('device', 20, 2000, 5);
    expect(
      stage.events.ofType('response_playback_refined').map(({ startedAtMs }) => startedAtMs),
    ).toEqual([170]);
  });

  it('[PB5] a start measured too late to announce it still updates the path delay', () => {
    const listener = { outputLatencyMs: 300, faults: { delayMs: 400 } };
    const stage = new Stage({ listener });
    const turn = stage.openTurn();
    stage.clock.advance(1000);

    stage.say(turn, 'Long.', 2000);
    stage.clock.advance(5000);
    stage.listener.faults = {};
    stage.say(turn, 'Next.', 1000);
    stage.clock.advance(5000);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts).toMatchObject([{ evidence: 'estimate' }, { evidence: 'device' }]);
    expect(stage.timeline.state.path.delayMs).toBe(300);
  });

  it('[PB5] no response is estimated to start before the previous one has ended', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.say(turn, 'Stalls.', 200);
    stage.say(turn, 'Behind it.', 200);

    stage.clock.advance(100);
    stage.listener.stall();
    stage.clock.advance(3000);
    stage.listener.unstall();
    stage.clock.advance(90);
    stage.listener.faults = {
      lose: (message) => message.type === 'playhead' && message.responseId.endsWith('.1'),
    };
    stage.clock.advance(2000);

    const [first, second] = stage.events.ofType('response_playback_finished');
    expect(first).toMatchObject({ index: 0, atMs: 3200, evidence: 'device' });
    expect(stage.events.ofType('response_playback_started')[1]).toMatchObject({
      startedAtMs: 3200,
      evidence: 'estimate',
    });
    expect(second).toMatchObject({ index: 1, evidence: 'estimate', atMs: 3900 });
    expect(stage.timeline.state.path.delayMs).toBe(0);
  });
});
