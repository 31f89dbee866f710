import { ReadableStream } from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { type Speech, type SpokenResponse, spokenResponseStorage } from './speech.ts';
import { streamFrom } from './stream_from.ts';
import { synthesisFailed, TaggedFrames } from './tagged_frames.ts';

type AudioStream = ReadableStream<AudioFrame> | null;
type CaptionChunk = string | voice.TimedString;
type CaptionStream = ReadableStream<CaptionChunk> | null;

/**
 * The audio of the next response of a speech, each frame tagged with it. A synthesis that breaks off fails this response
 * only: the error stops here, since the pipeline would drop every later response of the turn with it [RS7].
 *
 * @param of - whether `synthesize` is LiveKit's own node.
 */
export async function audioOf(
  speech: Speech,
  synthesize: () => Promise<AudioStream>,
  of: { readonly isDefault: boolean },
): Promise<AudioStream> {
  const { failOpen, timeline } = speech;
  const spoken = failOpen.run('assigning audio', () => speech.takeForAudio(), undefined);
  if (!spoken) return await synthesize();
  let audio: AudioStream;
  try {
    audio = await spokenResponseStorage.run(spoken, synthesize);
  } catch (error) {
    // Not `null`: the pipeline would close twice what it makes of it, and give up on the turn (`performTTSInference`).
    audio = ReadableStream.from<AudioFrame>([]);
    if (speech.isWithoutVoice(error, of)) {
      spoken.isVoiced = false;
      return audio;
    }
    synthesisFailed(spoken, speech, error);
  }
  if (audio) return streamFrom(new TaggedFrames(audio, spoken, speech));
  failOpen.run('ending audio', () => timeline.audioEnded(spoken.response.id), undefined);
  return null;
}

/** A voice reported that it failed, while its audio is being read. What was ready by then is still to come. */
export function noteFailure(spoken: SpokenResponse, detail: string): void {
  spoken.failure ??= detail;
  void eventLoopTurn().then(() => {
    spoken.isDrained ||= spoken.isAwaitingAudio;
  });
}

/** The captions of the next response of a speech, each noted for the chat context. */
export async function captionsOf(
  speech: Speech,
  transcribe: () => Promise<CaptionStream>,
): Promise<CaptionStream> {
  const taken = speech.failOpen.run(
    'assigning captions',
    () => {
      const next = speech.takeForCaption();
      next.spoken.turn.goLive();
      return next;
    },
    undefined,
  );
  const captions = await transcribe();
  if (!captions || !taken) return captions;
  const { spoken, isImplicit } = taken;
  // Half a token may stand at their end, which is then no word.
  const abandon = (): void => {
    if (isImplicit) speech.failOpen.run('ending a turn', () => spoken.turn.abandon(), undefined);
  };
  return streamFrom(observedCaptions(captions, taken, speech), abandon);
}

async function* observedCaptions(
  captions: ReadableStream<CaptionChunk>,
  { spoken, isImplicit }: ReturnType<Speech['takeForCaption']>,
  { failOpen }: Speech,
): AsyncGenerator<CaptionChunk> {
  const note = (text: string): void => {
    spoken.caption += text;
    if (isImplicit) spoken.turn.addText(text);
  };
  try {
    for await (const chunk of captions) {
      const text = typeof chunk === 'string' ? chunk : chunk.text;
      failOpen.run('noting a caption', () => note(text), undefined);
      yield chunk;
    }
  } finally {
    if (isImplicit) failOpen.run('ending a turn', () => spoken.turn.close(), undefined);
  }
}
