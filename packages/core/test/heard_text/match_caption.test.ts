// Tests for SPEC.md, "Heard text": which spoken words the words of a caption stand for [HT8].
import { describe, expect, it } from 'vitest';
import { matchCaption } from '../../src/heard_text/match_caption.ts';

/** For each word of the caption, what it stands for. */
function standsFor(caption: string, spoken: string): readonly string[] {
  const words = spoken.split(' ');
  return matchCaption(caption.split(' '), words).places.map(({ from, to }) =>
    words.slice(from, to).join(' '),
  );
}

describe('[HT8] a word of a caption stands for', () => {
  it.each([
    ['the same word, in any form', 'PAY Éclair 42% NOW!', 'pay eclair 42% now'],
    ['the same symbol', 'a & b', 'a & b'],
  ])('%s', (_, caption, spoken) => {
    expect(standsFor(caption, spoken)).toEqual(spoken.split(' '));
  });

  it.each([
    ['x one two', 'one two', ['', 'one', 'two']],
    ['one two', 'one x y two', ['one', 'two']],
    ['one two', 'x one two y', ['one', 'two']],
    ['one 50% two', 'one fifty percent two', ['one', 'fifty percent', 'two']],
    ['one p q two', 'one x two', ['one', 'x', 'x', 'two']],
    ['one p q two', 'one x y z two', ['one', 'x y', 'y z', 'two']],
    ['one two p', 'one two x y', ['one', 'two', 'x y']],
    ['p q r', 'x y z', ['x', 'y', 'z']],
  ])('%s, of %s', (caption, spoken, expected) => {
    expect(standsFor(caption, spoken)).toEqual(expected);
  });

  it('[HT8] no short word that both may have by chance', () => {
    expect(standsFor('p q in r', 's in t u v')).toEqual(['s in', 'in t', 't u', 'u v']);
    // A longer one, a number, or two in a row are no chance.
    expect(standsFor('p q Berlin r', 's Berlin t')).toEqual(['s', 's', 'Berlin', 't']);
    expect(standsFor('p q 7 r', 's 7 t')).toEqual(['s', 's', '7', 't']);
    expect(standsFor('p q in a r', 's in a t')).toEqual(['s', 's', 'in', 'a', 't']);
  });
});

it.each([
  ['nothing in common, and not as many words', 'p q', 'x y z', true],
  ['nothing in common', 'p q z', 'x y a', false],
  ['a word in common', 'word q', 'x y word', false],
])('[HT8] %s', (_, caption, spoken, isOtherText) => {
  expect(matchCaption(caption.split(' '), spoken.split(' ')).isOtherText).toBe(isOtherText);
});

it('[HT8] of two long texts only the beginning, the end and the order are compared', () => {
  const spoken = Array.from({ length: 600 }, (_, at) => `spoken${at}`);
  const shown = ['same', ...spoken.map((_, at) => `shown${at}`), 'spoken300', 'end'];
  const { places } = matchCaption(shown, ['same', ...spoken, 'end']);

  expect(places).toHaveLength(shown.length);
  expect([places[0], places.at(-1)]).toEqual([
    { from: 0, to: 1 },
    { from: 601, to: 602 },
  ]);
  // In the middle of 601 words that stand for 600.
  expect(places[301]).toEqual({ from: 300, to: 302 });
  // Not what it is in the other text.
  expect(places[601]).toEqual({ from: 600, to: 601 });
});
