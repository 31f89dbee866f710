import { describe, expect, it } from 'vitest';
import type { HeardResult, ResponsePlaybackFinished } from '../src/index.ts';
import { Stage } from './support/stage.ts';

/** What `heard()` gave, once it did. */
function collect(promise: Promise<HeardResult>): HeardResult[] {
  const results: HeardResult[] = [];
  void promise.then((result) => results.push(result));
  return results;
}

/** Lets promises settle; no time passes. */
const settled = (): Promise<void> => Promise.resolve().then(() => {});

describe('onPlaybackFinished', () => {
  it('[AH1] is called once for each response that was heard, with the end of that response', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const ends: ResponsePlaybackFinished[] = [];
    const onPlaybackFinished = (event: ResponsePlaybackFinished): void => void ends.push(event);

    stage.say(turn, 'One.', 100, { onPlaybackFinished });
    stage.say(turn, 'Two.', 100, { onPlaybackFinished });
    stage.clock.advance(150);
    expect(ends).toEqual([stage.events.ofType('response_playback_finished')[0]]);
    stage.clock.advance(1000);

    expect(ends).toEqual(stage.events.ofType('response_playback_finished'));
    expect(ends.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('[AH1] a cut is an end, and a response that was skipped has none', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const outcomes: string[] = [];
    const onPlaybackFinished = ({ outcome }: ResponsePlaybackFinished): void =>
      void outcomes.push(outcome);

    stage.say(turn, 'One.', 100, { onPlaybackFinished });
    stage.say(turn, 'Two.', 100, { onPlaybackFinished });
    stage.clock.advance(50);
    stage.cut();
    stage.clock.advance(1000);
    turn.begin({ onPlaybackFinished });

    expect(outcomes).toEqual(['cut']);
    expect(stage.events.ofType('response_skipped')).toHaveLength(2);
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new Error('no line');
      },
    ],
    ['rejects', (): Promise<void> => Promise.reject(new Error('no line'))],
  ])('[AH1] one that %s gives callback_failed', async (_, onPlaybackFinished) => {
    const stage = new Stage({ listener: {} });

    stage.say(stage.openTurn(), 'One.', 100, { onPlaybackFinished });
    stage.clock.advance(1000);
    await settled();

    expect(stage.events.only('callback_failed')).toMatchObject({
      during: 'response_playback_finished',
      message: 'no line',
    });
  });

  it('[AH1] something that is not a function is refused', () => {
    const turn = new Stage().openTurn();

    expect(() => turn.begin({ onPlaybackFinished: 'hangUp' as never })).toThrow(
      expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
    );
  });
});

describe('heard', () => {
  it('[AH2] resolves when its own response has ended, not an earlier one', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    const second = turn.begin();
    const results = collect(second.heard());
    turn.addText('Two.');
    turn.endResponse();
    stage.send(second.id, 100);
    stage.endAudio(second.id);

    stage.clock.advance(190);
    await settled();
    expect(results).toEqual([]);
    stage.clock.advance(100);
    await settled();

    const event = stage.events.ofType('response_playback_finished')[1];
    expect(results).toEqual([{ outcome: 'heard', event }]);
    expect(await second.heard(), 'asked after the end').toEqual(results[0]);
  });

  it('[AH2] gives how the response ended: cut, skipped, failed', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const silent = turn.begin();
    const failed = turn.begin();
    turn.addText('One.');
    stage.send(failed.id, 100);
    const cut = turn.begin();
    turn.addText('Two.');
    stage.timeline.responseFailed(failed.id, 'no voice');
    stage.send(cut.id, 100);
    const unheard = turn.begin();
    stage.clock.advance(150);
    stage.cut();
    stage.clock.advance(1000);

    expect(await silent.heard()).toMatchObject({
      outcome: 'skipped',
      event: { reason: 'no_text' },
    });
    expect(await failed.heard()).toMatchObject({ outcome: 'failed', event: { index: 1 } });
    expect(await cut.heard()).toMatchObject({
      outcome: 'cut',
      event: { cutBy: 'user_speech', index: 2 },
    });
    expect(await unheard.heard()).toMatchObject({ outcome: 'skipped', event: { reason: 'cut' } });
  });

  it('[AH2] a refinement after the end changes nothing', async () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    const response = turn.begin();
    turn.addText('One.');
    turn.endResponse();
    stage.timeline.audioSent(response.id, 4800, 48_000);
    stage.timeline.audioEnded(response.id);
    stage.clock.advance(3000);
    const before = await response.heard();
    const startedAtMs = stage.events.only('response_playback_started').startedAtMs;

    stage.timeline.playhead({
      responseId: response.id,
      startedAtMs: (startedAtMs + 5) as typeof startedAtMs,
      heardSamples: 4800,
      positionAtMs: (startedAtMs + 105) as typeof startedAtMs,
      phase: 'ended',
      evidence: 'device',
      errorBoundMs: 1,
    });

    expect(stage.events.ofType('response_playback_refined')).toHaveLength(1);
    expect(await response.heard()).toBe(before);
  });

  it('[AH2] gives timed_out after timeoutMs, and the end to those who wait longer', async () => {
    const stage = new Stage({ listener: {} });
    const response = stage.openTurn().begin();
    const short = collect(response.heard({ timeoutMs: 50 }));
    const long = collect(response.heard({ timeoutMs: 5000 }));

    stage.clock.advance(49);
    await settled();
    expect(short).toEqual([]);
    stage.clock.advance(1);
    await settled();
    expect(short).toEqual([{ outcome: 'timed_out' }]);

    stage.cut();
    stage.clock.advance(10_000);
    await settled();
    expect(long).toMatchObject([{ outcome: 'skipped' }]);
    expect(short).toHaveLength(1);
  });

  it('[AH2] gives aborted when the signal aborts, also one that has aborted before', async () => {
    const stage = new Stage();
    const response = stage.openTurn().begin();
    const controller = new AbortController();
    const results = collect(response.heard({ signal: controller.signal }));

    controller.abort();

    expect(await response.heard({ signal: controller.signal })).toEqual({ outcome: 'aborted' });
    expect(results).toEqual([{ outcome: 'aborted' }]);
  });

  it('[AH2] a close ends the wait; what is declared after it is not known', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const waiting = turn.begin();
    await stage.timeline.close();

    expect(await waiting.heard()).toMatchObject({
      outcome: 'skipped',
      event: { reason: 'closed' },
    });
    expect(await turn.begin().heard()).toEqual({ outcome: 'not_known' });
  });

  it('[AH2] may be asked inside a callback, where declarations wait their turn', async () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();
    const results: HeardResult[] = [];
    stage.timeline.on('response_playback_started', ({ index }) => {
      if (index > 0) return;
      void turn
        .begin()
        .heard()
        .then((result) => results.push(result));
      turn.close();
    });

    stage.say(turn, 'One.', 100);
    stage.clock.advance(1000);
    await settled();

    expect(results).toMatchObject([{ outcome: 'skipped', event: { reason: 'no_text', index: 1 } }]);
  });

  it.each([
    [{ timeoutMs: -1 }, 'timeoutMs is -1'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs is NaN'],
    [{ signal: {} }, 'must be an AbortSignal'],
    [{ signal: null }, 'must be an AbortSignal'],
    [{ timeout: 100 }, 'has no option "timeout"'],
    [null, 'an object of options, not null'],
    [100, 'an object of options, not a number'],
  ])('[AH3] refuses %o at once', (options, advice) => {
    const response = new Stage().openTurn().begin();

    expect(() => response.heard(options as never)).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining(advice),
      }),
    );
  });
});
