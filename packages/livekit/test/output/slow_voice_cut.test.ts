import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

const LONG = texts('alpha beta gamma delta epsilon zeta eta theta iota kappa.');

/** A voice that gives a word of 100 ms every 110 ms. */
function slowVoice(clock: ManualClock, wordTimes: boolean): ToneTTS {
  return new ToneTTS({
    wordTimes,
    onWord: () =>
      new Promise((resolve) => {
        clock.schedule(110, resolve);
      }),
  });
}

describe('[LK23] an interruption while the voice still makes the audio', () => {
  it.each([true, false])(
    '[LK23] ends the speech when its sound has ended, not seconds later (word times: %s)',
    async (wordTimes) => {
      const clock = new ManualClock();
      const run = await startSession({
        agent: new ScriptedAgent(LONG),
        clock,
        tts: slowVoice(clock, wordTimes),
        session: { useTtsAlignedTranscript: wordTimes },
      });
      const handle = run.session.generateReply({ userInput: 'hi' });
      await run.untilHeard(0, 350);
      const cutAtMs = run.clock.nowMs();

      handle.interrupt();
      await run.over(handle);

      expect(run.clock.nowMs() - cutAtMs).toBeLessThan(250);
      expect(run.stateNames.at(-1)).toBe('listening');
    },
  );

  it('[LK23] keeps in the chat every word that was heard', async () => {
    const clock = new ManualClock();
    const tts = slowVoice(clock, true);
    const run = await startSession({ agent: new ScriptedAgent(LONG), clock, tts });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 350);

    handle.interrupt();
    await run.over(handle);

    expect(run.finished[0]?.heardText).toBe('alpha beta gamma');
    expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: true }]);
  });
});
