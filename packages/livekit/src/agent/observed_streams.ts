import { ReadableStream } from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { log, type voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { messageOf } from '@oncue/core/internal';
import { tagged, timedWords } from '../livekit_internals/output/frame_userdata.ts';
import { type Speech, type SpokenResponse, spokenResponseStorage } from './speech.ts';
import { streamFrom } from './stream_from.ts';

/**
 * How many frames go on before the event loop gets a turn.
 *
 * A synthesis may give seconds of audio at once. The pipeline takes about 0.5 ms a frame for them, all in microtasks,
 * ahead of every timer and message: the listener's report of the first sample then came 25 to 75 ms late (two busy
 * cores, sentences of 2 s). With five at a time, 100 ms of audio, it comes within 5 ms.
 */
const FRAMES_AT_ONCE = 5;

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
    fail(spoken, speech, error);
  }
  if (audio) return streamFrom(taggedFrames(audio, spoken, speech));
  failOpen.run('ending audio', () => timeline.audioEnded(spoken.response.id), undefined);
  return null;
}

async function* taggedFrames(
  audio: ReadableStream<AudioFrame>,
  spoken: SpokenResponse,
  speech: Speech,
): AsyncGenerator<AudioFrame> {
  const { id } = spoken.response;
  const { failOpen, timeline } = speech;
  let frameCount = 0;
  speech.synthesizing.add(spoken);
  const observed = (frame: AudioFrame): AudioFrame => {
    if (frameCount === 1) speech.audioMade(id);
    timeline.wordsTimed(id, timedWords(frame, speech.sampleRateHz));
    return tagged(frame, id);
  };
  try {
    for await (const frame of withoutFalseFailures(audio, spoken)) {
      frameCount += 1;
      yield failOpen.run('tagging a frame', () => observed(frame), frame);
      if (frameCount % FRAMES_AT_ONCE === 0) await eventLoopTurn();
    }
  } catch (error) {
    fail(spoken, speech, error);
  } finally {
    speech.synthesizing.delete(spoken);
    const { failure } = spoken;
    if (failure !== undefined)
      failOpen.run(
        'reporting a synthesis that failed',
        () => timeline.responseFailed(id, failure),
        undefined,
      );
    // With frames on their way the output notices when the last one has gone.
    if (frameCount === 0) failOpen.run('ending audio', () => timeline.audioEnded(id), undefined);
  }
}

/** A voice reported that it failed, while its audio is being read. What was ready by then is still to come. */
export function noteFailure(spoken: SpokenResponse, detail: string): void {
  spoken.failure ??= detail;
  void eventLoopTurn().then(() => {
    spoken.isDrained ||= spoken.isAwaitingAudio;
  });
}

/**
 * The frames of a response. A failure that was reported meanwhile is forgotten when frames are made after it: another
 * voice has taken over (`tts.FallbackAdapter`).
 */
async function* withoutFalseFailures(
  audio: ReadableStream<AudioFrame>,
  spoken: SpokenResponse,
): AsyncGenerator<AudioFrame> {
  const frames = audio[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await nextFrame(frames, spoken);
      isDone = done === true;
      if (done || !value) return;
      if (spoken.isDrained) spoken.failure = undefined;
      yield value;
    }
  } finally {
    if (!isDone) await frames.return?.();
  }
}

async function nextFrame(
  frames: AsyncIterator<AudioFrame>,
  spoken: SpokenResponse,
): Promise<IteratorResult<AudioFrame>> {
  const next = frames.next();
  spoken.isAwaitingAudio = true;
  if (spoken.failure !== undefined && !spoken.isDrained)
    spoken.isDrained = await Promise.race([next.then(() => false), eventLoopTurn(true)]);
  try {
    return await next;
  } finally {
    spoken.isAwaitingAudio = false;
  }
}

function fail({ response }: SpokenResponse, speech: Speech, error: unknown): void {
  const { timeline, handle, failOpen } = speech;
  const report = () => timeline.responseFailed(response.id, messageOf(error));
  failOpen.run('reporting a synthesis that failed', report, undefined);
  log().error(
    { error, speech_id: handle.id, response_id: response.id },
    'the audio of a response broke off',
  );
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
