import { heardPlaces } from './heard_places.ts';
import { heardText } from './heard_text.ts';
import { matchCaption, type StandsFor } from './match_caption.ts';
import { type SpokenWord, splitWords } from './split_words.ts';

/** A response's text, and the part of it that was heard. */
interface HeardOfText {
  readonly fullText: string;
  readonly heardText: string;
}

/**
 * The part of a caption that was heard. The caption may differ from the spoken text: it may be in capitals or without
 * markdown, leave out words, or go on after a cut. What it does not show is not in the result either: an application may have
 * left it out on purpose [HT8].
 *
 * @param caption - the text that is shown for the response.
 * @param mayGoOn - the caption is the text itself and may only be late: what was heard counts though it is not shown yet.
 *   Default `false`.
 * @returns `heardText` itself if the caption shows it; else the words of the caption that stand for the heard ones. Where
 *   the two have no words in common, about as much of it. All of the caption if the heard text is not of that text.
 */
export function heardCaption(
  caption: string,
  { fullText, heardText: heard }: HeardOfText,
  { mayGoOn = false }: { readonly mayGoOn?: boolean } = {},
): string {
  if (caption === fullText || caption.startsWith(heard)) return heard;
  if (mayGoOn && fullText.startsWith(caption)) return heard;
  const spoken = splitWords(fullText);
  const isHeard = heardPlaces(fullText, spoken, heard);
  if (heard === fullText || !isHeard) return caption;
  const shown = splitWords(caption);
  const { places, isOtherText } = matchCaption(wordsAt(caption, shown), wordsAt(fullText, spoken));
  if (isOtherText && fullText.startsWith(heard))
    return asMuchOf(caption, spoken, { fullText, heardText: heard });
  let text = '';
  for (const [place, standsFor] of places.entries()) {
    if (isHeardWord(standsFor, isHeard))
      text += caption.slice(shown[place - 1]?.shownEnd ?? 0, shown[place]?.shownEnd);
  }
  const [first] = places;
  return first && isHeardWord(first, isHeard) ? text : text.trimStart();
}

function wordsAt(text: string, words: readonly SpokenWord[]): readonly string[] {
  return words.map(({ start, end }) => text.slice(start, end));
}

/** All that it stands for was heard. A word that was added was heard with the word before it; at the start, with the next. */
function isHeardWord({ from, to }: StandsFor, isHeard: readonly boolean[]): boolean {
  if (from === to) return isHeard[Math.max(0, from - 1)] ?? false;
  return isHeard.slice(from, to).every(Boolean);
}

/** Roughly how many characters are spoken in a second. Only the order of magnitude matters here. */
const SAMPLE_RATE_HZ = 15;

/** The beginning of a caption in other words, by how long both usually take. The offsets of the text serve as samples. */
function asMuchOf(
  caption: string,
  spoken: readonly SpokenWord[],
  { fullText, heardText: heard }: HeardOfText,
): string {
  return heardText({
    text: caption,
    textEnded: true,
    words: spoken.map(({ start, end }) => ({ text: fullText.slice(start, end), endSamples: end })),
    heardSamples: heard.length,
    sentSamples: fullText.length,
    sampleRateHz: SAMPLE_RATE_HZ,
    audioEnded: true,
  }).text;
}
