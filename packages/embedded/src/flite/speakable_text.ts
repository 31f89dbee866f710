/** A text that flite can read, and where each of its characters came from. */
export interface SpeakableText {
  /**
   * Printable ASCII, single spaces, no space at either end. Empty if nothing of the text can be
   * spoken.
   */
  readonly spoken: string;
  /** For each character of `spoken`, its index in the original text. Never decreases. */
  readonly sourceIndexes: readonly number[];
  /** How many tokens were shortened to `MAX_TOKEN_CHARS`. */
  readonly cutTokenCount: number;
}

/**
 * The most characters that are spoken of a text without a space.
 *
 * flite spells unknown words: 60 letters are 19 s of sound; 3,000 letters were 655 s and kept the
 * worker busy for 21 s. Real words are shorter. Anything longer is a hash or a URL, and nobody listens
 * to the rest of it.
 */
export const MAX_TOKEN_CHARS = 40;

/** Characters that are read by name, or that Unicode normalization does not fold to ASCII. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\u2018': "'",
    '\u2019': "'",
    '\u201a': "'",
    '\u201b': "'",
    '\u2032': "'",
    '\u02bc': "'",
    '\u201c': '"',
    '\u201d': '"',
    '\u201e': '"',
    '\u201f': '"',
    '\u2033': '"',
    '«': '"',
    '»': '"',
    '…': '...',
    '×': ' times ',
    '÷': ' divided by ',
    '±': ' plus or minus ',
    '≈': ' about ',
    '≠': ' is not ',
    '≤': ' at most ',
    '≥': ' at least ',
    '½': ' one half ',
    '¼': ' one quarter ',
    '¾': ' three quarters ',
    '²': ' squared',
    '³': ' cubed',
    '°': ' degrees',
    '€': ' euros',
    '£': ' pounds',
    '¥': ' yen',
    '©': '',
    '®': '',
    '™': '',
    ß: 'ss',
    ẞ: 'SS',
    æ: 'ae',
    Æ: 'AE',
    ø: 'o',
    Ø: 'O',
    œ: 'oe',
    Œ: 'OE',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    þ: 'th',
    ı: 'i',
    '\u2010': '-',
    '\u2011': '-',
    '\u2212': '-',
    '^': ' ',
    '~': ' ',
    '|': ' ',
    '\\': ' ',
    '{': ' ',
    '}': ' ',
  }),
);

/** Tried in this order at each position; each consumes at least one character. */
const RULES: readonly {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray) => string;
}[] = [
  { pattern: /(?<=^|\n)[ \t]*(?:#{1,6}|[-*+•]|>)[ \t]+/y, say: () => ' ' }, // heading, bullet, quotation
  { pattern: /!?\[(?=[^\]\n]{0,500}\]\()/y, say: () => '' }, // a link's text stays …
  { pattern: /\]\([^)\s]{0,2000}\)/y, say: () => '' }, // … its address goes
  { pattern: /<\/?[A-Za-z][^<>\n]*>/y, say: () => ' ' },
  { pattern: /(?<=\d\s*)\*(?=\s*\d)/y, say: () => ' times ' },
  { pattern: /(?<=\w)_+(?=\w)/y, say: () => ' ' },
  { pattern: /[*_`]+|~~/y, say: () => '' },
  {
    pattern: /([€£¥])\s?(\d(?:[\d.,]*\d)?)/y,
    say: ([, sign = '', amount = '']) => `${amount}${REPLACEMENTS.get(sign) ?? ''}`,
  },
  { pattern: /°\s?C\b/y, say: () => ' degrees Celsius' },
  { pattern: /°\s?F\b/y, say: () => ' degrees Fahrenheit' },
  { pattern: /(?<=\d\s*)[–—](?=\s*\d)/y, say: () => ' to ' },
  { pattern: /[–—―]+/y, say: () => ', ' },
];

function sayCharacter(character: string): string {
  const replacement = REPLACEMENTS.get(character);
  if (replacement !== undefined) return replacement;
  if (/[\x20-\x7e]/.test(character)) return character;
  if (/[\s]/.test(character)) return ' ';
  // Joiners and variation selectors sit inside words and emoji; a space there would break a word in
  // two.
  if (/[\p{Cc}\p{Cf}\p{M}]/u.test(character)) return '';
  const folded = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[\x20-\x7e]+$/.test(folded) ? folded : ' ';
}

/** What to say for the text at `index`, and how many characters of it that covers. */
function sayAt(text: string, index: number): { said: string; lengthChars: number } {
  for (const { pattern, say } of RULES) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (match) return { said: say(match), lengthChars: match[0].length };
  }
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  return { said: sayCharacter(character), lengthChars: character.length };
}

/**
 * Turns the text of a language model into text that flite reads well.
 *
 * It removes Markdown, tags and emoji, folds letters with marks (`ö` becomes `o`), turns quotes,
 * dashes, `°`, `€` and the like into ASCII or words, and drops scripts that flite has no voice for.
 * A leading `-` is safe, because flite gets the text as the value of `-t`.
 */
export function speakableText(text: string): SpeakableText {
  let spoken = '';
  const sourceIndexes: number[] = [];
  let tokenChars = 0;
  let cutTokenCount = 0;

  const put = (character: string, sourceIndex: number): void => {
    if (character === ' ') {
      tokenChars = 0;
      if (spoken === '' || spoken.endsWith(' ')) return;
    } else {
      tokenChars += 1;
      if (tokenChars === MAX_TOKEN_CHARS + 1) cutTokenCount += 1;
      if (tokenChars > MAX_TOKEN_CHARS) return;
    }
    spoken += character;
    sourceIndexes.push(sourceIndex);
  };

  for (let index = 0; index < text.length; ) {
    const { said, lengthChars } = sayAt(text, index);
    for (const character of said) put(character, index);
    index += lengthChars;
  }
  const trimmed = spoken.trimEnd();
  const isSpeakable = /[A-Za-z0-9$%&@#+=]/.test(trimmed);
  return {
    spoken: isSpeakable ? trimmed : '',
    sourceIndexes: isSpeakable ? sourceIndexes.slice(0, trimmed.length) : [],
    cutTokenCount,
  };
}
