import { type APIConnectOptions, log, shortuuid, tts } from '@livekit/agents';
import { EmbeddedError } from '../errors.ts';
import { SegmentWriter } from './segment_writer.ts';
import { SentenceSplitter, type TextPiece } from './sentence_splitter.ts';
import type { Speak } from './spoken_piece.ts';

/**
 * The most text of one segment, in characters: about ten minutes of speech.
 *
 * A model that writes more than that is probably in a loop. The limit bounds the audio that waits for
 * one response, here 20 MB.
 */
export const MAX_SEGMENT_CHARS = 10_000;

/** One segment: text in, frames out, sentence by sentence. */
class Segment {
  readonly #splitter = new SentenceSplitter();
  readonly #writer: SegmentWriter;
  readonly #speak: Speak;
  readonly #signal: AbortSignal;
  #lengthChars = 0;

  constructor(speak: Speak, signal: AbortSignal, put: (audio: tts.SynthesizedAudio) => void) {
    const ids = { requestId: shortuuid('flite_request_'), segmentId: shortuuid('flite_segment_') };
    this.#writer = new SegmentWriter(ids, put);
    this.#speak = speak;
    this.#signal = signal;
  }

  async push(text: string): Promise<void> {
    this.#lengthChars += text.length;
    if (this.#lengthChars > MAX_SEGMENT_CHARS) {
      const message = `a segment has more than ${MAX_SEGMENT_CHARS} characters; flush() between responses, or shorten the reply`;
      throw new EmbeddedError('EMBEDDED_TEXT_TOO_LONG', message);
    }
    await this.#speakAll(this.#splitter.push(text));
  }

  async end(): Promise<void> {
    await this.#speakAll(this.#splitter.flush());
    if (!this.#signal.aborted) this.#writer.end();
  }

  async #speakAll(pieces: readonly TextPiece[]): Promise<void> {
    for (const piece of pieces) {
      const spoken = await this.#speak(piece.text, this.#signal);
      if (this.#signal.aborted) return;
      this.#writer.write(piece, spoken);
    }
  }
}

/**
 * Speaks text as it is pushed. Each `flush()` ends a segment, and `END_OF_STREAM` follows even if the
 * segment had nothing to speak.
 *
 * @internal
 */
export class FliteStream extends tts.SynthesizeStream {
  override label: string = 'oncue.FliteStream';
  readonly #speak: Speak;

  constructor(owner: tts.TTS, speak: Speak, connOptions: APIConnectOptions | undefined) {
    super(owner, connOptions);
    this.#speak = speak;
  }

  protected override async run(): Promise<void> {
    let segment: Segment | undefined;
    for await (const input of this.input) {
      if (this.abortSignal.aborted) return;
      if (input !== tts.SynthesizeStream.FLUSH_SENTINEL) {
        this.markStarted();
        segment ??= new Segment(this.#speak, this.abortSignal, (audio) => this.queue.put(audio));
        await segment.push(input);
      } else if (segment) {
        await segment.end();
        segment = undefined;
        this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
      }
    }
  }
}

/**
 * Speaks one text.
 *
 * A failure is emitted as the TTS's `error` event and ends the audio. It does not reject: LiveKit
 * 1.9.0 attaches no handler to the promise of a chunked stream that fails, and Node ends the process
 * for an unhandled rejection.
 *
 * @internal
 */
export class FliteChunkedStream extends tts.ChunkedStream {
  override label: string = 'oncue.FliteChunkedStream';
  readonly #owner: tts.TTS;
  readonly #speak: Speak;

  constructor(
    owner: tts.TTS,
    speak: Speak,
    text: string,
    connOptions: APIConnectOptions | undefined,
    abortSignal: AbortSignal | undefined,
  ) {
    super(text, owner, connOptions, abortSignal);
    this.#owner = owner;
    this.#speak = speak;
  }

  protected override async run(): Promise<void> {
    const segment = new Segment(this.#speak, this.abortSignal, (audio) => this.queue.put(audio));
    try {
      await segment.push(this.inputText);
      await segment.end();
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause), { cause });
      if (this.#owner.listenerCount('error') === 0) {
        log().error({ error }, 'flite: speech synthesis failed');
      } else {
        this.#owner.emit('error', {
          type: 'tts_error',
          timestamp: Date.now(),
          label: this.#owner.label,
          error,
          recoverable: false,
        });
      }
    }
  }
}
