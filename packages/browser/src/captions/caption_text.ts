import type { HeardResponse } from './captions_api.ts';

/**
 * How captions appear.
 *
 * - `karaoke`: the whole text at once; what was heard is marked as it is heard.
 * - `captions`: only what was heard, and the word that sounds now.
 * - `instant`: the whole text at once, unmarked; when it has ended, what was heard.
 */
export type CaptionMode = 'karaoke' | 'captions' | 'instant';

/** The text to show for a response, in three parts that follow each other. */
export interface CaptionParts {
  /** Words that were heard to their end. */
  readonly spoken: string;
  /** The word that sounds now, or will sound next. Empty when the response has ended. */
  readonly current: string;
  /** The text after it. After a cut: what was never heard. */
  readonly unspoken: string;
}

/** The text to show for a response, as far as it was heard. A new object each time. */
export function captionParts(response: HeardResponse, mode: CaptionMode = 'karaoke'): CaptionParts {
  const { status, text, words, heardText, heardWords } = response;
  const isUnderWay = status === 'queued' || status === 'playing';
  if (mode === 'instant' && isUnderWay) return { spoken: '', current: '', unspoken: text };
  const word = status === 'playing' ? words[heardWords] : undefined;
  // The space before the word belongs to neither part that is marked, and must not be lost.
  const current = word ? text.slice(heardText.length, word.end) : '';
  // What was heard may begin in the middle of the text: then there is no rest to show.
  const hasRest = mode === 'karaoke' && status !== 'skipped' && text.startsWith(heardText);
  const unspoken = hasRest ? text.slice(heardText.length + current.length) : '';
  return { spoken: heardText, current, unspoken };
}
