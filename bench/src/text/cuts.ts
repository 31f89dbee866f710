import { type HeardTextQuery, heardText } from '@oncue/core';
import type { SpokenPiece, SpokenText } from './espeak.ts';

const SAMPLES_PER_MS = 24;

/** What Oncue knows about a response that is cut. */
export type Known =
  /** Word times as written, in other words, or only for what was sent so far. */
  | 'timed'
  /** Word times, of a voice that broke off: inside a word, which then has none. */
  | 'broken_off'
  /** Word times for the first part only. */
  | 'partly_timed'
  /** No word times; all audio was made before the cut. */
  | 'whole'
  /** No word times; text and audio were still being made. */
  | 'unfinished';

/** One cut. Words are those of the sentence as its author parted them. */
export interface CutScore {
  /** Words stated minus words heard to their end. */
  readonly offWords: number;
  /** It states letters of a word that was not heard to its end. */
  readonly isOverClaimed: boolean;
  readonly maxErrorWords: number;
}

/** Cuts one response at an instant and holds what core says against what was heard. */
export function cutAt(
  spoken: SpokenText,
  heardMs: number,
  known: Known,
  form: number,
  random: () => number,
): CutScore {
  const query = queryFor(spoken, heardMs, known, form, random);
  const stated = heardText(query);
  const heardCount = spoken.words.filter(({ endMs }) => endMs <= heardMs).length;
  const statedCount = spoken.words.filter(({ end }) => end <= stated.text.length).length;
  return {
    offWords: statedCount - heardCount,
    isOverClaimed: statedCount > heardCount,
    maxErrorWords: stated.maxErrorWords,
  };
}

function queryFor(
  spoken: SpokenText,
  heardMs: number,
  known: Known,
  form: number,
  random: () => number,
): HeardTextQuery {
  const whole: HeardTextQuery = {
    text: spoken.text,
    textEnded: true,
    words: [],
    heardSamples: Math.floor(heardMs * SAMPLES_PER_MS),
    sentSamples: Math.floor(spoken.totalMs * SAMPLES_PER_MS),
    sampleRateHz: SAMPLES_PER_MS * 1000,
    audioEnded: true,
  };
  if (known === 'whole') return whole;
  if (known === 'unfinished') return { ...whole, ...unfinished(spoken, heardMs, random) };
  if (known === 'partly_timed') {
    const part = spoken.pieces.slice(0, Math.ceil(spoken.pieces.length * (0.2 + 0.5 * random())));
    return { ...whole, words: timesOf(part, true) };
  }
  if (known === 'broken_off') return { ...whole, ...brokenOff(spoken, heardMs) };
  return { ...whole, ...timedIn(FORMS[form % FORMS.length] ?? 'written', spoken, heardMs, random) };
}

/** How word times come, by turns. */
export const FORMS = ['written', 'in_other_words', 'streamed'] as const;

function timedIn(
  form: (typeof FORMS)[number],
  spoken: SpokenText,
  heardMs: number,
  random: () => number,
): Partial<HeardTextQuery> {
  if (form === 'written') return { words: timesOf(spoken.pieces, true) };
  if (form === 'in_other_words') return { words: timesOf(spoken.pieces, false) };
  const open = unfinished(spoken, heardMs, random);
  const sent = timesOf(spoken.pieces, false).filter(
    ({ endSamples }) => endSamples <= open.sentSamples,
  );
  return { ...open, words: sent };
}

function brokenOff(spoken: SpokenText, heardMs: number): Partial<HeardTextQuery> {
  const sentSamples = Math.floor(heardMs * SAMPLES_PER_MS);
  const made = timesOf(spoken.pieces, true).filter(({ endSamples }) => endSamples <= sentSamples);
  return { sentSamples, words: made };
}

/** Word times as the sentence is written, or bare and with the engine's own words for numbers. */
function timesOf(pieces: readonly SpokenPiece[], asWritten: boolean): HeardTextQuery['words'] {
  return pieces.flatMap(({ written, endMs, said }) =>
    asWritten || !/[\p{N}%$]/u.test(written)
      ? [{ text: asWritten ? written : written.toLowerCase(), endSamples: endMs * SAMPLES_PER_MS }]
      : said.map((word) => ({ text: word.sounds, endSamples: word.endMs * SAMPLES_PER_MS })),
  );
}

/** What of text and audio was there at the cut, while both were still being made: the text may end inside a word. */
function unfinished(spoken: SpokenText, heardMs: number, random: () => number) {
  const sentMs = Math.min(spoken.totalMs, heardMs + 200 + random() * 2800);
  const saidEnd = spoken.pieces.find(({ endMs }) => endMs >= sentMs)?.end ?? spoken.text.length;
  const textEnd = Math.min(spoken.text.length, saidEnd + Math.floor(random() * 60));
  return {
    text: spoken.text.slice(0, textEnd),
    textEnded: textEnd === spoken.text.length,
    sentSamples: Math.floor(sentMs * SAMPLES_PER_MS),
    audioEnded: false,
  };
}
