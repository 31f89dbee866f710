import { log } from '@livekit/agents';
import type { FliteHost } from './flite_host.ts';
import type { FliteSpeech, FliteVoice } from './flite_protocol.ts';
import { MAX_TOKEN_CHARS, speakableText } from './speakable_text.ts';
import { type TimedWord, timeWords } from './word_timing.ts';

/** What all voices speak at, in samples a second. */
export const SAMPLE_RATE_HZ = 16_000;

/**
 * Silence kept before the first phone, in ms. flite makes 120–250 ms of it, which would all be
 * delay.
 *
 * Not 0: flite's phone boundary and the first audible sample differ by up to about 15 ms in either
 * direction.
 */
export const LEAD_PAD_MS = 20;

/**
 * Sound kept after the last phone, in ms; flite makes 80–270 ms. In the first 50 ms the voice still
 * dies away above 1 % of full scale.
 */
export const TRAIL_PAD_MS = 60;

/**
 * How long the cut end fades to zero, in ms, so that what is left of the voice there does not
 * click.
 */
const FADE_OUT_MS = 10;

/** Speech for one sentence, without silence at its ends. */
export interface SpokenPiece {
  /**
   * 16-bit mono at `SAMPLE_RATE_HZ`; `LEAD_PAD_MS` before the first phone, at most `TRAIL_PAD_MS`
   * after the last.
   */
  readonly samples: Int16Array;
  /** Times count from the first of `samples`. Joined, their texts are the text that was given. */
  readonly words: readonly TimedWord[];
}

/**
 * Speaks one piece of text.
 *
 * @returns Undefined if nothing in it is spoken, or once `signal` aborts.
 * @internal
 */
export type Speak = (text: string, signal: AbortSignal) => Promise<SpokenPiece | undefined>;

/** @internal */
export async function speakPiece(
  host: FliteHost,
  voice: { readonly voice: FliteVoice; readonly durationStretch: number },
  text: string,
  signal: AbortSignal,
): Promise<SpokenPiece | undefined> {
  const speakable = speakableText(text);
  if (speakable.spoken === '') return undefined;
  if (speakable.cutTokenCount > 0) {
    log().warn(
      { cutTokenCount: speakable.cutTokenCount, maxTokenChars: MAX_TOKEN_CHARS },
      'flite: words too long to be spoken were cut',
    );
  }
  const speech = await host.synthesize({ text: speakable.spoken, ...voice }, signal);
  if (!speech?.voicedMs) return undefined;

  const { samples, startMs } = trim(speech, speech.voicedMs);
  const words = speech.tokens && timeWords(text, speakable, speech.tokens);
  if (!words)
    log().warn(
      { lengthChars: text.length },
      'flite: word times could not be read; the sentence is timed as a whole',
    );
  const whole = { text, startMs: speech.voicedMs.startMs, endMs: speech.voicedMs.endMs };
  return {
    samples,
    words: (words ?? [whole]).map((word) => ({
      ...word,
      startMs: word.startMs - startMs,
      endMs: word.endMs - startMs,
    })),
  };
}

/**
 * Cuts by flite's phone boundaries, not by loudness: a soft "f" or "h" at the start is as quiet as
 * the silence before it.
 */
function trim(
  speech: FliteSpeech,
  voicedMs: { readonly startMs: number; readonly endMs: number },
): { samples: Int16Array; startMs: number } {
  const samplesPerMs = SAMPLE_RATE_HZ / 1000;
  const first = Math.max(0, Math.round((voicedMs.startMs - LEAD_PAD_MS) * samplesPerMs));
  const end = Math.min(
    speech.samples.length,
    Math.round((voicedMs.endMs + TRAIL_PAD_MS) * samplesPerMs),
  );
  const samples = speech.samples.slice(first, end);

  const fade = Math.min(samples.length, FADE_OUT_MS * samplesPerMs);
  for (let left = 0; left < fade; left += 1) {
    const index = samples.length - 1 - left;
    samples[index] = Math.round((samples[index] ?? 0) * (left / fade));
  }
  return { samples, startMs: first / samplesPerMs };
}
