import { SAMPLE_RATE_HZ } from '../../src/fakes/words_tts.ts';
import type { Observed } from '../../src/observed.ts';

/** A reporter looks for pieces of 100 ms. What sounds for less before a cut, it cannot find. */
const FOUND_MS = 100;

/** A page that comes back is sent the rest of a word: two parts of it sound. */
const WHOLE_SHARE = 0.9;

/** What the judge does not count, and is no fault. */
export function isExcused(line: string, { ear, made }: Observed): boolean {
  const [, word, claim] = /^"(\w+)" (sounded|is said to be heard)/.exec(line) ?? [];
  const parts = ear.words(made).filter(({ word: { text } }) => text.startsWith(`${word}.`));
  const soundedMs = parts.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
  const [part] = parts;
  if (!part) return false;
  if (claim === 'sounded') return soundedMs < FOUND_MS;
  return soundedMs >= (WHOLE_SHARE * part.word.samples * 1000) / SAMPLE_RATE_HZ;
}
