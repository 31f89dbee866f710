import type {
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamReadResult,
} from 'node:stream/web';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { log } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { messageOf } from '@oncue/core/internal';
import { tagged, timedWords } from '../livekit_internals/output/frame_userdata.ts';
import type { Speech, SpokenResponse } from './speech.ts';

/**
 * How many frames go on before the event loop gets a turn.
 *
 * A synthesis may give seconds of audio at once. The pipeline takes about 0.5 ms a frame for them, all in microtasks,
 * ahead of every timer and message: the listener's report of the first sample then came 25 to 75 ms late (two busy
 * cores, sentences of 2 s). With five at a time, 100 ms of audio, it comes within 5 ms.
 */
const FRAMES_AT_ONCE = 5;

/**
 * The frames of a response, each tagged with it. Not two generators one in the other, which would make ten promises for each
 * of fifty frames a second.
 *
 * A failure that was reported meanwhile is forgotten when frames are made after it: another voice has taken over
 * (`tts.FallbackAdapter`). An error ends the frames.
 */
export class TaggedFrames implements AsyncIterator<AudioFrame, undefined> {
  readonly #audio: ReadableStream<AudioFrame>;
  readonly #spoken: SpokenResponse;
  readonly #speech: Speech;
  #reader: ReadableStreamDefaultReader<AudioFrame> | undefined;
  #frameCount = 0;
  #isOver = false;

  constructor(audio: ReadableStream<AudioFrame>, spoken: SpokenResponse, speech: Speech) {
    this.#audio = audio;
    this.#spoken = spoken;
    this.#speech = speech;
  }

  async next(): Promise<IteratorResult<AudioFrame, undefined>> {
    if (this.#isOver) return { done: true, value: undefined };
    if (this.#frameCount > 0 && this.#frameCount % FRAMES_AT_ONCE === 0) await eventLoopTurn();
    const spoken = this.#spoken;
    try {
      const next = this.#read();
      if (spoken.failure !== undefined && !spoken.isDrained)
        spoken.isDrained = await Promise.race([next.then(() => false), eventLoopTurn(true)]);
      const { done, value } = await next;
      spoken.isAwaitingAudio = false;
      if (!done && !this.#isOver) return { done: false, value: this.#observed(value) };
    } catch (error) {
      spoken.isAwaitingAudio = false;
      synthesisFailed(spoken, this.#speech, error);
    }
    this.#finish();
    return { done: true, value: undefined };
  }

  /** Nobody reads on. */
  async return(): Promise<IteratorResult<AudioFrame, undefined>> {
    if (!this.#isOver) {
      this.#finish();
      await this.#reader?.cancel();
    }
    return { done: true, value: undefined };
  }

  #read(): Promise<ReadableStreamReadResult<AudioFrame>> {
    if (!this.#reader) {
      this.#speech.synthesizing.add(this.#spoken);
      this.#reader = this.#audio.getReader();
    }
    this.#spoken.isAwaitingAudio = true;
    return this.#reader.read();
  }

  #observed(frame: AudioFrame): AudioFrame {
    if (this.#spoken.isDrained) this.#spoken.failure = undefined;
    this.#frameCount += 1;
    return this.#speech.failOpen.run('tagging a frame', () => this.#tagged(frame), frame);
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
    if (failure !== undefined) {
      const report = () => timeline.responseFailed(response.id, failure);
      failOpen.run('reporting a synthesis that failed', report, undefined);
    }
    // With frames on their way the output notices when the last one has gone.
    if (this.#frameCount > 0) return;
    failOpen.run('ending audio', () => timeline.audioEnded(response.id), undefined);
  }
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
