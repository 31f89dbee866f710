import {
  APIConnectionError,
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  tts,
  voice,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import type { VoicePlan } from '../scenario.ts';

/** The rate of all sound in the comparison. */
export const SAMPLE_RATE_HZ = 16_000;

/** One word that the voice made, and the level by which it is found in a recording. */
export interface MadeWord {
  readonly text: string;
  readonly level: number;
  readonly samples: number;
}

/** Far enough apart that no mixing or rounding takes one word for another. */
const LEVEL_STEP = 7;

/**
 * A voice whose sound says which word it is: each word that it makes has a level of its own, so what was audible can be
 * read off a recording with no help from the code under test.
 */
export class WordsTTS extends tts.TTS {
  override label: string = 'compare.WordsTTS';
  readonly made: MadeWord[] = [];
  readonly plan: VoicePlan;
  readonly clock: Clock;

  constructor(plan: VoicePlan, clock: Clock) {
    super(SAMPLE_RATE_HZ, 1, { streaming: true, alignedTranscript: plan.wordTimes ?? true });
    this.plan = plan;
    this.clock = clock;
  }

  /** Speaks one word. @throws Error where the plan says that the voice fails. */
  make(text: string): MadeWord {
    if (this.made.length === this.plan.failsAtWord) throw new Error('the voice failed, as planned');
    const samples = ((this.plan.wordMs ?? 100) * SAMPLE_RATE_HZ) / 1000;
    const word = { text, level: (this.made.length + 1) * LEVEL_STEP, samples };
    this.made.push(word);
    return word;
  }

  override synthesize(): tts.ChunkedStream {
    throw new Error('the comparison only streams');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new WordsStream(this, options?.connOptions ?? DEFAULT_API_CONNECT_OPTIONS);
  }
}

/** A voice that never gets a connection. */
class BrokenTTS extends WordsTTS {
  override label: string = 'compare.BrokenTTS';

  override make(): MadeWord {
    throw new APIConnectionError({ message: 'no connection, as planned' });
  }
}

/** What the session speaks with: the voice itself, or a `tts.FallbackAdapter` with a broken voice before it. */
export function voiceOf(words: WordsTTS): tts.TTS {
  if (!words.plan.isFallback) return words;
  return new tts.FallbackAdapter({
    ttsInstances: [new BrokenTTS(words.plan, words.clock), words],
    maxRetryPerTTS: 0,
  });
}

class WordsStream extends tts.SynthesizeStream {
  override label: string = 'compare.WordsStream';
  readonly #tts: WordsTTS;
  #spokenMs = 0;
  #isFirst = true;
  #isSilent = false;

  constructor(owner: WordsTTS, connOptions: APIConnectOptions) {
    super(owner, { ...connOptions, maxRetry: 0 });
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
    const { silentFor } = this.#tts.plan;
    if (silentFor !== undefined && text.includes(silentFor)) this.#isSilent = true;
    if (this.#isSilent) return;
    for (const word of splitWords(text)) {
      await this.#wait(word);
      if (this.abortController.signal.aborted) return;
      this.#put(word);
    }
  }

  async #wait(word: string): Promise<void> {
    if (word.trim() === '') return;
    const { firstSoundMs = 0, speed = Number.POSITIVE_INFINITY, wordMs = 100 } = this.#tts.plan;
    const waitMs = this.#isFirst ? firstSoundMs : wordMs / speed;
    this.#isFirst = false;
    if (waitMs > 0) await passed(this.#tts.clock, waitMs);
  }

  #put(text: string): void {
    const word = this.#tts.make(text);
    const frame = new AudioFrame(
      new Int16Array(word.samples).fill(word.level),
      SAMPLE_RATE_HZ,
      1,
      word.samples,
    );
    const startTime = this.#spokenMs / 1000;
    this.#spokenMs += (word.samples * 1000) / SAMPLE_RATE_HZ;
    const endTime = this.#spokenMs / 1000;
    const timedTranscripts = [voice.createTimedString({ text, startTime, endTime })];
    this.queue.put({
      requestId: 'request',
      segmentId: 'segment',
      final: false,
      frame,
      ...(this.#tts.capabilities.alignedTranscript ? { timedTranscripts } : {}),
    });
  }
}

/** Words with the white space after each; in a text without spaces, what a reader of the language takes for words. */
export function splitWords(text: string): string[] {
  const pieces = text.match(/\S+\s*/g) ?? [];
  return pieces.flatMap((piece) => {
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(piece))
      return [piece];
    return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(piece)].map(
      ({ segment }) => segment,
    );
  });
}

function passed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });
}
