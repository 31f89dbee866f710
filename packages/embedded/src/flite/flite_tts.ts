import type { Worker } from 'node:worker_threads';
import { type APIConnectOptions, tts } from '@livekit/agents';
import { type Clock, systemClock } from '../clock.ts';
import { badOption } from '../errors.ts';
import { FliteHost, spawnFliteWorker } from './flite_host.ts';
import type { FliteVoice } from './flite_protocol.ts';
import { FliteChunkedStream, FliteStream } from './flite_streams.ts';
import { SAMPLE_RATE_HZ, type SpokenPiece, speakPiece } from './spoken_piece.ts';

/** How a `FliteTTS` speaks. */
export interface FliteOptions {
  /** Default `slt`. */
  readonly voice?: FliteVoice;
  /** Speed: 1 is the voice's own, 2 is twice as fast. From 0.5 to 2; default 1. */
  readonly speed?: number;
  /**
   * How long one sentence may take to synthesize, in ms; default 10,000.
   *
   * The longest piece of text, 240 characters, takes 0.2–0.4 s. After this time the worker counts as
   * hung: it is replaced, and the stream fails with `EMBEDDED_TTS_TIMEOUT`.
   */
  readonly synthesisTimeoutMs?: number;
  /** For tests: the clock of the time limit above. */
  readonly clock?: Clock;
  /** For tests: starts the worker thread. Called again when one hangs or dies. */
  readonly spawnWorker?: () => Worker;
}

const VOICES: ReadonlySet<string> = new Set<FliteVoice>(['slt', 'rms', 'awb', 'kal16']);

/**
 * LiveKit text to speech with no key, no download and no native code: CMU Flite as WebAssembly in a
 * worker thread.
 *
 * 16 kHz mono, English only: other scripts are skipped. It speaks each sentence as soon as the sentence
 * is complete. Word times come from flite's own phone times, and the timed words, joined, are the pushed
 * text in its own spelling; pass `useTtsAlignedTranscript: true` to the session to use them. Text with
 * nothing to speak gives no audio.
 *
 * A failure is an `EmbeddedError` in the TTS's `error` event. Make one per agent process, not one per
 * session, and `close()` it at the end.
 */
export class FliteTTS extends tts.TTS {
  override label: string = 'oncue.FliteTTS';
  readonly #host: FliteHost;
  readonly #voice: { readonly voice: FliteVoice; readonly durationStretch: number };

  /** @throws {EmbeddedError} `EMBEDDED_BAD_OPTION`. */
  constructor(options: FliteOptions = {}) {
    super(SAMPLE_RATE_HZ, 1, { streaming: true, alignedTranscript: true });
    const { voice = 'slt', speed = 1, synthesisTimeoutMs = 10_000 } = options;
    if (!VOICES.has(voice)) badOption(`voice is "${voice}"; use one of ${[...VOICES].join(', ')}`);
    if (!(speed >= 0.5 && speed <= 2)) badOption(`speed is ${speed}; use 0.5 to 2`);
    if (!(synthesisTimeoutMs > 0))
      badOption(`synthesisTimeoutMs is ${synthesisTimeoutMs}; use more than 0`);
    this.#voice = { voice, durationStretch: 1 / speed };
    this.#host = new FliteHost({
      clock: options.clock ?? systemClock,
      synthesisTimeoutMs,
      spawnWorker: options.spawnWorker ?? spawnFliteWorker,
    });
  }

  override get model(): string {
    return `flite-${this.#voice.voice}`;
  }

  override get provider(): string {
    return 'flite';
  }

  /**
   * Starts the worker and has it speak a word, so that the first sentence does not wait for the start.
   *
   * Takes about 0.3 s, in the background. If it fails, the next request fails.
   */
  prewarm(): void {
    this.#host.synthesize({ text: 'hello', ...this.#voice }).catch(() => {});
  }

  /** Speaks a whole text; the audio comes sentence by sentence. */
  override synthesize(
    text: string,
    connOptions?: APIConnectOptions,
    abortSignal?: AbortSignal,
  ): tts.ChunkedStream {
    return new FliteChunkedStream(
      this,
      (piece, signal) => this.speak(piece, signal),
      text,
      connOptions,
      abortSignal,
    );
  }

  /** Speaks text while the model still writes it. */
  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new FliteStream(
      this,
      (piece, signal) => this.speak(piece, signal),
      options?.connOptions,
    );
  }

  /** Ends the worker. Unfinished streams fail with `EMBEDDED_CLOSED`. */
  override async close(): Promise<void> {
    await this.#host.close();
    await super.close();
  }

  /**
   * Speaks one sentence. A subclass may override it.
   *
   * @returns Undefined if the sentence has nothing to speak, or once `signal` aborts.
   */
  protected speak(text: string, signal: AbortSignal): Promise<SpokenPiece | undefined> {
    return speakPiece(this.#host, this.#voice, text, signal);
  }
}
