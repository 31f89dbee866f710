// Tests for SPEC.md, "Marks" and "Heard text": where in the audio a place in the text is.
import { describe, expect, it } from 'vitest';
import { type HeardTextQuery, heardText } from '../../src/index.ts';
import { placeInAudio } from '../../src/internal.ts';
import { response, timed } from '../support/heard_query.ts';

const exactly = (samples: number) => ({
  samples,
  earliestSamples: samples,
  latestSamples: samples,
  isExact: true,
});

/** More text and audio may follow. */
const OPEN: Partial<HeardTextQuery> = { textEnded: false, audioEnded: false };

describe('with word times', () => {
  const at = (textOffset: number, text = 'One two, three', of: Partial<HeardTextQuery> = {}) =>
    placeInAudio(
      response(text, { words: timed('One:300 two:700 three:1200'), sentSamples: 1200, ...of }),
      textOffset,
    );

  it.each([
    ['at the very start', 0, 0],
    ['before the start', -1, 0],
    ['inside the first word', 2, 0],
    ['at the end of the first word', 3, 300],
    ['at the start of the second word', 4, 300],
    ['inside the second word', 6, 300],
    ['at the end of the second word', 7, 700],
    ['after its comma', 8, 700],
    ['at the end', 14, 1200],
    ['after the end of a text that is complete', 99, 1200],
  ])('[MK1] a place %s is where the last word before it ends', (_place, textOffset, samples) => {
    expect(at(textOffset)).toEqual(exactly(samples));
  });

  it.each([
    ['whose text has not come', 'One two.', 9, undefined],
    ['at its end, after a word that is complete', 'One two.', 8, exactly(700)],
    ['after a word that may go on', 'One two', 7, undefined],
    ['inside a word that may go on', 'One two', 6, exactly(300)],
  ])('[MK1] while the text is being written, a place %s', (_place, text, textOffset, place) => {
    expect(at(textOffset, text, OPEN)).toEqual(place);
  });

  it('[MK1] a place after a word whose time is still to come is not known, unless the audio has ended', () => {
    const words = timed('One:300 two:700');
    const text = 'One two, three ';

    expect(at(14, text, { ...OPEN, words })).toBeUndefined();
    expect(at(14, text, { words })).toMatchObject({ isExact: false });
    expect(at(7, text, { ...OPEN, words })).toEqual(exactly(700));
  });

  it('[MK2] a word that the voice said together with the next one may have ended at any time since the word before', () => {
    const words = timed('a:100 q:200 r:400 b:500 c:600');
    const place = placeInAudio(response('a 1 2 b c', { words, sentSamples: 600 }), 3);

    expect(place).toEqual({
      samples: 400,
      earliestSamples: 100,
      latestSamples: 400,
      isExact: false,
    });
  });
});

describe('without word times', () => {
  it('[MK2] the place is the first sample with which the word is heard, and the error is stated', () => {
    const query = response('One two three four', { sentSamples: 1500 });
    const place = placeInAudio(query, 7);

    expect(place?.isExact).toBe(false);
    expect(place?.earliestSamples).toBeLessThan(place?.samples ?? 0);
    expect(place?.latestSamples).toBeGreaterThan(place?.samples ?? 0);
    const heardAt = (heardSamples = 0) => heardText({ ...query, heardSamples }).text;
    expect(heardAt(place?.samples)).toBe('One two');
    expect(heardAt((place?.samples ?? 0) - 1)).toBe('One');
  });

  it('[MK1] the place is known while text and audio are being made, but not after a word that may go on', () => {
    const query = response('One two three', { ...OPEN, sentSamples: 0 });

    expect(placeInAudio(query, 7)).toMatchObject({ isExact: false });
    expect(placeInAudio(query, 13)).toBeUndefined();
  });

  it('[MK2] no place but the start is exact, though the response has no audio', () => {
    const query = response('Hi', { sentSamples: 0 });

    expect(placeInAudio(query, 2)).toMatchObject({
      samples: 0,
      earliestSamples: 0,
      isExact: false,
    });
    expect(placeInAudio(query, 0)).toEqual(exactly(0));
  });
});
