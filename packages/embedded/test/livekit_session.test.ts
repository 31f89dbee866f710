import { USERDATA_TIMED_TRANSCRIPT, voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { FailingTTS, FliteTTS, SAMPLE_RATE_HZ, ScriptedLLM } from '../src/index.ts';
import './support/collect.ts';

/** Plays audio instantly. */
class InstantOutput extends voice.AudioOutput {
  readonly segmentSamples: number[] = [];
  readonly words: voice.TimedString[] = [];
  #samples = 0;

  constructor() {
    super(SAMPLE_RATE_HZ, undefined, { pause: true });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#samples === 0) this.onPlaybackStarted(0);
    this.#samples += frame.samplesPerChannel;
    const words = frame.userdata[USERDATA_TIMED_TRANSCRIPT];
    if (Array.isArray(words)) this.words.push(...words);
  }

  override flush(): void {
    super.flush();
    if (this.#samples === 0) return;
    const playbackPosition = this.#samples / SAMPLE_RATE_HZ;
    this.segmentSamples.push(this.#samples);
    this.#samples = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted: false });
  }

  override clearBuffer(): void {}
}

async function startSession(speaker: FliteTTS, reply: (userText: string) => string) {
  const output = new InstantOutput();
  const session = new voice.AgentSession({
    llm: new ScriptedLLM({
      script: ({ userText }) => reply(userText),
      firstTokenMs: 0,
      tokensPerSecond: Number.POSITIVE_INFINITY,
    }),
    tts: speaker,
    vad: null,
    useTtsAlignedTranscript: true,
  });
  session.output.audio = output;
  await session.start({ agent: new voice.Agent({ instructions: '' }) });
  const close = async (): Promise<void> => {
    await session.close();
    await speaker.close();
  };
  return { session, output, close };
}

const textOf = (words: readonly voice.TimedString[]): string[] => words.map(({ text }) => text);

it('gives a LiveKit session speech and word times, with no key and no room', async () => {
  const speaker = new FliteTTS({ voice: 'kal16' });
  const { session, output, close } = await startSession(
    speaker,
    () => 'Hello **there**. It is $4.50 now.',
  );

  await session.generateReply({ userInput: 'hi' }).waitForPlayout();

  expect(textOf(output.words)).toEqual(['Hello ', 'there. ', 'It ', 'is ', '$4.50 ', 'now.']);
  expect(output.segmentSamples).toHaveLength(1);
  const answer = session.history.items.at(-1);
  expect(answer).toMatchObject({ role: 'assistant', textContent: 'Hello there. It is $4.50 now.' });
  await close();
});

it('reports a failing TTS as a session error, and the session goes on', async () => {
  const speaker = new FailingTTS({ voice: 'kal16', failWhen: (text) => text.includes('fail') });
  const { session, output, close } = await startSession(speaker, (userText) => userText);
  const errors: unknown[] = [];
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => errors.push(error));

  await session.generateReply({ userInput: 'I fail.' }).waitForPlayout();
  await session.generateReply({ userInput: 'I speak.' }).waitForPlayout();

  expect(errors).toEqual([
    expect.objectContaining({
      type: 'tts_error',
      recoverable: false,
      error: expect.objectContaining({ code: 'EMBEDDED_SCRIPTED_FAILURE' }),
    }),
  ]);
  expect(textOf(output.words)).toEqual(['I ', 'speak.']);
  await close();
});
