import { msToSamples, type OncueEventOf } from '@oncue/core';
import type { CaptionOutcome } from '@oncue/core/wire';

type HeardChars = Pick<CaptionOutcome, 'heardChars' | 'unheardChars'>;

/**
 * Which characters of a text were heard.
 *
 * @param words Three numbers for each word, as `captionWords` gives them.
 * @param length How long the text is that pages know.
 */
export function heardSpans(
  event: OncueEventOf<'response_playback_finished'>,
  words: readonly number[],
  sampleRateHz: number,
  length: number,
): HeardChars {
  const { heardText, fullText, heardSamples } = event;
  if (!event.inaudible && fullText.startsWith(heardText))
    return { heardChars: Math.min(length, heardText.length) };
  const lost = (event.inaudible ?? []).map(({ fromMs, toMs }) => ({
    from: msToSamples(fromMs, sampleRateHz),
    to: msToSamples(toMs, sampleRateHz),
  }));
  const soundedSamples = lost.reduce((sum, { from, to }) => sum + to - from, heardSamples);
  let heardChars = 0;
  let beganAtSample = 0;
  const unheardChars: number[] = [];
  for (let at = 0; at < words.length; at += 3) {
    const endSample = words[at + 2] ?? 0;
    if (endSample > soundedSamples) break;
    const shownEnd = Math.min(length, words[at + 1] ?? 0);
    // A word that was heard only in part was not heard.
    const isLost = lost.some(({ from, to }) => from < endSample && to > beganAtSample);
    if (isLost && shownEnd > heardChars) addSpan(unheardChars, heardChars, shownEnd);
    heardChars = shownEnd;
    beganAtSample = endSample;
  }
  return unheardChars.length > 0 ? { heardChars, unheardChars } : { heardChars };
}

/** Joins it with the span before, if that ends there. */
function addSpan(spans: number[], from: number, to: number): void {
  if (spans.at(-1) === from && spans.length > 0) spans[spans.length - 1] = to;
  else spans.push(from, to);
}
