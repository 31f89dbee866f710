import { describe, expect, it } from 'vitest';
import type { AgentMs, PlayheadReport, ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

/** A stage to which the test passes the listener's reports itself. */
function reported(options = {}): {
  stage: Stage;
  report: (id: ResponseId, heardMs: number, atMs: number, of?: Partial<PlayheadReport>) => void;
} {
  const stage = new Stage({ options });
  stage.timeline.listenerChanged(true);
  return {
    stage,
    report: (responseId, heardMs, atMs, of = {}) =>
      stage.timeline.playhead({
        responseId,
        startedAtMs: 20 as AgentMs,
        heardSamples: samplesIn(heardMs),
        positionAtMs: atMs as AgentMs,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 3,
        ...of,
      }),
  };
}

describe('when something was heard', () => {
  it('[PB12] progress says when its samples had been heard, with evidence and error bound', () => {
    const { stage, report } = reported();
    const id = stage.say(stage.openTurn(), 'One two.', 500);

    stage.clock.advance(200);
    report(id, 150, 170);

    expect(stage.events.only('response_playback_progressed')).toMatchObject({
      atMs: 200,
      heardMs: 150,
      positionAtMs: 170,
      evidence: 'device',
      errorBoundMs: 3,
    });
  });

  it.each([
    ['transport', 200, 1],
    ['transport', 20, 0],
    ['device', 200, 0],
  ] as const)(
    '[HT7] a cut that rests on "%s" ± %d ms may be off by %d words',
    (evidence, errorBoundMs, heardTextMaxErrorWords) => {
      const { stage, report } = reported();
      const id = stage.say(stage.openTurn(), 'One two.', 1000);
      stage.timeline.wordsTimed(id, [
        { text: 'One ', endSamples: samplesIn(400) },
        { text: 'two.', endSamples: samplesIn(1000) },
      ]);
      stage.clock.advance(600);
      stage.cut();

      report(id, 500, 520, { phase: 'cut', evidence, errorBoundMs });

      expect(stage.events.only('response_playback_finished')).toMatchObject({
        heardText: 'One',
        heardTextMaxErrorWords,
      });
    },
  );

  it('[PB13] a heard response ends when its last sample has sounded', () => {
    const stage = new Stage({
      listener: { outputLatencyMs: 20, errorBoundMs: 2, faults: { delayMs: 80 } },
    });
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 500);
    stage.say(turn, 'Two.', 300);
    stage.clock.advance(2000);

    expect(stage.events.ofType('response_playback_finished')).toMatchObject([
      { atMs: 600, endedAtMs: 520, evidence: 'device', errorBoundMs: 2 },
      { atMs: 900, endedAtMs: 820, evidence: 'device', errorBoundMs: 2 },
    ]);
  });

  it('[PB13] a cut response ends when its sound stops', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 20, faults: { delayMs: 80 } } });
    stage.say(stage.openTurn(), 'One two three.', 1000);

    stage.clock.advance(300);
    stage.cut();
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardMs: 300,
      endedAtMs: 320,
      evidence: 'device',
    });
  });

  it('[PB13] an estimated end says so and has the bound of the path', () => {
    const options = { estimateDelayMs: 40, estimateErrorBoundMs: 150 };
    const stage = new Stage({ options });
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 500);
    stage.say(turn, 'Two.', 500);
    stage.clock.advance(700);
    stage.cut();

    expect(stage.events.ofType('response_playback_finished')).toMatchObject([
      { outcome: 'heard', endedAtMs: 540, evidence: 'estimate', errorBoundMs: 150 },
      { outcome: 'cut', endedAtMs: 700, evidence: 'estimate', errorBoundMs: 150 },
    ]);
  });

  it('[PB13] a response cut while nothing was left to play ends with its last sent sample', () => {
    const stage = new Stage();
    const { id } = stage.openTurn().begin();
    stage.send(id, 200);

    stage.clock.advance(900);
    stage.cut();

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardMs: 200,
      endedAtMs: 200,
    });
  });

  it('[PB13] if reports leave open when the sound stopped, the end is the middle, with a wider bound', () => {
    const { stage, report } = reported();
    const id = stage.say(stage.openTurn(), 'One two.', 500);
    stage.clock.advance(400);
    report(id, 100, 120);
    // 50 ms more were heard by 300 ms. An unbroken run would have reached them by 170 ms.
    report(id, 150, 300);

    stage.timeline.cut('user_speech');
    report(id, 150, 390, { phase: 'cut' });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 234.95,
      errorBoundMs: 68.05,
    });
  });

  it('[PB13] a pause that the listener has not heard of yet does not narrow the bound of the end', () => {
    const { stage, report } = reported();
    const id = stage.say(stage.openTurn(), 'One two.', 500);
    stage.clock.advance(50);
    stage.timeline.pause();
    stage.clock.advance(150);
    // It plays on for a while, since the pause is still on its way.
    report(id, 100, 110);
    stage.timeline.resume();
    stage.clock.advance(100);
    report(id, 120, 200);

    stage.timeline.cut('user_speech');
    report(id, 120, 300, { phase: 'cut' });

    // 20 ms more, within 90 ms: they sounded by 130 ms, or by 200 ms.
    const { endedAtMs, errorBoundMs } = stage.events.only('response_playback_finished');
    expect(endedAtMs - errorBoundMs).toBeLessThanOrEqual(130);
    expect(endedAtMs + errorBoundMs).toBeGreaterThanOrEqual(200);
  });

  it('[PB13] a pause after the last sample does not move the end', () => {
    const { stage, report } = reported();
    const { id } = stage.openTurn().begin();
    stage.send(id, 100);
    stage.clock.advance(150);
    report(id, 100, 120);

    stage.pause();
    stage.clock.advance(3000);
    stage.resume();
    stage.timeline.audioEnded(id);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(120);
  });

  it('[PB13] a response does not end before it began', () => {
    const { stage, report } = reported();
    const id = stage.say(stage.openTurn(), 'One.', 10);
    stage.clock.advance(200);
    report(id, 5, 60, { startedAtMs: 55 as AgentMs });
    report(id, 10, 40, { phase: 'ended' });

    const { startedAtMs } = stage.events.only('response_playback_started');
    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(startedAtMs);
  });
});
