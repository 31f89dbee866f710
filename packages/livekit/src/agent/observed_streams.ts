import {
  ReadableStream,
  type ReadableStreamDefaultReader,
  type ReadableStreamReadResult,
} from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { type Speech, type SpokenResponse, spokenResponseStorage } from './speech.ts';
import { streamFrom } from './stream_from.ts';
import { synthesisFailed, TaggedFrames } from './tagged_frames.ts';
import { orInterrupted } from './until_interrupted.ts';

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

type Reader<T> = ReadableStreamDefaultReader<T>;

/** At once, though a read may be under way. */
function cancel(reader: Reader<unknown>): void {
  reader.cancel().catch(() => {});
}

/** A voice reported that it failed, while its audio is being read. What was ready by then is still to come. */
export function noteFailure(spoken: SpokenResponse, detail: string): void {
  spoken.failure ??= detail;
  void eventLoopTurn().then(() => {
    spoken.isDrained ||= spoken.audio?.isWaiting ?? false;
  });
}

/**
 * The captions of the next response of a speech, each noted for the chat context.
 *
 * @param of - whether `transcribe` is LiveKit's own node, which shows the text as it is.
 */
export async function captionsOf(
  speech: Speech,
  transcribe: () => Promise<CaptionStream>,
  of: { readonly isDefault: boolean },
): Promise<CaptionStream> {
  const taken = speech.failOpen.run(
    'assigning captions',
    () => {
      const next = speech.takeForCaption();
      next.spoken.turn.goLive();
      next.spoken.mayCaptionGoOn = of.isDefault;
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
  const ended = (isWhole: boolean): void => {
    if (isWhole) spoken.mayCaptionGoOn = false;
    else abandon();
  };
  const reader = captions.getReader();
  return streamFrom(observedCaptions(reader, taken, speech, ended), () => {
    abandon();
    cancel(reader);
  });
}

async function* observedCaptions(
  captions: Reader<CaptionChunk>,
  { spoken, isImplicit }: ReturnType<Speech['takeForCaption']>,
  speech: Speech,
  ended: (isWhole: boolean) => void,
): AsyncGenerator<CaptionChunk> {
  const { failOpen } = speech;
  // LiveKit waits in vain only for captions with word times. Others it reads to the word that is being written.
  let areTimed = false;
  const note = (text: string): void => {
    spoken.caption += text;
    if (!isImplicit) return;
    const { id } = spoken.turn.addText(text);
    speech.textAdded(id, text);
  };
  try {
    for (;;) {
      const { done, value: chunk } = areTimed
        ? await nextCaption(captions, speech)
        : await captions.read();
      if (done !== false) ended(done === true);
      if (done !== false || chunk === undefined) return;
      const text = typeof chunk === 'string' ? chunk : chunk.text;
      if (text !== chunk) areTimed = true;
      failOpen.run('noting a caption', () => note(text), undefined);
      yield chunk;
    }
  } finally {
    cancel(captions);
    if (isImplicit) failOpen.run('ending a turn', () => spoken.turn.close(), undefined);
  }
}

/**
 * The next caption, or `STOPPED` when an interruption finds none ready. LiveKit waits for the captions to end, and where the
 * voice gives word times and is still speaking, it waits in vain for 4 s (`forwardText` in `voice/generation.ts`) [LK23].
 */
async function nextCaption(
  captions: Reader<CaptionChunk>,
  { handle, failOpen }: Speech,
): Promise<ReadableStreamReadResult<CaptionChunk> | typeof STOPPED> {
  const next = captions.read();
  let isReady = false;
  const settled = (): void => {
    isReady = true;
  };
  await orInterrupted(handle, next.then(settled, settled), failOpen);
  return isReady ? await next : await Promise.race([next, eventLoopTurn(STOPPED)]);
}

/** Not the end of the captions: there may be more of them. */
const STOPPED: { readonly done: undefined; readonly value: undefined } = {
  done: undefined,
  value: undefined,
};
