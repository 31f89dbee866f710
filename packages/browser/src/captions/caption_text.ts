import type { HeardResponse, PassedPart } from './captions_api.ts';

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
  /** `spoken`, and in their places the words that passed and were not heard. To show these too, differently. */
  readonly passed: readonly PassedPart[];
  /** The word that sounds now, or will sound next. Empty while the page is muted, and when the response has ended. */
  readonly current: string;
  /** The text after it. After a cut: what was never played. */
  readonly unspoken: string;
}

/** The text to show for a response, as far as it was heard. A new object each time. */
export function captionParts(response: HeardResponse, mode: CaptionMode = 'karaoke'): CaptionParts {
  const { status, text, words, heardText, heardWords, passed, isMuted } = response;
  const isPlaying = status === 'playing';
  if (mode === 'instant' && (isPlaying || status === 'queued'))
    return { spoken: '', passed: [], current: '', unspoken: text };
  if (status === 'skipped') return { spoken: '', passed: [], current: '', unspoken: '' };
  const last = passed.at(-1);
  const passedChars = last ? last.at + last.text.length : 0;
  const word = isPlaying && !isMuted ? words[heardWords] : undefined;
  // The space before the word belongs to neither part that is marked, and must not be lost.
  const current = word ? text.slice(passedChars, word.end) : '';
  const unspoken = mode === 'karaoke' ? text.slice(passedChars + current.length) : '';
  return { spoken: heardText, passed, current, unspoken };
}
