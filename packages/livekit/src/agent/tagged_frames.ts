import type { ReadableStream, ReadableStreamReadResult } from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { log } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { messageOf } from '@oncue/core/internal';
import { tagged, timedWords } from '../livekit_internals/output/frame_userdata.ts';
import { canJoin, joined } from '../livekit_internals/output/joined_frames.ts';
import { ReadyChunks } from './ready_chunks.ts';
import type { Speech, SpokenResponse } from './speech.ts';

/**
 * How much audio goes on before the event loop gets a turn, and how long a joined frame is at most.
 *
 * A synthesis may give seconds of audio at once. The pipeline takes about 0.5 ms for a frame, however short it is, all in
 * microtasks, ahead of every timer and message: the listener's report of the first sample then came 25 to 75 ms late (two
 * busy cores, sentences of 2 s). With 100 ms of audio at a time it comes within 5 ms.
 */
const AT_ONCE_MS = 100;

/**
 * The frames of a response, each tagged with it. What is ready together is joined [LK25]. Not two generators one in the other,
 * which would make ten promises for each of fifty frames a second.
 *
 * A failure that was reported meanwhile is forgotten when frames are made after it: another voice has taken over
 * (`tts.FallbackAdapter`). An error ends the frames.
 */
export class TaggedFrames implements AsyncIterator<AudioFrame, undefined> {
  readonly #audio: ReadableStream<AudioFrame>;
  readonly #spoken: SpokenResponse;
  readonly #speech: Speech;
  #chunks: ReadyChunks<AudioFrame> | undefined;
  #frameCount = 0;
  /** Handed on since the event loop had a turn. */
  #atOnceMs = 0;
  /** Were ready and are not joined to the frames before them. */
  #waiting: AudioFrame[] = [];
  #isOver = false;

  constructor(audio: ReadableStream<AudioFrame>, spoken: SpokenResponse, speech: Speech) {
    this.#audio = audio;
    this.#spoken = spoken;
    this.#speech = speech;
  }

  async next(): Promise<IteratorResult<AudioFrame, undefined>> {
    if (this.#isOver) return { done: true, value: undefined };
    if (this.#atOnceMs >= AT_ONCE_MS) {
      this.#atOnceMs = 0;
      await eventLoopTurn();
    }
    try {
      const first = this.#waiting.shift() ?? (await this.#read());
      const frame = first && (await this.#withReady(first));
      if (frame && !this.#isOver) return { done: false, value: this.#observed(frame) };
    } catch (error) {
      synthesisFailed(this.#spoken, this.#speech, error);
    }
    this.#finish();
    return { done: true, value: undefined };
  }

  /** Nobody reads on. */
  async return(): Promise<IteratorResult<AudioFrame, undefined>> {
    if (!this.#isOver) {
      this.#finish();
      await this.#chunks?.cancel();
    }
    return { done: true, value: undefined };
  }

  /** `undefined` at the end. */
  async #read(): Promise<AudioFrame | undefined> {
    const spoken = this.#spoken;
    const next = this.#open().next();
    if (spoken.failure !== undefined && !spoken.isDrained)
      spoken.isDrained = await Promise.race([next.then(() => false), eventLoopTurn(true)]);
    return frameOf(await next);
  }

  #open(): ReadyChunks<AudioFrame> {
    if (this.#chunks) return this.#chunks;
    this.#speech.synthesizing.add(this.#spoken);
    const chunks = new ReadyChunks(this.#audio);
    this.#chunks = chunks;
    this.#spoken.audio = chunks;
    return chunks;
  }

  /** A frame, and what follows it and is ready. After a failure each frame goes by itself: it may be another voice's. */
  async #withReady(first: AudioFrame): Promise<AudioFrame> {
    const frames = [first];
    try {
      if (this.#waiting.length === 0) await this.#addReady(frames, first);
      return joined(frames);
    } catch (error) {
      // Each goes by itself then. None is lost.
      this.#waiting.unshift(...frames.slice(1));
      this.#speech.failOpen.report('joining frames', error);
      return first;
    }
  }

  async #addReady(frames: AudioFrame[], first: AudioFrame): Promise<void> {
    let durationMs = durationOf(first);
    while (this.#spoken.failure === undefined && durationMs < AT_ONCE_MS && canJoin(first)) {
      const next = frameOf(await this.#open().ready());
      if (!next) return;
      // Kept before it is looked at, which may throw.
      this.#waiting.push(next);
      durationMs += durationOf(next);
      if (durationMs > AT_ONCE_MS || !canJoin(next, first)) return;
      frames.push(next);
      this.#waiting = [];
    }
  }

  #observed(frame: AudioFrame): AudioFrame {
    const { failOpen } = this.#speech;
    if (this.#spoken.isDrained) this.#spoken.failure = undefined;
    this.#frameCount += 1;
    this.#atOnceMs += failOpen.run('measuring a frame', () => durationOf(frame), 0);
    return failOpen.run('tagging a frame', () => this.#tagged(frame), frame);
  }

  #tagged(frame: AudioFrame): AudioFrame {
    const { timeline, sampleRateHz } = this.#speech;
    const { id } = this.#spoken.response;
    if (this.#frameCount === 1) this.#speech.audioMade(id);
    timeline.wordsTimed(id, timedWords(frame, sampleRateHz));
    return tagged(frame, id);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { failOpen, timeline, synthesizing } = this.#speech;
    const { failure, response } = this.#spoken;
    synthesizing.delete(this.#spoken);
    this.#spoken.audio = undefined;
    if (failure !== undefined) {
      const report = () => timeline.responseFailed(response.id, failure);
      failOpen.run('reporting a synthesis that failed', report, undefined);
    }
    // With frames on their way the output notices when the last one has gone.
    if (this.#frameCount > 0) return;
    failOpen.run('ending audio', () => timeline.audioEnded(response.id), undefined);
  }
}

/** `undefined` at the end of a stream, and where nothing is ready. */
function frameOf(result: ReadableStreamReadResult<AudioFrame> | undefined): AudioFrame | undefined {
  return result?.done === false ? result.value : undefined;
}

function durationOf({ samplesPerChannel, sampleRate }: AudioFrame): number {
  return (samplesPerChannel * 1000) / sampleRate;
}

/** The audio of a response broke off. */
export function synthesisFailed(
  { response }: SpokenResponse,
  { timeline, handle, failOpen }: Speech,
  error: unknown,
): void {
  const report = () => timeline.responseFailed(response.id, messageOf(error));
  failOpen.run('reporting a synthesis that failed', report, undefined);
  log().error(
    { error, speech_id: handle.id, response_id: response.id },
    'the audio of a response broke off',
  );
}
