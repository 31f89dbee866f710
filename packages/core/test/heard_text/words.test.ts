// Tests for SPEC.md, "Playback", heard text: what counts as a word in each script.
import { afterEach, expect, it, vi } from 'vitest';
import { splitOpenText, splitWords } from '../../src/heard_text/split_words.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const wordsOf = (text: string): string[] =>
  splitWords(text).map(({ start, end }) => text.slice(start, end));
const shownOf = (text: string): string[] =>
  splitWords(text).map(({ start, shownEnd }) => text.slice(start, shownEnd));

it.each([
  [
    'English',
    "Don't stop, it's a well-known (old) trick!",
    "Don't|stop|it's|a|well-known|old|trick",
  ],
  ['Chinese', '今天天气非常好，我们走。', '今天|天气|非常|好|我们|走'],
  ['Japanese', '今日はいい天気です。', '今日|は|いい|天気|です'],
  ['Korean', '오늘은 날씨가 좋아요.', '오늘은|날씨가|좋아요'],
  ['Thai', 'วันนี้อากาศดีมาก', 'วัน|นี้|อากาศ|ดี|มาก'],
  ['Lao', 'ມື້ນີ້ອາກາດດີ', 'ມື້ນີ້|ອາກາດ|ດີ'],
  ['Khmer', 'ថ្ងៃនេះអាកាសធាតុល្អ', 'ថ្ងៃនេះ|អាកាសធាតុ|ល្អ'],
  ['Burmese', 'ဒီနေ့ရာသီဥတုသာယာပါတယ်', 'ဒီ|နေ့|ရာသီဥတု|သာယာ|ပါ|တယ်'],
  ['Arabic', 'مرحبا، كيف حالك؟', 'مرحبا|كيف|حالك'],
  ['Hebrew', 'שלום, מה שלומך?', 'שלום|מה|שלומך'],
  ['Hindi', 'नमस्ते, आप कैसे हैं।', 'नमस्ते|आप|कैसे|हैं'],
  ['Russian', 'Привет, как дела?', 'Привет|как|дела'],
  ['mixed scripts', 'Das iPhone手机很好 ok', 'Das|iPhone|手机|很好|ok'],
  ['numbers', 'It is $1,250.50 or 50% by 3/14/2026.', 'It|is|$1,250.50|or|50%|by|3/14/2026'],
  ['dashes', 'one—two -- three…four', 'one|two|three|four'],
])('[HT2] %s splits into these words', (_language, text, expected) => {
  expect(wordsOf(text).join('|')).toBe(expected);
});

it.each([
  ['SSML', '<speak>Hi <break time="500ms"/>there</speak>', 'Hi|there'],
  [
    'markdown',
    '**Bold** and _soft_\n- item\n# Head\n[link](https://example.org/a)',
    'Bold|and|soft|item|Head|link',
  ],
  ['emoji', 'Great 🎉👩‍👩‍👧 news 1️⃣ 🇩🇪 👍🏽!', 'Great|news'],
  ['an unfinished tag', 'Wait <break ti', 'Wait'],
  ['a comment', 'a <!-- not said --> b', 'a|b'],
])('[HT2] %s adds no words', (_kind, text, expected) => {
  expect(wordsOf(text).join('|')).toBe(expected);
});

it('[HT2] a less-than sign is not a tag', () => {
  expect(wordsOf('I <3 you, 2 < 3 and a <b or so')).toContain('you');
});

it('[HT2] a word is shown with its closing punctuation, not with the opening punctuation of the next', () => {
  expect(shownOf('“Well,” she said (twice). 「はい」と')).toEqual([
    'Well,”',
    'she',
    'said',
    'twice).',
    'はい」',
    'と',
  ]);
});

it('[HT2] between words without spaces, opening punctuation belongs to the next one, but not if it is closed again', () => {
  expect(shownOf('彼は「『はい』と')).toEqual(['彼', 'は', 'はい』', 'と']);
  expect(shownOf('彼は「」と')).toEqual(['彼', 'は「」', 'と']);
});

it('[HT2] an ellipsis is shown with the characters that combine with it', () => {
  expect(shownOf('Wait… Hello…\u200d\u0301 I see…\u0301… or not')).toEqual([
    'Wait…',
    'Hello…\u200d\u0301',
    'I',
    'see…\u0301',
    'or',
    'not',
  ]);
});

it('[HT5] half a word at the end of unfinished text does not count', () => {
  const textOf = (text: string) =>
    splitOpenText(text).map(({ start, end }) => text.slice(start, end));

  expect(textOf('Your account num')).toEqual(['Your', 'account']);
  expect(textOf('Your account number ')).toEqual(['Your', 'account', 'number']);
  expect(textOf('Your account number.')).toEqual(['Your', 'account', 'number']);
  expect(textOf('我们去公')).toEqual(['我们', '去']);
  expect(textOf('')).toEqual([]);
});

it.each([
  ['Intl.Segmenter', {}],
  ['Intl', undefined],
])(
  '[HT2] without %s, each Chinese character is a word and a run of Thai is one word',
  (_what, intl) => {
    vi.stubGlobal('Intl', intl);

    expect(wordsOf('今天 iPhone好 วันนี้อากาศ ดี')).toEqual([
      '今',
      '天',
      'iPhone',
      '好',
      'วันนี้อากาศ',
      'ดี',
    ]);
  },
);
