import { setTimeout as delay } from 'node:timers/promises';
import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, tts, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

export const RATE_HZ = 24_000;

/** How long each word sounds. */
const WORD_MS = 250;

/** From the text to the first audio; then audio comes in bursts, faster than it is heard, as over a network. */
const FIRST_AUDIO_MS = 150;
const BURST_MS = 500;
const BURST_EVERY_MS = 100;

/** A voice that costs next to nothing: each word is the same sound, with its time, in frames of a given length. */
export class LoadVoice extends tts.TTS {
  override label: string = 'bench.LoadVoice';
  readonly frameMs: number;

  constructor(frameMs: number) {
    super(RATE_HZ, 1, { streaming: true, alignedTranscript: true });
    this.frameMs = frameMs;
  }

  override synthesize(): tts.ChunkedStream {
    throw new Error('the benchmark only streams');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new LoadStream(this, options?.connOptions ?? DEFAULT_API_CONNECT_OPTIONS);
  }
}

class LoadStream extends tts.SynthesizeStream {
  override label: string = 'bench.LoadStream';
  readonly #frameMs: number;
  readonly #samples: Int16Array;

  constructor(owner: LoadVoice, connOptions: APIConnectOptions) {
    super(owner, connOptions);
    this.#frameMs = owner.frameMs;
    this.#samples = new Int16Array((RATE_HZ * owner.frameMs) / 1000).fill(1000);
  }

  protected override async run(): Promise<void> {
    let text = '';
    for await (const chunk of this.input) if (typeof chunk === 'string') text += chunk;
    const words = text.match(/\S+\s*/g) ?? [];
    const { signal } = this.abortController;
    await delay(FIRST_AUDIO_MS);
    for (let atMs = 0; atMs < words.length * WORD_MS && !signal.aborted; atMs += this.#frameMs) {
      this.#put(words, atMs);
      if (atMs > 0 && atMs % BURST_MS === 0) await delay(BURST_EVERY_MS);
    }
  }

  /** One frame, with the words that begin in it. */
  #put(words: readonly string[], atMs: number): void {
    const begins = words.flatMap((word, index) => {
      const fromMs = index * WORD_MS;
      if (fromMs < atMs || fromMs >= atMs + this.#frameMs) return [];
      const times = { startTime: fromMs / 1000, endTime: (fromMs + WORD_MS) / 1000 };
      return [voice.createTimedString({ text: word, ...times })];
    });
    this.queue.put({
      requestId: 'request',
      segmentId: 'segment',
      final: false,
      frame: new AudioFrame(this.#samples, RATE_HZ, 1, this.#samples.length),
      ...(begins.length > 0 ? { timedTranscripts: begins } : {}),
    });
  }
}
