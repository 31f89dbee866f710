// Tests for SPEC.md, "Playback", heard text: properties of any text, any word times and any cut.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from '../../src/heard_text/split_words.ts';
import { type HeardTextQuery, heardText } from '../../src/index.ts';

const PIECES = [
  ...[
    'Hello',
    "don't",
    'well-known',
    'naïve',
    'Привет',
    'γεια',
    'नमस्ते',
    'வணக்கம்',
    'สวัสดีครับ',
    'ສະບາຍດີ',
  ],
  ...[
    '今天天气好',
    'こんにちは',
    '안녕하세요',
    'مرحبا',
    'שָׁלוֹם',
    'សួស្តី',
    'မင်္ဂလာပါ',
    'e\u0301tude',
    'a',
    'and',
  ],
  ...[
    '$1,250.50',
    '50%',
    '2026',
    '3.14',
    '👩‍👩‍👧‍👦',
    '👍🏽',
    '1️⃣',
    '🇩🇪',
    '<break time="1s"/>',
    '<b>',
    '**',
    '# ',
    '—',
  ],
  ...[
    ' ',
    ' ',
    ' ',
    '. ',
    ', ',
    '。',
    '、',
    '\n\n',
    '…',
    '(',
    ')',
    '“',
    '”',
    '-',
    '\u200d',
    '\u0301',
    '\ud83d',
  ],
];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const anyWords = fc.array(
  fc.record({
    text: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
    endSamples: fc.oneof(
      fc.nat(120_000),
      fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY),
    ),
  }),
  { maxLength: 25 },
);

/** Any response, including one whose times belong to other words or split its words differently. */
const anyResponse: fc.Arbitrary<HeardTextQuery> = fc
  .record({
    text: anyText,
    textEnded: fc.boolean(),
    words: anyWords,
    ownWords: fc.boolean(),
    heardShare: fc.double({ min: 0, max: 1, noNaN: true }),
    sentSamples: fc.integer({ min: 1, max: 100_000 }),
    sampleRateHz: fc.constantFrom(8000, 24_000, 48_000),
    audioEnded: fc.boolean(),
  })
  .map(({ ownWords, heardShare, ...of }) => ({
    ...of,
    words: ownWords ? wordsOf(of.text) : of.words,
    heardSamples: Math.floor(of.sentSamples * heardShare),
  }));

const wordsOf = (text: string) =>
  splitWords(text).map(({ start, end }, at) => ({
    text: text.slice(start, end),
    endSamples: (at + 1) * 4000,
  }));

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

it('[HT1] heard text is a prefix up to the end of a word and never splits a letter', () => {
  fc.assert(
    fc.property(anyResponse, (query) => {
      const { text } = heardText(query);
      expect(query.text.startsWith(text)).toBe(true);
      const graphemes = [0, ...Array.from(segmenter.segment(query.text), ({ index }) => index)];
      expect([...graphemes, query.text.length]).toContain(text.length);
      const ends = splitWords(query.text).map(({ shownEnd }) => shownEnd);
      expect([0, ...ends, query.text.length]).toContain(text.length);
    }),
    { numRuns: 1000 },
  );
});

it('[HT1] more samples never give less text', () => {
  fc.assert(
    fc.property(anyResponse, fc.nat(100_000), (query, other) => {
      const [less, more] = [query.heardSamples, Math.min(other, query.sentSamples)].sort(
        (a, b) => a - b,
      );
      const at = (heardSamples = 0) => heardText({ ...query, heardSamples }).text;
      expect(at(more).startsWith(at(less))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('[HT1] all of a finished text counts when all of its audio of usual length was heard, with or without word times', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, isTimed) => {
      const words = isTimed ? wordsOf(text) : [];
      const sentSamples = Math.max(4000 * words.length, 2400 * text.length) + 100;
      const of = {
        text,
        textEnded: true,
        words,
        sentSamples,
        sampleRateHz: 8000,
        audioEnded: true,
      };
      expect(heardText({ ...of, heardSamples: sentSamples }).text).toBe(text);
      expect(heardText({ ...of, heardSamples: 0 }).text).toBe('');
    }),
    { numRuns: 1000 },
  );
});

it('[HT3] word times give the heard words to the sample', () => {
  fc.assert(
    fc.property(anyText, fc.nat(100_000), (text, heardSamples) => {
      const spoken = splitWords(text);
      const words = wordsOf(text);
      // A symbol alone has no letters to align, and a prefix of a token has no end of its own.
      fc.pre(words.every((word) => /^[\p{L}\p{M}\p{N}]*\p{L}[\p{L}\p{M}\p{N}]*$/u.test(word.text)));
      const of = { text, textEnded: true, words, sampleRateHz: 8000, audioEnded: true };
      const heard = heardText({ ...of, heardSamples, sentSamples: 100_001 });
      const count = words.filter(({ endSamples }) => endSamples <= heardSamples).length;
      expect(heard.text).toBe(text.slice(0, spoken[count - 1]?.shownEnd ?? 0));
      expect(heard.maxErrorWords).toBe(0);
    }),
    { numRuns: 1000 },
  );
});
