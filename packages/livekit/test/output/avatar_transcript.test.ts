import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { ManualClock } from '@oncue/core/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { OutputListener, toEpochMs } from '../../src/index.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

/** An avatar that says which words it has played when it is stopped. */
class TellingOutput extends voice.AudioOutput {
  readonly #clock: ManualClock;
  #hasStarted = false;

  constructor(clock: ManualClock) {
    super(16_000, undefined, { pause: false });
    this.#clock = clock;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.onPlaybackStarted(toEpochMs(this.#clock.nowMs()));
  }

  override clearBuffer(): void {
    this.onPlaybackFinished({
      playbackPosition: 0.25,
      interrupted: true,
      synchronizedTranscript: 'alpha beta gamma',
    });
  }
}

it('[TE5] the words that an avatar says it played are those of the message', async () => {
  const clock = new ManualClock();
  const listener = new OutputListener(new TellingOutput(clock), { clock });
  const run = await startSession({
    clock,
    agent: new ScriptedAgent(texts('alpha beta gamma delta.')),
    attach: { listener },
  });
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 250);

  handle.interrupt();
  await run.over(handle);

  expect(run.finishes.at(-1)?.synchronizedTranscript).toBe('alpha beta gamma');
  expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: true }]);
  expect(run.finished[0]?.heardText, 'by the audio').toBe('alpha beta');
});

it('[TE5] and so are those of an avatar that was started after attachOncue', async () => {
  captureWarnings();
  onTestFinished(() => void vi.restoreAllMocks());
  const run = await startSession({
    agent: new ScriptedAgent(texts('alpha beta gamma delta.')),
  });
  run.session.output.audio = new TellingOutput(run.clock);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 250);

  handle.interrupt();
  await run.over(handle);

  expect(run.chat).toEqual([{ text: 'alpha beta gamma', interrupted: true }]);
  expect(run.finished[0]?.heardText, 'by the audio').toBe('alpha beta');
});
