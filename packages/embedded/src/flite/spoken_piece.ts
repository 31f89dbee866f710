import { log } from '@livekit/agents';
import type { FliteHost } from './flite_host.ts';
import type { FliteSpeech, FliteVoice } from './flite_protocol.ts';
import { MAX_TOKEN_CHARS, speakableText } from './speakable_text.ts';
import { type TimedWord, timeWords } from './word_timing.ts';

/** The sample rate of all voices. */
export const SAMPLE_RATE_HZ = 16_000;

/**
 * Silence kept before the first phone, in ms. flite makes 120–250 ms, all of which would be delay.
 *
 * Not 0, because flite's phone boundary and the first audible sample differ by up to about 15 ms in
 * either direction.
 * @internal
 */
export const LEAD_PAD_MS = 20;

/**
 * Sound kept after the last phone, in ms; flite makes 80–270 ms. In its first 50 ms the voice decays
 * but is still above 1 % of full scale.
 * @internal
 */
export const TRAIL_PAD_MS = 60;

/**
 * How long the end fades to zero, in ms, so that the rest of the voice does not click.
 */
const FADE_OUT_MS = 10;

/** Speech for one sentence, without silence at its ends. */
export interface SpokenPiece {
  /**
   * 16-bit mono at `SAMPLE_RATE_HZ`, with 20 ms before the first phone and at most 60 ms after the
   * last.
   */
  readonly samples: Int16Array;
  /** Times are relative to the first sample. The words' texts, joined, are the text of the piece. */
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
      'flite: words too long to be spoken were shortened',
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
 * Trims at flite's phone boundaries, not by loudness: a soft "f" or "h" at the start is as quiet as
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
