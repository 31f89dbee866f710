import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakableText } from '../src/flite/speakable_text.ts';
import { timeWords } from '../src/flite/word_timing.ts';

/** Tokens as flite would cut the text: 100 ms each, without the punctuation around them. */
function tokensOf(text: string): { text: string; startMs: number; endMs: number }[] {
  return (speakableText(text).spoken.match(/[A-Za-z0-9$][A-Za-z0-9$.']*/g) ?? []).map(
    (token, index) => ({ text: token, startMs: index * 100, endMs: index * 100 + 100 }),
  );
}
const time = (text: string) => timeWords(text, speakableText(text), tokensOf(text));

describe('word timing', () => {
  it('keeps spelling, punctuation and white space', () => {
    expect(time('  **Hi**, it’s $4.20!  ')).toEqual([
      { text: '  **Hi**, ', startMs: 0, endMs: 100 },
      { text: 'it’s ', startMs: 100, endMs: 200 },
      { text: '$4.20!  ', startMs: 200, endMs: 300 },
    ]);
  });

  it('gives a word that is spoken as several tokens their total time', () => {
    expect(time('Köln—Berlin now')).toEqual([
      { text: 'Köln—Berlin ', startMs: 0, endMs: 200 },
      { text: 'now', startMs: 200, endMs: 300 },
    ]);
  });

  it('joins a silent word to the one before it, or at the start to the one after it', () => {
    expect(time('🎉 one — two')?.map(({ text }) => text)).toEqual(['🎉 one — ', 'two']);
  });

  it('returns undefined for a token that is not in the text', () => {
    const token = { text: 'other', startMs: 0, endMs: 1 };

    expect(timeWords('one', speakableText('one'), [token])).toBeUndefined();
    expect(timeWords('one', speakableText('one'), [])).toBeUndefined();
  });

  it('gives words that join to the text, with times that never decrease', () => {
    const word = fc.constantFrom(
      'one',
      '🎉',
      '—',
      '**b**',
      '[a](c)',
      '$5',
      'a\n',
      ' ',
      '"x."',
      '°',
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join(' ');
        const timed = time(text);
        if (!timed) return;

        expect(timed.map((each) => each.text).join('')).toBe(text);
        const instants = timed.flatMap(({ startMs, endMs }) => [startMs, endMs]);
        expect([...instants].sort((a, b) => a - b)).toEqual(instants);
      }),
    );
  });
});
