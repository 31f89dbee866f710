// Tests for SPEC.md, "Captions": where the words of a caption end, in the text and in the audio.
import { expect, it } from 'vitest';
import { heardText } from '../../src/index.ts';
import { captionWords } from '../../src/internal.ts';
import { response, timed } from '../support/heard_query.ts';

it('[CP5] a word has its first character, the end of its punctuation and the sample with which it was heard', () => {
  const query = response('“One, two,” (three).', { words: timed('One:300 two:700 three:1200') });

  expect(captionWords(query)).toEqual({
    words: [1, 5, 300, 6, 11, 700, 13, 20, 1200],
    timedWords: 3,
  });
});

it('[CP5] between two samples it is the later one, and no number that a page cannot read', () => {
  const query = response('One two', { words: timed('One:299.2 two:1e300') });

  expect(captionWords(query).words).toEqual([0, 3, 300, 4, 7, Number.MAX_SAFE_INTEGER]);
});

it('[CP5] while the text is being written, a word at its end is left out', () => {
  const query = response('One two', { textEnded: false, words: timed('One:300 two:700') });

  expect(captionWords(query)).toEqual({ words: [0, 3, 300], timedWords: 1 });
});

it('[CP8] with the stated sample the agent counts a word as heard, and not before', () => {
  const query = response('One two three', { words: timed('One:300'), sentSamples: 1500 });
  const { words, timedWords } = captionWords(query);
  const heardAt = (heardSamples: number) => heardText({ ...query, heardSamples }).text;

  expect(timedWords).toBe(1);
  expect(heardAt(words[5] ?? 0)).toBe('One two');
  expect(heardAt((words[5] ?? 0) - 1)).toBe('One');
});
