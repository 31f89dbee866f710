// Tests for SPEC.md, "Who can hear": which words of a response are left if nobody could hear parts of it [AU3].
import { expect, it } from 'vitest';
import { audibleText } from '../../src/heard_text/audible_text.ts';
import { type HeardTextQuery, heardText } from '../../src/index.ts';
import { response, timed } from '../support/heard_query.ts';

const TEXT = '“One, two,” three (four) five. ';
/** Of a voice that times its words: they end at 100, 200, … 500 ms of 600. */
const WORDS = timed('One:100 two:200 three:300 four:400 five:500');

type Span = readonly [fromSamples: number, toSamples: number, why?: string];

const audible = (spans: readonly Span[], of: Partial<HeardTextQuery> = {}) =>
  audibleText(
    response(TEXT, { words: WORDS, heardSamples: 600, sentSamples: 600, ...of }),
    spans.map(([fromSamples, toSamples, why = 'muted']) => ({ fromSamples, toSamples, why })),
  );

it.each<[of: string, spans: Span[], text: string]>([
  ['the start', [[0, 100]], 'two,” three (four) five.'],
  ['a word in the middle', [[200, 300]], '“One, two,” (four) five.'],
  ['the last word', [[400, 500]], '“One, two,” three (four)'],
  ['silence at the end', [[500, 600]], '“One, two,” three (four) five.'],
  ['the end of a word', [[190, 200]], '“One, three (four) five.'],
  ['the beginning of a word', [[200, 201]], '“One, two,” (four) five.'],
  ['the first sample', [[0, 1]], 'two,” three (four) five.'],
  ['parts of two words', [[150, 250]], '“One, (four) five.'],
  ['no sample at all, at the start', [[0, 0]], '“One, two,” three (four) five.'],
  [
    'two words apart',
    [
      [0, 100],
      [300, 400],
    ],
    'two,” three five.',
  ],
  ['everything', [[0, 600]], ''],
])('[AU3] if nobody could hear %s, the other words are left', (_of, spans, text) => {
  expect(audible(spans)).toEqual({ text, source: 'word_timings', maxErrorWords: 0 });
});

it('[AU3] words after the position are not among those that were heard', () => {
  expect(audible([[100, 200]], { heardSamples: 399 }).text).toBe('“One, three');
  expect(audible([[100, 200]], { heardSamples: 400 }).text).toBe('“One, three (four)');
});

it('[AU3] if all could be heard, it is the text that was heard', () => {
  const all = response(TEXT, { words: WORDS, heardSamples: 600, sentSamples: 600 });

  expect(audible([])).toEqual(heardText(all));
  expect(audible([]).text).toBe(TEXT);
});

it.each<[of: string, spans: Span[], maxErrorWords: number]>([
  ['a listener that was muted', [[100, 300, 'muted']], 0],
  ['one that did not answer', [[100, 300, 'silent']], 2],
  [
    'one that did not answer, twice',
    [
      [0, 50, 'silent'],
      [150, 300, 'silent'],
    ],
    3,
  ],
  [
    'one that was muted and then did not answer',
    [
      [0, 100, 'muted'],
      [100, 200, 'silent'],
    ],
    1,
  ],
  ['one that did not answer until after the position', [[300, 600, 'silent']], 1],
  ['one that did not answer after the position', [[500, 600, 'silent']], 0],
])('[HT7] of %s, the words that nobody knows about are in doubt', (_of, spans, maxErrorWords) => {
  expect(audible(spans, { heardSamples: 420 }).maxErrorWords).toBe(maxErrorWords);
});

it('[HT7] words that may have ended before or after an edge of a span are in doubt', () => {
  // The voice says "1 2 3" in other words, which end at 200, 300 and 400: only the last of these ends is known.
  const words = timed('a:100 q:200 r:300 s:400 b:500 c:600');
  const at = (span: Span, heardSamples = 600) =>
    audibleText(response('a 1 2 3 b c', { words, heardSamples, sentSamples: 600 }), [
      { fromSamples: span[0], toSamples: span[1], why: 'muted' },
    ]);

  expect(at([250, 600])).toEqual({ text: 'a', source: 'word_timings', maxErrorWords: 2 });
  expect(at([400, 450]).maxErrorWords).toBe(0);
  // The position is in doubt as well.
  expect(at([0, 250], 350)).toEqual({ text: '', source: 'word_timings', maxErrorWords: 4 });
});
