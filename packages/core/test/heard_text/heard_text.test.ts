// Tests for SPEC.md, "Playback", heard text: with word times, without them, and with some of them.
import { describe, expect, it } from 'vitest';
import { type HeardTextQuery, heardText } from '../../src/index.ts';
import { response, timed } from '../support/heard_query.ts';

describe('with word times', () => {
  const heardAt = (text: string, list: string, of: Partial<HeardTextQuery> = {}) =>
    [100, 200, 300, 400, 500, 600, 700, 800]
      .map((heardSamples) => {
        const query = { words: timed(list), heardSamples, sentSamples: 800, ...of };
        return heardText(response(text, query)).text;
      })
      .join(' / ');

  it('[HT3] a word counts once it was heard to its end, and not a sample earlier', () => {
    const at = (heardSamples: number) =>
      heardText(response('One, two.', { words: timed('One,:300 two.:800'), heardSamples }));

    expect(at(299)).toEqual({ text: '', source: 'word_timings', maxErrorWords: 0 });
    expect(at(300)).toEqual({ text: 'One,', source: 'word_timings', maxErrorWords: 0 });
    expect(at(10_000)).toEqual({ text: 'One, two.', source: 'word_timings', maxErrorWords: 0 });
  });

  it('[HT3] the word after a number counts as soon as its time has come, if the number has had its time', () => {
    const open = { textEnded: false, audioEnded: false, heardSamples: 900, sentSamples: 1200 };
    const after = (text: string, list: string) =>
      heardText(response(text, { ...open, words: timed(list) })).text;

    expect(after('Pay 15 lira now and', 'Pay:250 fifteen:800 lira:900')).toBe('Pay 15 lira');
    // This "and" stands inside the number.
    expect(after('Pay 150 and no', 'Pay:250 one:400 hundred:600 and:700')).toBe('Pay');
  });

  it.each([
    [
      'case, punctuation and accents',
      '“Café, NOW”—go!',
      'cafe:300 now:500 Go:700',
      ' /  / “Café, / “Café, / “Café, NOW” / “Café, NOW” / “Café, NOW”—go! / “Café, NOW”—go!',
    ],
    [
      'a number in words',
      'Pay $1,250 and more',
      'Pay:100 one:200 thousand:300 two:350 hundred:400 and:450 fifty:500 dollars:600 and:700 more:800',
      'Pay / Pay / Pay / Pay / Pay / Pay $1,250 / Pay $1,250 and / Pay $1,250 and more',
    ],
    [
      'a symbol in words',
      'Now 50% off',
      'now:100 50:300 percent:500 off:700',
      'Now / Now / Now / Now / Now 50% / Now 50% / Now 50% off / Now 50% off',
    ],
    [
      'a symbol timed alone, at the end of a word',
      'Now 50% off',
      'now:100 50:300 %:500 off:700',
      'Now / Now / Now / Now / Now 50% / Now 50% / Now 50% off / Now 50% off',
    ],
    [
      'a symbol timed alone, as a word',
      '好50%',
      '好:200 50:300 %:700',
      ' / 好 / 好50 / 好50 / 好50 / 好50 / 好50% / 好50%',
    ],
    [
      'a letter that is only a mark',
      'a ﹺ b',
      'a:100 ﹺ:300 b:500',
      'a / a / a ﹺ / a ﹺ / a ﹺ b / a ﹺ b / a ﹺ b / a ﹺ b',
    ],
    [
      'a word between two numbers',
      '$5 or $6 now or never',
      'five:100 dollars:200 or:300 six:400 dollars:500 now:600 or:700 never:800',
      ' / $5 / $5 or / $5 or / $5 or $6 / $5 or $6 now / $5 or $6 now or / $5 or $6 now or never',
    ],
    [
      'a number at the end',
      'It is 42',
      'it:100 is:200 forty:400 two:600',
      'It / It is / It is / It is / It is / It is 42 / It is 42 / It is 42',
    ],
    [
      'words in pieces',
      'Hello there',
      'Hel:100 lo:200 th:300 ere:500',
      ' / Hello / Hello / Hello / Hello there / Hello there / Hello there / Hello there',
    ],
    [
      'several words in one',
      'go to the park',
      'go_to:300 the_park:700',
      ' /  / go to / go to / go to / go to / go to the park / go to the park',
    ],
    [
      'single characters of Chinese',
      '今天天气好',
      '今:100 天:200 天:300 气:400 好:600',
      ' / 今天 / 今天 / 今天天气 / 今天天气 / 今天天气好 / 今天天气好 / 今天天气好',
    ],
    [
      'punctuation as words',
      'Yes, I do',
      'Yes:100 ,:150 I:300 do:500',
      'Yes, / Yes, / Yes, I / Yes, I / Yes, I do / Yes, I do / Yes, I do / Yes, I do',
    ],
    [
      'SSML in the text',
      'Hi <break time="1s"/> there',
      'Hi:200 there:700',
      ' / Hi / Hi / Hi / Hi / Hi / Hi <break time="1s"/> there / Hi <break time="1s"/> there',
    ],
  ])('[HT3] %s: no word counts before its end', (_kind, text, list, expected) => {
    const words = timed(list).map(({ text: word, endSamples }) => ({
      text: word.replace('_', ' '),
      endSamples,
    }));
    expect(heardAt(text, list, { words })).toBe(expected);
  });

  it('[HT3] words that the engine paraphrased together count together, and the result says so', () => {
    const query = { words: timed('a:100 q:200 r:300 s:400 b:500 c:600'), sentSamples: 700 };

    expect(heardText(response('a 1 2 3 b c', { ...query, heardSamples: 350 }))).toEqual({
      text: 'a',
      source: 'word_timings',
      maxErrorWords: 2,
    });
    expect(heardText(response('a 1 2 3 b c', { ...query, heardSamples: 400 }))).toEqual({
      text: 'a 1 2 3',
      source: 'word_timings',
      maxErrorWords: 0,
    });
  });

  it('[HT3] a symbol that the engine may still speak waits for the next word', () => {
    const of = { audioEnded: false, textEnded: false, sentSamples: 420, heardSamples: 420 };

    expect(heardText(response('Now 50% off', { ...of, words: timed('now:100 50:300') })).text).toBe(
      'Now',
    );
    expect(
      heardText(response('Now 50% off', { ...of, words: timed('now:100 50%:300') })).text,
    ).toBe('Now 50%');
  });

  it('[HT3] late word times claim no word, and after partial ones the pace continues', () => {
    const text = 'One two three four five six seven eight nine ten';
    const words = timed('One:400 two:800 three:1200 four:1600');
    const at = (heardSamples: number, of: Partial<HeardTextQuery>) =>
      heardText(response(text, { words, heardSamples, sentSamples: heardSamples, ...of }));

    expect(at(1900, { audioEnded: false })).toMatchObject({
      text: 'One two three four',
      source: 'word_timings',
    });
    expect(at(4400, { audioEnded: true }).text).toBe(text);
    const inRest = at(3000, { audioEnded: true, sentSamples: 4400 });
    expect(inRest).toMatchObject({
      text: 'One two three four five six seven',
      source: 'proportional',
    });
    expect(inRest.maxErrorWords).toBeGreaterThan(0);
  });

  it('[HT6] truncated speech claims no more than its audio can hold', () => {
    const text = 'Your code is four two seven one nine eight six';
    const words = timed('Your:300 code:700');
    const query = { words, sentSamples: 750, heardSamples: 750 };
    const untimed = { sentSamples: 500, heardSamples: 500 };

    expect(heardText(response(text, query)).text).toBe('Your code');
    expect(heardText(response(text, untimed)).text).toBe('Your');
    expect(
      heardText(response(text, { ...query, words: timed('Your:300 code:700 is:900 four:1300') }))
        .text,
    ).toBe('Your code');
  });

  it('[HT3][regression] a repeated word does not match its second occurrence at the end of unfinished text', () => {
    const query = {
      words: timed('pay:200 two:500 hundred:800 lira:1200'),
      textEnded: false,
      audioEnded: false,
      heardSamples: 1500,
      sentSamples: 1500,
    };

    // A number follows "pay", and "lira" may be part of it or follow it. The second "lira" comes much later.
    expect(heardText(response('Pay 200 lira, for members 15 lira ', query)).text).toBe('Pay');
  });

  it('[HT3] what was said for a number is measured at the pace of the words before it, first at the usual one', () => {
    const open = { textEnded: false, audioEnded: false, heardSamples: 5000 };
    const after = (text: string, list: string) =>
      heardText(response(text, { ...open, words: timed(list) })).text;

    // Of the 780 ms that "15" usually takes at the start, 0.7 are 546 ms.
    expect(after('15 lira now', 'fifteen:546 lira:900')).toBe('15 lira');
    expect(after('15 lira now', 'fifteen:545 lira:900')).toBe('');
    // "Pay" took twice its 250 ms, so 0.7 of the 740 ms of "15" are 1036 ms here.
    expect(after('Pay 15 lira now', 'Pay:500 fifteen:1536 lira:1800')).toBe('Pay 15 lira');
    expect(after('Pay 15 lira now', 'Pay:500 fifteen:1535 lira:1800')).toBe('Pay');
  });

  it('[HT3] the rest of the words is taken for the rest of the text only once both are complete', () => {
    const of = { words: timed('Pay:250 five:600 bucks:1000'), heardSamples: 1000 };
    const heard = (of2: Partial<HeardTextQuery>) =>
      heardText(response('Pay 5 dollars ', { ...of, sentSamples: 1100, ...of2 }));

    expect(heard({})).toEqual({
      text: 'Pay 5 dollars',
      source: 'word_timings',
      maxErrorWords: 0,
    });
    expect(heard({ audioEnded: false }).text).toBe('Pay');
    expect(heard({ textEnded: false }).text).toBe('Pay');
  });

  it('[HT3] a symbol after which nothing comes is not waited for', () => {
    const of = { words: timed('now:200 50:900'), heardSamples: 900, sentSamples: 1000 };

    expect(heardText(response('Now 50%', of))).toEqual({
      text: 'Now 50%',
      source: 'word_timings',
      maxErrorWords: 0,
    });
  });

  it('[HT1] without a sample nothing was heard, though a word is said to end there', () => {
    const words = timed('One:0 two:100');

    expect(heardText(response('One two', { words })).text).toBe('');
    expect(heardText(response('One two', { words, heardSamples: 1 })).text).toBe('One');
  });

  it('[HT3] engine words that cannot be matched yet claim nothing', () => {
    const of = { textEnded: false, audioEnded: false, heardSamples: 3200, sentSamples: 3200 };
    const words = timed('pay:200 one:500 thousand:900 two:1200 hundred:1500 and:1600');

    expect(heardText(response('Pay 1,250 now or never', { ...of, words })).text).toBe('Pay');
  });

  it('[HT3] times of entirely different words are not used', () => {
    const words = timed('x:300 y:600 z:900');
    const heard = heardText(response('One two three four', { words, heardSamples: 5000 }));

    expect(heard.source).toBe('proportional');
    expect(heard.text).toBe('One two');
  });

  it('[HT3] times that are not numbers, decrease or belong to no word do no harm', () => {
    const words = [
      { text: 'One', endSamples: 300 },
      { text: 'two', endSamples: Number.NaN },
      { text: '', endSamples: 400 },
      { text: 'three', endSamples: 200 },
    ];

    expect(heardText(response('One two three', { words, heardSamples: 299 })).text).toBe('');
    expect(heardText(response('One two three', { words, heardSamples: 10_000 })).text).toBe(
      'One two three',
    );
  });
});

describe('without word times', () => {
  const CHINESE = '今天天气非常好我们可以去公园散步';

  it('[HT4][regression] Chinese is heard word by word', () => {
    const almost = heardText(response(CHINESE, { heardSamples: 9900 }));

    expect(CHINESE.startsWith(almost.text)).toBe(true);
    expect(almost.text.length).toBeGreaterThan(12);
    expect(almost.source).toBe('proportional');
  });

  it.each([
    ['Chinese', CHINESE, 1800, '今天天气非常'],
    ['Thai', 'วันนี้อากาศดีมากเราไปเดินเล่นกัน', 1000, 'วันนี้อากาศ'],
    ['English', 'Today the weather is very good', 1000, 'Today the'],
  ])(
    '[HT4] unfinished %s is estimated from the pace of its script',
    (_language, text, ms, expected) => {
      const made = heardText(
        response(text, { heardSamples: ms, sentSamples: ms, audioEnded: false }),
      );

      expect(made.text).toBe(expected);
      expect(made.maxErrorWords).toBeGreaterThan(0);
    },
  );

  it('[HT4][HT7] of no audio nothing was heard, and nothing is in doubt', () => {
    expect(heardText(response('One two', {}))).toEqual({
      text: '',
      source: 'proportional',
      maxErrorWords: 0,
    });
  });

  it('[HT4] a number takes as long as its spoken words', () => {
    const of = { heardSamples: 5000 };
    const short = heardText(response('aa bb cc dd 1,234,567 ee ff', of)).text;

    expect(short).toBe('aa bb cc dd');
  });

  it('[HT4] a pause that the markup requests is not speech', () => {
    const paused = response('One two <break time="5s"/> three four', { heardSamples: 5500 });

    expect(heardText(paused).text).toBe('One two');
  });

  it('[HT4] a tag, a mark and an emoji take no time', () => {
    const at = { heardSamples: 5500 };
    const plain = heardText(response('one two three four', at)).text;
    const marked = heardText(response('<speak>**one** _two_ 🎉🎉🎉🎉 three four</speak>', at)).text;

    expect(plain).toBe('one two');
    expect(marked).toBe('<speak>**one** _two_');
  });

  it('[HT5][regression] half a token at the end of unfinished text does not count as a word', () => {
    const of = { heardSamples: 900, sentSamples: 900, audioEnded: false, textEnded: false };

    expect(heardText(response('Your account num', of)).text).toBe('Your account');
    expect(heardText(response('Your account num', { ...of, audioEnded: true })).text).toBe(
      'Your account',
    );
  });

  it('[HT7] the stated error is 0 if all of a complete audio was heard', () => {
    const all = heardText(
      response('One two three four five six.', { sentSamples: 2000, heardSamples: 2000 }),
    );

    expect(all).toEqual({
      text: 'One two three four five six.',
      source: 'proportional',
      maxErrorWords: 0,
    });
  });

  it('[HT7] words that end within the error of the position count as uncertain, though their times are exact', () => {
    const words = timed('alpha:400 beta:800 gamma:1200');
    const errorAt = (heardSamples: number, heardErrorSamples: number): number =>
      heardText(
        response('alpha beta gamma', { words, sentSamples: 1200, heardSamples, heardErrorSamples }),
      ).maxErrorWords;

    expect(errorAt(850, 0)).toBe(0);
    expect(errorAt(850, 40)).toBe(0);
    expect(errorAt(850, 60)).toBe(1);
    expect(errorAt(760, 40)).toBe(1);
    expect(errorAt(820, 450)).toBe(2);
    expect(errorAt(100, 200)).toBe(0);
    expect(errorAt(0, 400)).toBe(1);
    expect(errorAt(0, 399)).toBe(0);
  });

  it('[HT7] audio that is shorter than usual may be truncated, and the error allows for that', () => {
    const text = 'One two three four five six seven eight nine ten.';
    const fast = heardText(response(text, { sentSamples: 1500, heardSamples: 1500 }));

    expect(fast.text).toBe(text);
    expect(fast.maxErrorWords).toBeGreaterThan(2);
  });

  it('[HT1] a text without words was heard when its audio was heard', () => {
    expect(heardText(response('🎉', { heardSamples: 10_000 })).text).toBe('🎉');
    expect(heardText(response('🎉', { heardSamples: 5000 })).text).toBe('');
    expect(heardText(response('🎉', { heardSamples: 10_000, audioEnded: false })).text).toBe('');
    expect(heardText(response('🎉', { sentSamples: 0 })).text).toBe('');
  });
});
