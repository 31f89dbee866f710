import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TOKEN_CHARS, speakableText } from '../src/flite/speakable_text.ts';

const spoken = (text: string): string => speakableText(text).spoken;

describe('speakable text', () => {
  it.each([
    ['plain words stay', 'Hello, world. It’s "me"', 'Hello, world. It\'s "me"'],
    ['emphasis goes', 'a **bold** and *slanted* `code`', 'a bold and slanted code'],
    ['a link is its text', 'see [the docs](https://x.y/z) now', 'see the docs now'],
    ['brackets that are no link stay', 'note [1] here', 'note [1] here'],
    ['headings and bullets go', '# Title\n- one\n* two', 'Title one two'],
    ['an underscore in a name is a space', 'snake_case', 'snake case'],
    ['a star between numbers multiplies', '3 * 4', '3 times 4'],
    ['tags go', 'a <b>c</b> < d', 'a c < d'],
    ['dashes pause', 'yes — no', 'yes , no'],
    ['a dash between numbers is a range', '10–12', '10 to 12'],
    ['degrees are said', '18 °C, 40°', '18 degrees Celsius, 40 degrees'],
    ['money is said after the amount', '€12.50 or £3', '12.50 euros or 3 pounds'],
    ['dollars are left to flite', '$420.15', '$420.15'],
    ['marks on letters go', 'Köln, São Paulo, Łódź, Straße', 'Koln, Sao Paulo, Lodz, Strasse'],
    ['curly quotes and dots', '“So…” ‘x’', '"So..." \'x\''],
    ['emoji go', 'Done 🎉👩‍💻 now', 'Done now'],
    ['a leading dash stays', '-5 degrees', '-5 degrees'],
  ])('%s', (_name, text, expected) => {
    expect(spoken(text)).toBe(expected);
  });

  it.each([['', ' \n\t', '🎉', '你好，世界', '…', '**', '—', '.,;!?'].map((text) => text)])(
    'has nothing to speak in %j',
    (text) => {
      expect(speakableText(text)).toEqual({ spoken: '', sourceIndexes: [], cutTokenCount: 0 });
    },
  );

  it('shortens a token that would be spelled for minutes, and counts it', () => {
    const { spoken: said, cutTokenCount } = speakableText(`a ${'x'.repeat(3000)} b`);

    expect(said).toBe(`a ${'x'.repeat(MAX_TOKEN_CHARS)} b`);
    expect(cutTokenCount).toBe(1);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          'word',
          ' ',
          '**',
          '_',
          '[a](b)',
          '— ',
          '°C',
          '€5',
          '\n- ',
          'ö',
          '🎉',
          '<b>',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('gives ASCII with single spaces for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(spoken(text)).toMatch(/^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/);
      }),
    );
  });

  it('maps every character back, in order, into the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { spoken: said, sourceIndexes } = speakableText(text);

        expect(sourceIndexes).toHaveLength(said.length);
        expect(sourceIndexes.every((index) => index >= 0 && index < text.length)).toBe(true);
        expect([...sourceIndexes].sort((a, b) => a - b)).toEqual(sourceIndexes);
      }),
    );
  });

  it('maps an unchanged letter or digit to itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,?!']{1,60}$/), (text) => {
        const { spoken: said, sourceIndexes } = speakableText(text);

        expect(said).toBe([...sourceIndexes].map((index) => text[index]).join(''));
      }),
    );
  });
});
