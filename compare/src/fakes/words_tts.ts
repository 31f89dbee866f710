import { ReadableStream } from 'node:stream/web';
import {
  APIConnectionError,
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  tts,
  voice,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import type { PromiseOrder } from '../promise_order.ts';
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
  readonly order: PromiseOrder;

  constructor(plan: VoicePlan, clock: Clock, order: PromiseOrder) {
    super(SAMPLE_RATE_HZ, 1, { streaming: true, alignedTranscript: plan.wordTimes ?? true });
    this.plan = plan;
    this.clock = clock;
    this.order = order;
  }

  /** Speaks one word. @throws Error where the plan says that the voice fails. */
  make(text: string): MadeWord {
    if (this.made.length === this.plan.failsAtWord) {
      const message = 'the voice failed, as planned';
      throw this.plan.hasFallback ? new APIConnectionError({ message }) : new Error(message);
    }
    return this.note(text);
  }

  /** Gives a word its sound. */
  note(text: string): MadeWord {
    const samples = ((this.plan.wordMs ?? 100) * SAMPLE_RATE_HZ) / 1000;
    const word = { text, level: (this.made.length + 1) * LEVEL_STEP, samples };
    this.made.push(word);
    return word;
  }

  /** The sound of a text that was made before. */
  recording(text: string): ReadableStream<AudioFrame> {
    return ReadableStream.from(splitWords(text).map((word) => frameOf(this.note(word))));
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

/** The voice after another one, which has made words already. */
class SecondTTS extends WordsTTS {
  override label: string = 'compare.SecondTTS';
  readonly #first: WordsTTS;

  constructor(first: WordsTTS) {
    const { failsAtWord: _, ...plan } = first.plan;
    super(plan, first.clock, first.order);
    this.#first = first;
  }

  override make(text: string): MadeWord {
    return this.#first.note(text);
  }
}

/** What the session speaks with: the voice itself, or a `tts.FallbackAdapter` with a broken voice before it, or one after it. */
export function voiceOf(words: WordsTTS): tts.TTS {
  const { isFallback, hasFallback } = words.plan;
  if (!isFallback && !hasFallback) return words;
  return new tts.FallbackAdapter({
    ttsInstances: isFallback
      ? [new BrokenTTS(words.plan, words.clock, words.order), words]
      : [words, new SecondTTS(words)],
    maxRetryPerTTS: 0,
  });
}

class WordsStream extends tts.SynthesizeStream {
  override label: string = 'compare.WordsStream';
  readonly #tts: WordsTTS;
  #spokenMs = 0;
  #isFirst = true;
  #isSilent = false;
  #wordCount = 0;
  /** Times that come with the next word. */
  #late: voice.TimedString[] = [];

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
      const { order } = this.#tts;
      if (order.isDrawn) await order.waitForOthers();
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
    const frame = frameOf(word);
    const startTime = this.#spokenMs / 1000;
    this.#spokenMs += (word.samples * 1000) / SAMPLE_RATE_HZ;
    const endTime = this.#spokenMs / 1000;
    const timedTranscripts = this.#timesOf(text, startTime, endTime);
    this.queue.put({
      requestId: 'request',
      segmentId: 'segment',
      final: false,
      frame,
      ...(this.#tts.capabilities.alignedTranscript ? { timedTranscripts } : {}),
    });
  }

  #timesOf(text: string, startTime: number, endTime: number): voice.TimedString[] {
    const { oddTimes } = this.#tts.plan;
    this.#wordCount += 1;
    if (oddTimes === 'partly' && this.#wordCount > TIMED_WORDS) return [];
    const written = oddTimes === 'other_words' ? bare(text) : text;
    const times = [voice.createTimedString({ text: written, startTime, endTime })];
    if (oddTimes !== 'late') return times;
    const due = this.#late;
    this.#late = times;
    return due;
  }
}

/** Of a voice that gives the times only of the beginning. */
const TIMED_WORDS = 3;

/** The word as many engines give it back. */
function bare(text: string): string {
  return `${text.toLowerCase().replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '')} `;
}

function frameOf({ level, samples }: MadeWord): AudioFrame {
  return new AudioFrame(new Int16Array(samples).fill(level), SAMPLE_RATE_HZ, 1, samples);
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
