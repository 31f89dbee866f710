import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, tts, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

/** How long every word lasts, whatever it says. */
const WORD_MS = 100;

export interface ToneOptions {
  /** Default 16,000. */
  readonly sampleRateHz?: number;
  /** Called before each word is spoken: may throw, to fail, and may wait, to be slow. */
  readonly onWord?: (word: string) => void | Promise<void>;
  /** Gives word times. Default `true`. */
  readonly wordTimes?: boolean;
}

/**
 * A synthesis whose sound is known: each word is `WORD_MS` of one level, by which it is recognised in a recording.
 */
export class ToneTTS extends tts.TTS {
  override label: string = 'test.ToneTTS';
  readonly spoken: string[] = [];
  readonly options: ToneOptions;

  constructor(options: ToneOptions = {}) {
    super(options.sampleRateHz ?? 16_000, 1, {
      streaming: true,
      alignedTranscript: options.wordTimes ?? true,
    });
    this.options = options;
  }

  override synthesize(): tts.ChunkedStream {
    throw new Error('the tests only stream');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new ToneStream(this, options?.connOptions ?? DEFAULT_API_CONNECT_OPTIONS);
  }
}

class ToneStream extends tts.SynthesizeStream {
  override label: string = 'test.ToneStream';
  readonly #tts: ToneTTS;
  #wordCount = 0;

  constructor(owner: ToneTTS, connOptions: APIConnectOptions) {
    super(owner, connOptions);
    this.#tts = owner;
  }

  protected override async run(): Promise<void> {
    let text = '';
    for await (const chunk of this.input) {
      if (typeof chunk !== 'string') continue;
      text += chunk;
      // The last word may go on in the next chunk.
      const whole = /^.*\s/s.exec(text)?.[0] ?? '';
      text = text.slice(whole.length);
      await this.#speak(whole);
    }
    await this.#speak(text);
  }

  async #speak(text: string): Promise<void> {
    for (const word of text.match(/\S+\s*/g) ?? []) {
      await this.#tts.options.onWord?.(word.trim());
      if (this.abortController.signal.aborted) return;
      this.#tts.spoken.push(word.trim());
      this.queue.put({
        requestId: 'request',
        segmentId: 'segment',
        final: false,
        frame: toneOf(word.trim(), this.#tts.sampleRate),
        ...(this.#tts.capabilities.alignedTranscript
          ? { timedTranscripts: [this.#timed(word)] }
          : {}),
      });
      this.#wordCount += 1;
    }
  }

  #timed(text: string): voice.TimedString {
    const startTime = (this.#wordCount * WORD_MS) / 1000;
    return voice.createTimedString({ text, startTime, endTime: startTime + WORD_MS / 1000 });
  }
}

/** The level at which a word sounds. */
export function levelOf(word: string): number {
  let level = 0;
  for (const char of word) level = (level * 31 + char.charCodeAt(0)) % 30_000;
  return level + 1;
}

export function toneOf(word: string, sampleRateHz = 16_000): AudioFrame {
  const samples = new Int16Array((sampleRateHz * WORD_MS) / 1000).fill(levelOf(word));
  return new AudioFrame(samples, sampleRateHz, 1, samples.length);
}
