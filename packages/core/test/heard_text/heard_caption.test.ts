// Tests for SPEC.md, "Heard text": what of a caption was heard that is not the text itself [HT8].
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audibleText } from '../../src/heard_text/audible_text.ts';
import { heardPlaces } from '../../src/heard_text/heard_places.ts';
import { type HeardTextQuery, heardCaption, splitWords } from '../../src/internal.ts';
import { response } from '../support/heard_query.ts';

describe('a caption in another form', () => {
  const of = { fullText: 'Pay **$5** now, then go home', heardText: 'Pay **$5** now,' };

  it.each([
    ['goes on after the cut', 'Pay **$5** now, then go home and more', 'Pay **$5** now,'],
    ['is in capitals', 'PAY **$5** NOW, THEN GO HOME', 'PAY **$5** NOW,'],
    ['has no markdown', 'Pay $5 now, then go home', 'Pay $5 now,'],
  ])('[HT8] a caption that %s shows the words that were heard', (_kind, caption, expected) => {
    expect(heardCaption(caption, of)).toBe(expected);
  });

  it.each([
    ['the text itself', 'Pay five now, then go home', 'then go home'],
    ['in capitals', 'PAY FIVE NOW, THEN GO HOME', 'THEN GO HOME'],
    ['with another number of words', 'Pay 5 now and then go home', 'then go home'],
  ])(
    '[HT8][AU3] without the beginning that nobody could hear, in a caption that is %s',
    (_, caption, expected) => {
      const { fullText, heardText } = {
        fullText: 'Pay five now, then go home',
        heardText: 'then go home',
      };

      expect(heardCaption(caption, { fullText, heardText })).toBe(expected);
    },
  );

  it('[HT8][AU3] without a middle that nobody could hear, the words at the places of the others', () => {
    const heard = { fullText: 'Pay five now, then go home', heardText: 'Pay then home' };

    expect(heardCaption('PAY FIVE NOW, THEN GO HOME', heard)).toBe('PAY THEN HOME');
  });

  it('[HT8] where both start alike, it is the heard text to the character', () => {
    const heard = { fullText: 'One two three', heardText: 'One two' };

    expect(heardCaption('One two? Three.', heard)).toBe('One two');
  });

  it('[HT8] a caption of a response that was heard to its end is shown to its end', () => {
    const heard = { fullText: 'Pay **$5** now', heardText: 'Pay **$5** now' };

    expect(heardCaption('PAY $5 NOW 🎉', heard)).toBe('PAY $5 NOW 🎉');
  });

  it('[HT8] a caption in another language shows about as much', () => {
    // 15 of 28 characters were heard: 1.34 of the 2.5 s that these words usually take. "Euro" ends at 1.3 s, or a little later.
    expect(heardCaption('Zahle jetzt fünf Euro und geh nach Hause', of)).toBe('Zahle jetzt fünf');
  });
});

describe('[HT8] what a caption leaves out does not come back', () => {
  const of = { fullText: 'alpha beta secret zeta', heardText: 'alpha beta secret' };

  it.each([
    ['ends before it', 'alpha beta ', 'alpha beta'],
    ['ends before it, in capitals', 'ALPHA BETA', 'ALPHA BETA'],
    ['does not have that word', 'ALPHA BETA ZETA', 'ALPHA BETA'],
    ['has a mask in its place', 'alpha beta ***** zeta', 'alpha beta'],
    ['has another word in its place', 'alpha beta [hidden] zeta', 'alpha beta [hidden]'],
    ['shows nothing', '', ''],
    ['shows no word', '…', ''],
  ])('[HT8] in a caption that %s', (_, caption, expected) => {
    expect(heardCaption(caption, of)).toBe(expected);
  });

  it.each([
    ['nothing yet', ''],
    ['a part', 'alpha '],
    ['more than the listener heard', 'alpha beta secret ze'],
  ])(
    '[HT8] a caption that may only be late and shows %s counts as the heard text',
    (_, caption) => {
      expect(heardCaption(caption, of, { mayGoOn: true })).toBe('alpha beta secret');
    },
  );

  it.each([
    ['number is 4 7 1 1. Goodbye now.', 'number is hidden. Goodbye now.'],
    ['Your number 7 1 1. Goodbye now.', 'Your number Goodbye now.'],
    ['Your number is 4 1. Goodbye', 'Your number is Goodbye'],
    ['is 4 7 1 1.', 'is hidden.'],
    ['4 7', ''],
  ])('[HT8][AU3] of a response with a mask, of which "%s" was heard: "%s"', (heardText, shown) => {
    const fullText = 'Your number is 4 7 1 1. Goodbye now.';

    expect(heardCaption('Your number is hidden. Goodbye now.', { fullText, heardText })).toBe(
      shown,
    );
  });

  it('[HT8][AU3] a word that the caption adds counts with the one before it, at the start with the next', () => {
    const caption = 'Note: ALPHA indeed BETA SECRET ZETA, thanks';
    const shown = (heardText: string) =>
      heardCaption(caption, { fullText: 'alpha beta secret zeta', heardText });

    expect(shown('alpha beta')).toBe('Note: ALPHA indeed BETA');
    expect(shown('beta zeta')).toBe('BETA ZETA, thanks');
  });

  it('[HT8][AU3] a caption in another language without the middle shows about as much', () => {
    const heard = { fullText: 'one two three four five six', heardText: 'one two five six' };

    expect(heardCaption('eins zwei drei vier fünf sechs', heard)).toBe('eins zwei fünf sechs');
    expect(heardCaption('eins, zwei, drei, vier, fünf, sechs und', heard)).toBe(
      'eins, zwei, sechs und',
    );
  });

  it('[HT8] a caption of a heard text that is not of that text is kept', () => {
    const heard = { fullText: 'alpha beta', heardText: 'gamma' };

    expect(heardCaption('ALPHA BETA', heard)).toBe('ALPHA BETA');
  });
});

describe('[HT8][AU3] a middle that nobody could hear takes no word with it that was heard', () => {
  it.each([
    ['Thai', 'วันนี้อากาศดีมากเราไปเดินเล่นที่สวนสาธารณะแล้วกินข้าวกลางวันที่ร้านริมทะเลสาบกันเถอะ'],
    [
      'Japanese',
      '今日はとても良い天気なので、公園を散歩してから湖のそばのレストランで昼ご飯を食べましょう。',
    ],
    ['Chinese', '研究生命的起源很有意思，南京市长江大桥也很有名。'],
    ['Lao', 'ມື້ນີ້ອາກາດດີຫຼາຍພວກເຮົາໄປຍ່າງຫຼິ້ນຢູ່ສວນສາທາລະນະ'],
    ['Khmer', 'ថ្ងៃនេះអាកាសធាតុល្អណាស់យើងទៅដើរលេងនៅសួនច្បារ'],
    ['mixed', 'Das Wort 天気 heißt Wetter，今日はいい天気 today, okay? 42 % อากาศดี!'],
    [
      'English',
      '“The cat and the dog,” the dog said; and the cat — well, the cat (a cat!) said: no.',
    ],
  ])('%s', (_, text) => {
    const spoken = splitWords(text);
    const shownEnds = [0, ...spoken.map(({ shownEnd }) => shownEnd)];
    for (let from = 0; from < spoken.length; from += 1) {
      for (let to = from + 1; to < spoken.length; to += 1) {
        const { text: heardText } = audibleText(timedQuery(text), [
          { why: 'muted', fromSamples: from * 300, toSamples: to * 300 },
        ]);
        const left = text.slice(0, shownEnds[from]) + text.slice(shownEnds[to], shownEnds.at(-1));
        const expected = from === 0 ? left.trimStart() : left;
        const heard = { fullText: text, heardText };

        expect(heardText).toBe(expected);
        // As it is, with more after it, and in another form of the same words.
        expect(heardCaption(text, heard)).toBe(expected);
        expect(heardCaption(`${text} 🎉`, heard)).toBe(expected);
        expect(heardCaption(text.toUpperCase(), heard)).toBe(expected.toUpperCase());
      }
    }
  });
});

it('[HT8] only the words of a caption are told, in their order, whatever it leaves out, adds or says in another way', () => {
  const word = fc.constantFrom(
    'alpha',
    'beta',
    'a',
    'and',
    '4',
    '今日は',
    'いい天気',
    'วันนี้',
    '$5',
    '—',
  );
  const anyText = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
  const anySpan = fc.tuple(fc.nat(15), fc.nat(15));
  fc.assert(
    fc.property(anyText, anyText, fc.boolean(), anySpan, (fullText, other, isOther, [from, to]) => {
      const caption = isOther ? other : `${fullText.toUpperCase().replaceAll('BETA', '***')} `;
      const span = { why: 'muted', fromSamples: from * 300, toSamples: (from + to) * 300 };
      const { text: heardText } = audibleText(timedQuery(fullText), [span]);
      const shown = heardCaption(caption, { fullText, heardText });
      expect(heardPlaces(caption, splitWords(caption), shown)).toBeDefined();
    }),
    { numRuns: 1000 },
  );
});

/** A response that was played to its end. Each of its words takes 300 samples. */
function timedQuery(text: string): HeardTextQuery {
  const spoken = splitWords(text);
  const words = spoken.map(({ start, end }, place) => ({
    text: text.slice(start, end),
    endSamples: (place + 1) * 300,
  }));
  const samples = spoken.length * 300;
  return response(text, { words, heardSamples: samples, sentSamples: samples });
}
