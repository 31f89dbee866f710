import { maskSilent } from './silent_spans.ts';

/** One spoken word of a text. All offsets are UTF-16 offsets in the whole text. */
export interface SpokenWord {
  /** The offset of its first letter, digit or spoken symbol. */
  readonly start: number;
  /** The offset after its last one, including the marks that combine with it. */
  readonly end: number;
  /**
   * `end`, or the offset after the punctuation that closes the word. Text up to here is shown once the word was heard.
   */
  readonly shownEnd: number;
}

/** Letters, digits, and symbols that a speech engine speaks. */
const SPOKEN = String.raw`\p{L}\p{N}\p{Sc}%‰&+=@°×÷±§`;
/** From the first spoken character to the last, with the marks that combine with it. */
const SPOKEN_PART = new RegExp(String.raw`[${SPOKEN}](?:.*[${SPOKEN}\p{M}])?\p{M}*`, 'su');
/** A run without white space. A dash or an ellipsis between two words also separates them. */
const TOKEN = /(?:(?!--)[^\s—–…])+/gu;
/** An ellipsis, with the characters that combine with it. */
const ELLIPSIS = /…[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200d]*/uy;
/** Opening brackets and quotes, which belong to the next word. */
const OPENING = /[\p{Ps}\p{Pi}¿¡]+$/u;
/** Scripts that are written without a space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Tai_Tham}]/u;
/** Those of them in which every character is at least a syllable. */
const SYLLABIC =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}][\p{M}\u30fc]*|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}]+/gu;

/**
 * The words of a text, in order. White space separates words; in scripts without it, `Intl.Segmenter` does. Markup,
 * emoji and punctuation are not words.
 */
export function splitWords(text: string): readonly SpokenWord[] {
  const spoken = maskSilent(text);
  const words: SpokenWord[] = [];
  for (const { 0: token, index } of spoken.matchAll(TOKEN)) {
    const parts = UNSPACED.test(token) ? segmentsOf(token) : [token];
    const found: SpokenWord[] = [];
    let at = index;
    for (const part of parts) {
      const word = wordIn(part, at);
      if (word) found.push(word);
      at += part.length;
    }
    for (const [place, word] of found.entries()) {
      const next = found[place + 1]?.start;
      const until = next ?? index + token.length + ellipsisLength(spoken, index + token.length);
      const shown = spoken.slice(word.end, until).replace(OPENING, '');
      words.push({ ...word, shownEnd: word.end + shown.length });
    }
  }
  return words;
}

/**
 * The words of an unfinished text. Leaves out a word at its very end, since that may be the start of a longer one.
 *
 * @see splitWords
 */
export function splitOpenText(text: string): readonly SpokenWord[] {
  const words = splitWords(text);
  return words.at(-1)?.end === text.length ? words.slice(0, -1) : words;
}

function wordIn(part: string, at: number): SpokenWord | undefined {
  const match = SPOKEN_PART.exec(part);
  if (!match) return undefined;
  const start = at + match.index;
  const end = start + match[0].length;
  return { start, end, shownEnd: end };
}

function ellipsisLength(text: string, at: number): number {
  ELLIPSIS.lastIndex = at;
  return ELLIPSIS.exec(text)?.[0].length ?? 0;
}

let segmenter: Intl.Segmenter | undefined;

/**
 * The words in a run of a script without spaces. Without `Intl.Segmenter`, each Chinese or Japanese character counts as
 * a word. In the other scripts the whole run does, since a part of it might end inside a syllable.
 */
function segmentsOf(token: string): readonly string[] {
  if (typeof Intl === 'undefined' || typeof Intl.Segmenter === 'undefined') {
    return Array.from(token.matchAll(SYLLABIC), ([part]) => part);
  }
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  return Array.from(segmenter.segment(token), ({ segment }) => segment);
}
