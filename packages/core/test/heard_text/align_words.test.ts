// Tests for SPEC.md, "Heard text": which words of a text the engine's timed words are, and when they ended [HT3].
import { describe, expect, it } from 'vitest';
import { alignWords, type TextPace, type TimedEnds } from '../../src/heard_text/align_words.ts';
import { splitWords } from '../../src/heard_text/split_words.ts';
import { timed } from '../support/heard_query.ts';

/** More may come: the timed words do not reach the end of the text. */
const OPEN: TextPace = { isComplete: false, shareOf: () => 1 };
/** All is there, and takes this share of its usual time. */
const complete = (share: number): TextPace => ({ isComplete: true, shareOf: () => share });

const align = (text: string, list: string, pace: TextPace = OPEN): TimedEnds =>
  alignWords(text, splitWords(text), timed(list), pace);
const endsOf = (...of: Parameters<typeof align>) => align(...of).endsSamples;

describe('words that are the same', () => {
  it.each([
    ['case', 'Hello THERE', 'hello:1 There:2', [1, 2]],
    ['accents and other marks', 'Café naïve', 'cafe:1 nai\u0308ve:2', [1, 2]],
    ['letters that differ in one case only', 'Straße ὁδός', 'STRASSE:1 ΟΔΟΣ:2', [1, 2]],
    ['a dot on a Turkish letter', 'İzmir ısparta', 'izmir:1 Isparta:2', [1, 2]],
    ['letters and digits in another form', 'ﬁt Ⅳ １２', 'fit:1 IV:2 12:3', [1, 2, 3]],
    ['punctuation', "don't well-known", 'dont:1 well—known.:2', [1, 2]],
    ['a letter that is nothing but a mark', 'a ﹺ b', 'a:1 ﹺ:2 b:3', [1, 2, 3]],
    ['how they are divided', 'one two three', 'on:1 et:2 wo:3 three:4', [2, 3, 4]],
    ['that several are one', 'one two three', 'onetwo:1 three:2', [1, 1, 2]],
  ])('[HT3] match, whatever %s', (_what, text, list, ends) => {
    expect(align(text, list)).toEqual({ endsSamples: ends, hasLeftover: false });
  });

  it.each([
    ['only a part of a word was said', 'one two', 'one:1 tw:2', [1]],
    ['the engine says more than the text has', 'one two', 'one:1 twofold:2', [1]],
    ['a word is another', 'one two', 'one:1 ten:2', [1]],
    ['a word is cut off at its end', 'one two', 'one:1 tho:2', [1]],
  ])('[HT3] the words before count if %s', (_what, text, list, ends) => {
    expect(endsOf(text, list)).toEqual(ends);
  });

  it('[HT3] none counts if no timed word matches: the times belong to something else', () => {
    expect(align('one two', 'x:1 y:2', complete(1))).toEqual({
      endsSamples: [],
      hasLeftover: false,
    });
  });

  it('[HT3] what is neither letter, digit nor symbol, or has no time, is skipped, and no end is before another', () => {
    const list = ',:9 %:9 One:10 .:90 two:NaN two:20 three:15 …:90 four:Infinity four:30';

    expect(endsOf('One two three four', list)).toEqual([10, 20, 20, 30]);
  });
});

describe('words that differ', () => {
  it.each([
    ['a number in words', 'a 50 b c', 'a:1 five:2 ty:3 b:4 c:5', [1, 3, 4, 5]],
    ['several words at once', 'a x y b c', 'a:1 p:2 q:3 r:4 b:5 c:6', [1, 4, 4, 5, 6]],
    ['a word that is not said ends with the next one', 'a x b c', 'a:1 b:3 c:4', [1, 3, 3, 4]],
    ['a word that is only said ends the one before', 'a b c', 'a:1 p:2 b:3 c:4', [2, 3, 4]],
    ['a word said before the first one belongs to none', 'a b', 'p:1 a:2 b:3', [2, 3]],
    ['the rest of a word that was said in part', 'a xyz b c', 'a:1 x:2 q:3 b:4 c:5', [1, 3, 4, 5]],
    ['a symbol in words', 'a % b c', 'a:1 percent:2 b:3 c:4', [1, 2, 3, 4]],
  ])('[HT3] between words that agree: %s', (_what, text, list, ends) => {
    expect(align(text, list)).toEqual({ endsSamples: ends, hasLeftover: false });
  });

  it('[HT3] one word alone does not show where the lists agree again', () => {
    expect(align('a this and b', 'a:1 one:2 and:3')).toEqual({
      endsSamples: [1],
      hasLeftover: true,
    });
    expect(align('a this and b', 'a:1 one:2 and:3 c:4')).toEqual({
      endsSamples: [1],
      hasLeftover: true,
    });
  });

  it('[HT3] a word that was said in part is not looked for again', () => {
    expect(endsOf('abc def', 'ab:1 abc:2 def:3')).toEqual([]);
  });

  it.each([
    [11, 1, true],
    [12, 1, false],
    [1, 47, true],
    [1, 48, false],
  ])(
    '[HT3] of %d other words in the text and %d spoken ones, the lists agree after them: %s',
    (inText, inSpeech, agree) => {
      const written = Array.from({ length: inText }, () => 'x').join(' ');
      const spoken = Array.from({ length: inSpeech }, () => 'p:2').join(' ');
      const gap = Array.from({ length: inText }, () => 2);

      expect(endsOf(`a ${written} b c`, `a:1 ${spoken} b:3 c:4`)).toEqual(
        agree ? [1, ...gap, 3, 4] : [1],
      );
    },
  );

  it.each([
    ['a word', '5 or 6 b c', 'five:1 or:2 six:3 b:4 c:5', [1, 2, 3, 4, 5]],
    [
      'a word that was begun twice',
      'x abc 5 d e',
      'x:1 ab:2 abc:3 five:4 d:5 e:6',
      [1, 3, 4, 5, 6],
    ],
    [
      'words that stand there twice',
      '5 and 6 or 7 or 8 b c',
      'five:1 and:2 six:3 or:4 seven:5 or:6 eight:7 b:8 c:9',
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
    ['the first spoken word', 'x or 5 b c', 'or:1 five:2 b:3 c:4', [1, 1, 2, 3, 4]],
    [
      'a word with extra words before it',
      'a 5 or 6 b c',
      'a:1 q:2 r:3 or:4 s:5 b:6 c:7',
      [1, 3, 4, 5, 6, 7],
    ],
    [
      'a word after another shared one and extra words',
      'x or and 5 b c',
      'q:1 or:2 r:3 and:4 s:5 b:6 c:7',
      [1, 3, 4, 5, 6, 7],
    ],
    [
      'a word that is the last one before they agree',
      'x or b c',
      'q:1 or:2 r:3 b:4 c:5',
      [1, 3, 4, 5],
    ],
  ])('[HT3] inside a gap, %s that both have keeps its own end', (_what, text, list, ends) => {
    expect(endsOf(text, list)).toEqual(ends);
  });

  it.each([
    ['not equally often', '5 or 6 or 7 b c', 'q:1 or:2 r:3 b:4 c:5', [3, 3, 3, 3, 3, 4, 5]],
    [
      'in another order',
      '5 and 6 or 7 b c',
      'q:1 or:2 r:3 and:4 s:5 b:6 c:7',
      [3, 4, 5, 5, 5, 6, 7],
    ],
  ])('[HT3] words that are in a gap %s end with the gap', (_what, text, list, ends) => {
    expect(endsOf(text, list)).toEqual(ends);
  });
});

describe('symbols', () => {
  it.each([
    ['the end of a word', 'a 5% b', 'a:1 5:2 %:3 b:4', [1, 3, 4]],
    ['one of the symbols of a word', '$5% b', '5:1 %:2 b:3', [2, 3]],
    ['a word of its own', '5 % b', '5:1 %:2 b:3', [1, 2, 3]],
    ['a word of two of them', '5 +% b', '5:1 +:2 %:3 b:4', [1, 3, 4]],
    ['only one of the two', '5 +% b', '5:1 %:2 b:3', [1, 3, 3]],
    ['none in the text', 'a b', 'a:1 %:2 b:3', [1, 3]],
    ['that of the next word, after which its letters are to come', 'a %off b', 'a:1 %:2', [1]],
    ['after a word that was said in part', '5% 67 b', '5%:1 6:2 %:3 7:4 b:5', [1, 4, 5]],
    ['none for a word of its own', '5 % b', '5:1 b:3', [1, 3, 3]],
    ['a euro, a degree and others', '€5 6° b', '5:1 €:2 6:3 °:4 b:5', [2, 4, 5]],
  ])('[HT3] timed alone: %s', (_what, text, list, ends) => {
    expect(endsOf(text, list)).toEqual(ends);
  });

  it.each([
    ['does not count at the end', 'a 5% b', 'a:1 5:2', [1], false],
    ['does not count if that is a currency', 'a 5€ b', 'a:1 5:2', [1], false],
    ['counts once it is timed', 'a 5% b', 'a:1 5:2 %:3', [1, 3], false],
    ['counts if it is part of the timed word', 'a 5% b', 'a:1 5%:2', [1, 2], false],
    [
      'lasts as long as the words that match nothing yet',
      'a 5% b',
      'a:1 5:2 per:3 cent:4',
      [1, 4],
      true,
    ],
    ['needs all of its symbols', 'a $5% b', 'a:1 5$:2', [1], false],
    ['counts once the next word has come', 'a 5% b', 'a:1 5:2 b:3', [1, 2, 3], false],
    ['counts if its symbols are timed in two places', 'a $5% b', 'a:1 $5:2 %:3', [1, 3], false],
  ])('[HT3] a word whose symbol may still be spoken %s', (_what, text, list, ends, hasLeftover) => {
    expect(align(text, list)).toEqual({ endsSamples: ends, hasLeftover });
  });
});

describe('the end of the text', () => {
  it('[HT3] if the speech is long enough for all of the text, what is left of both lists belongs together', () => {
    const text = 'a 5 dollars';
    const list = 'a:1 five:2 bucks:3';

    expect(align(text, list, complete(0.5))).toEqual({
      endsSamples: [1, 3, 3],
      hasLeftover: false,
    });
    expect(align(text, list, complete(0.49))).toEqual({ endsSamples: [1], hasLeftover: true });
    expect(align(text, list)).toEqual({ endsSamples: [1], hasLeftover: true });
  });

  it('[HT3] words without times stay without, and a symbol at the end is not waited for', () => {
    expect(align('a 5% b', 'a:1 5:2', complete(1))).toEqual({
      endsSamples: [1, 2],
      hasLeftover: false,
    });
  });

  it('[HT3] the last word of both shows that they agree', () => {
    const at = (text: string, pace: TextPace) => endsOf(text, 'x:1 or:2 y:3 b:4', pace);

    expect(at('a or 5 b', complete(1))).toEqual([1, 2, 3, 4]);
    expect(at('a or 5 b', complete(0.4))).toEqual([]);
    // Here "b" is not the last word of the text, so nothing agrees.
    expect(at('a or 5 b c', complete(1))).toEqual([]);
  });

  it('[HT3] how long the speech is, is asked for the words that have no end yet', () => {
    const asked: unknown[] = [];
    const pace: TextPace = {
      isComplete: true,
      shareOf: (words, samples) => {
        asked.push([words, samples]);
        return 0;
      },
    };
    endsOf('a b c 5 dollars', 'a:10 b:15 c:20 five:30 bucks:40', pace);
    endsOf('5 dollars', 'five:30 dollars:40', pace);

    expect(asked).toEqual([
      [
        { from: 3, to: 5 },
        { from: 20, to: 40 },
      ],
      // Whether the last word is that of the text, whether a number stands before it; then nothing has an end.
      [
        { from: 0, to: 2 },
        { from: 0, to: 40 },
      ],
      [
        { from: 0, to: 1 },
        { from: 0, to: 30 },
      ],
    ]);
  });
});

describe('a number before the last word that has come', () => {
  const after = (text: string, list: string, share = 1) =>
    endsOf(text, list, { isComplete: false, shareOf: () => share });

  it('[HT3] counts with that word, if what was said for it took 0.7 of its usual time', () => {
    expect(after('pay 15 lira now', 'pay:1 fif:2 teen:3 lira:4', 0.7)).toEqual([1, 3, 4]);
    expect(after('pay 15 lira now', 'pay:1 fif:2 teen:3 lira:4', 0.69)).toEqual([1]);
  });

  it.each([
    ['it is no number', 'pay no lira now', 'pay:1 none:2 lira:3'],
    ['another word stands between', 'pay 15 good lira now', 'pay:1 fifteen:2 lira:3'],
    ['nothing was said for it', 'pay 15 lira now', 'pay:1 lira:2'],
    ['the last word may go on', 'pay 15 liras now', 'pay:1 fifteen:2 lira:3'],
  ])('[HT3] does not count yet if %s', (_what, text, list) => {
    expect(after(text, list)).toEqual([1]);
  });

  it('[HT3] is measured from the end of the word before it to the end of what was said for it', () => {
    const asked: unknown[] = [];
    alignWords(
      'pay 15 lira now',
      splitWords('pay 15 lira now'),
      timed('pay:10 fif:20 teen:30 lira:40'),
      {
        isComplete: false,
        shareOf: (words, samples) => {
          asked.push([words, samples]);
          return 1;
        },
      },
    );

    expect(asked[0]).toEqual([
      { from: 1, to: 2 },
      { from: 10, to: 30 },
    ]);
  });
});
