import { heardText } from './heard_text.ts';
import { splitWords } from './split_words.ts';

/**
 * The part of a caption that was heard. The caption may differ in form from the spoken text: in capitals, without
 * markdown, or longer by the text that came after a cut.
 *
 * @param caption - the text that is shown for the response.
 * @param of - the response's text, and the part of it that was heard.
 * @returns Where both start alike, `heardText` itself; else the prefix of the caption whose words stand for the heard
 *   ones, or, where the two have no words in common, in proportion. If nobody could hear the beginning or the middle, the
 *   words at the places of the heard ones.
 */
export function heardCaption(
  caption: string,
  { fullText, heardText: heard }: { readonly fullText: string; readonly heardText: string },
): string {
  // A caption that ends before what was heard is only late.
  if (caption.startsWith(heard) || heard.startsWith(caption)) return heard;
  if (!fullText.startsWith(heard)) return captionAtPlaces(caption, fullText, heard);
  // The offsets of the text serve as samples: what was heard ends at an offset.
  const words = splitWords(fullText).map(({ start, end }) => ({
    text: fullText.slice(start, end),
    endSamples: end,
  }));
  return heardText({
    text: caption,
    textEnded: true,
    words,
    heardSamples: heard.length,
    sentSamples: fullText.length,
    sampleRateHz: SAMPLE_RATE_HZ,
    audioEnded: true,
  }).text;
}

/** Roughly how many characters are spoken in a second. Only the order of magnitude matters here. */
const SAMPLE_RATE_HZ = 15;

/**
 * Of a response whose beginning or middle nobody could hear: the words of the caption at the places of the heard ones. The
 * heard words themselves if the caption has another number of words.
 */
function captionAtPlaces(caption: string, fullText: string, heard: string): string {
  const spoken = splitWords(fullText);
  const shown = splitWords(caption);
  if (spoken.length !== shown.length) return heard;
  const wanted = splitWords(heard);
  let next = 0;
  let text = '';
  for (const [place, { start, end }] of spoken.entries()) {
    const want = wanted[next];
    if (!want || fullText.slice(start, end) !== heard.slice(want.start, want.end)) continue;
    next += 1;
    text += caption.slice(shown[place - 1]?.shownEnd ?? 0, shown[place]?.shownEnd);
  }
  return text.trimStart();
}
