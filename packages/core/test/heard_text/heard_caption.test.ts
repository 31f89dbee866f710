// Tests for SPEC.md, "Heard text": what of a caption was heard that is not the text itself [HT8].
import { describe, expect, it } from 'vitest';
import { heardCaption } from '../../src/internal.ts';

describe('a caption in another form', () => {
  const of = { fullText: 'Pay **$5** now, then go home', heardText: 'Pay **$5** now,' };

  it.each([
    ['goes on after the cut', 'Pay **$5** now, then go home and more', 'Pay **$5** now,'],
    ['is in capitals', 'PAY **$5** NOW, THEN GO HOME', 'PAY **$5** NOW,'],
    ['has no markdown', 'Pay $5 now, then go home', 'Pay $5 now,'],
    ['is late', 'Pay **$5**', 'Pay **$5** now,'],
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
