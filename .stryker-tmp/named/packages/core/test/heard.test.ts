// Tests for SPEC.md, "Playback": how much was heard.
import { describe, expect, it } from 'vitest';
import { Stage, samplesIn } from './support/stage.ts';

describe('what was heard', () => {
  it('[PB7] heardSamples never decreases and never exceeds what was sent', () => {
    const stage = new Stage();
    const { id } = stage.openTurn().begin();
    stage.timeline.listenerChanged(true);
    stage.send(id, 200);
    const startedAtMs = stage.clock.nowMs();
    stage.clock.advance(300);
    const report = (heardSamples: number): void => {
      const at = { startedAtMs, positionAtMs: stage.clock.nowMs() };
      const how = { phase: 'playing', evidence: 'device', errorBoundMs: 0 } as const;
      stage.timeline.playhead({ responseId: id, heardSamples, ...at, ...how });
    };

    for (const samples of [100, 5000, 300, 20_000, Number.NaN, -1, 6000]) report(samples);

    const progress = stage.events.ofType('response_playback_progressed');
    expect(progress.map(({ heardSamples }) => heardSamples)).toEqual([100, 5000, 6000]);
    stage.clock.advance(1000);
    expect(stage.events.ofType('report_dropped')).toMatchObject([
      { reason: 'not_sent', count: 1, droppedCount: 1 },
      { reason: 'not_sent', count: 2, droppedCount: 3 },
    ]);
  });

  it('[PB7] audio with zero samples or a zero rate is ignored', () => {
    const stage = new Stage();
    const { id } = stage.openTurn().begin();

    stage.timeline.audioSent(id, 0, 48_000);
    stage.timeline.audioSent(id, -480, 48_000);
    stage.timeline.audioSent(id, Number.NaN, 48_000);
    stage.timeline.audioSent(id, 480, 0);

    expect(stage.timeline.state.playout).toEqual([]);
  });

  it('[PB8] heard text is exact with word times and proportional without them', () => {
    const timed = new Stage({ listener: {} });
    const untimed = new Stage({ listener: {} });

    for (const stage of [timed, untimed]) {
      const turn = stage.openTurn();
      const { id } = turn.begin();
      turn.addText('One, two -- three.');
      if (stage === timed) {
        stage.timeline.wordsTimed(id, [
          { text: 'one', endSamples: samplesIn(100) },
          { text: 'two', endSamples: samplesIn(300) },
        ]);
        stage.timeline.wordsTimed(id, [{ text: 'three', endSamples: samplesIn(400) }]);
      }
      stage.send(id, 450);
      stage.endAudio(id);
      stage.clock.advance(300);
      stage.cut();
    }

    expect(timed.events.only('response_playback_finished')).toMatchObject({
      heardText: 'One, two',
      heardTextSource: 'word_timings',
    });
    expect(untimed.events.only('response_playback_finished')).toMatchObject({
      heardText: 'One, two',
      heardTextSource: 'proportional',
    });
  });

  it('[PB8] text whose audio was never sent is not heard when the turn ends', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two three four five six seven eight.');
    stage.send(id, 600);

    turn.end();
    stage.clock.advance(2000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'heard',
      heardText: 'One two',
    });
  });

  it('[PB8] an estimate counts the samples from before the queue ran dry', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Before the gap. After the gap.');
    stage.send(id, 1000);

    stage.clock.advance(10_000);
    stage.send(id, 1000);
    stage.clock.advance(500);
    stage.cut();

    expect(stage.events.only('response_playback_finished').heardMs).toBe(1500);
  });
});

describe('text around a cut', () => {
  it('[HT5] text that arrives after the cut does not belong to the response', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 100 } } });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('Your account num');
    stage.send(id, 900);

    stage.clock.advance(2000);
    stage.cut();
    turn.addText('ber is seven.');
    turn.endResponse();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardText: 'Your account',
      fullText: 'Your account num',
    });
  });

  it('[HT5] if the audio was complete before the cut, its text may arrive after the cut', () => {
    const stage = new Stage({ listener: { faults: { delayMs: 100 } } });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One two ');
    stage.send(id, 1500);
    stage.endAudio(id);

    stage.clock.advance(1000);
    stage.cut();
    turn.addText('three four.');
    turn.endResponse();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').fullText).toBe('One two three four.');
  });
});
