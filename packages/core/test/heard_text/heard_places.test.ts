// Tests for SPEC.md, "Heard text": which words of a text are in its heard text [HT1][AU3].
import { expect, it } from 'vitest';
import { heardPlaces } from '../../src/heard_text/heard_places.ts';
import { splitWords } from '../../src/heard_text/split_words.ts';

/** The places of the words that were heard. */
function places(fullText: string, heardText: string): readonly number[] | undefined {
  return heardPlaces(fullText, splitWords(fullText), heardText)?.flatMap((isHeard, place) =>
    isHeard ? [place] : [],
  );
}

it.each([
  ['', []],
  ['One, two, three', [0, 1, 2]],
  ['One, two, three one two.', [0, 1, 2, 3, 4]],
  ['two, three', [1, 2]],
  ['One, three', [0, 2]],
  ['One, one', [0, 3]],
  ['three two.', [2, 4]],
  // As it would be after the end.
  ['One, two, three one two. ', [0, 1, 2, 3, 4]],
])('[HT1] of "%s" in "One, two, three one two. "', (heardText, expected) => {
  expect(places('One, two, three one two. ', heardText)).toEqual(expected);
});

it('[HT1] where several words would do, it is the one after the word before', () => {
  expect(places('a b a b a c', 'a b c')).toEqual([0, 1, 5]);
  expect(places('x a b a b', 'a b')).toEqual([1, 2]);
});

it('[HT1] in a script without spaces a word may begin as another one does, which leads nowhere', () => {
  const words = ['ก', 'กา', 'กาแ', 'ฟ'];
  let from = 0;
  const spoken = words.map((word) => {
    const start = from;
    from += word.length;
    return { start, end: from, shownEnd: from };
  });
  const of = (heardText: string) => heardPlaces(words.join(''), spoken, heardText);

  expect(of('กาฟ')).toEqual([false, true, false, true]);
  expect(of('กาแฟ')).toEqual([false, false, true, true]);
  expect(of('กกาแฟ')).toEqual([true, false, true, true]);
});

it.each(['four', 'two three', 'One,two', 'three, two', 'One, two, three one two. and'])(
  '[HT1] "%s" is not made of the words',
  (heardText) => {
    expect(places('One, two, three one two. ', heardText)).toBeUndefined();
  },
);
