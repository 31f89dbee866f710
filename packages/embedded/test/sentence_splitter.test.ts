import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SentenceSplitter, type TextPiece } from '../src/flite/sentence_splitter.ts';

function split(...pushes: string[]): TextPiece[] {
  const splitter = new SentenceSplitter();
  return [...pushes.flatMap((text) => splitter.push(text)), ...splitter.flush()];
}
const texts = (text: string): string[] => split(text).map((piece) => piece.text);

describe('sentence splitter', () => {
  it('gives a sentence as soon as the space after it arrives', () => {
    const splitter = new SentenceSplitter();

    expect(splitter.push('Sure.')).toEqual([]);
    expect(splitter.push(' ')).toEqual([{ text: 'Sure. ', endsSentence: true }]);
    expect(splitter.flush()).toEqual([]);
  });

  it.each([
    ['closing quotes belong to it', 'He said "no." Then left.', ['He said "no." ', 'Then left.']],
    ['a line is a sentence', 'One\nTwo', ['One\n', 'Two']],
    ['titles go on', 'Dr. Who met St. John. Fine.', ['Dr. Who met St. John. ', 'Fine.']],
    ['initials and dotted words go on', 'J. R. Smith, e.g. here.', ['J. R. Smith, e.g. here.']],
    ['"I" ends a sentence', 'So do I. Good.', ['So do I. ', 'Good.']],
    ['numbers go on', 'It is 3.5 kg. Yes!', ['It is 3.5 kg. ', 'Yes!']],
    ['a list number stays with its item', '1. Open it.\n2. Go.', ['1. Open it.\n', '2. Go.']],
    ['white space goes with what follows', ' Ah.  Be. ', [' Ah. ', ' Be. ']],
  ])('%s', (_name, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('splits a long sentence at a comma, not as the end of a sentence', () => {
    const pieces = split(`${'many words '.repeat(15)}end, ${'more words '.repeat(15)}`);

    expect(pieces.map(({ endsSentence }) => endsSentence)).toEqual([false, true]);
    expect(pieces[0]?.text).toMatch(/end, $/);
  });

  const prose = fc
    .array(fc.constantFrom('Hi', 'Dr.', 'e.g.', 'ok.', 'no!', 'well,', '1.', '\n', ' ', '🎉', '"'))
    .map((parts) => parts.join(' '));

  it('loses no character', () => {
    fc.assert(
      fc.property(prose, (text) => {
        expect(texts(text).join('')).toBe(text);
      }),
    );
  });

  it('does not depend on how the text is split into pushes', () => {
    fc.assert(
      fc.property(prose, fc.array(fc.nat(8)), (text, lengths) => {
        const pushes: string[] = [];
        let rest = text;
        for (const length of lengths) {
          pushes.push(rest.slice(0, length));
          rest = rest.slice(length);
        }

        expect(split(...pushes, rest)).toEqual(split(text));
      }),
    );
  });
});
