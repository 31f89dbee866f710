import { heardText } from './heard_text.ts';
import { splitWords } from './split_words.ts';

/**
 * The part of a caption that was heard. The caption may differ in form from the spoken text: in capitals, without
 * markdown, or longer by the text that came after a cut.
 *
 * @param caption - the text that is shown for the response.
 * @param of - the response's text, and the part of it that was heard.
 * @returns Where both start alike, `heardText` itself; else the prefix of the caption whose words stand for the heard
 *   ones, or, where the two have no words in common, in proportion.
 */
export function heardCaption(
  caption: string,
  { fullText, heardText: heard }: { readonly fullText: string; readonly heardText: string },
): string {
  // A caption that ends before what was heard is only late.
  if (caption.startsWith(heard) || heard.startsWith(caption)) return heard;
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
    sentSamples: Math.max(1, fullText.length),
    sampleRateHz: SAMPLE_RATE_HZ,
    audioEnded: true,
  }).text;
}

/** Roughly how many characters are spoken in a second. Only the order of magnitude matters here. */
const SAMPLE_RATE_HZ = 15;
