// Tests for SPEC.md, "Heard text": how long the words of a text usually take [HT4].
import { describe, expect, it } from 'vitest';
import { expectedTimes } from '../../src/heard_text/expected_times.ts';
import { splitWords } from '../../src/heard_text/split_words.ts';

/** Engines begin with so much silence, and end with so much. */
const LEAD_MS = 40;
const TRAIL_MS = 150;
/** What "a" takes: a letter of the Latin script. */
const A_MS = 70;

const timesOf = (text: string) => expectedTimes(text, splitWords(text));

/** The durations of the words, each with the pause before it. The silence at the start is no part of the first. */
function durationsMs(text: string): readonly number[] {
  const { endsMs } = timesOf(text);
  return endsMs.map((end, at) => end - (endsMs[at - 1] ?? LEAD_MS));
}

describe('a word', () => {
  it.each([
    ['Latin', 'hello', 5 * 70],
    ['Cyrillic, as any other alphabet', 'Привет', 6 * 75],
    ['Greek', 'γεια', 4 * 75],
    ['Han', '好', 250],
    ['Hiragana', 'は', 130],
    ['Katakana', 'カ', 130],
    ['Hangul', '한국', 2 * 190],
    ['Ethiopic', 'ሀ', 150],
    ['Arabic', 'من', 2 * 110],
    ['Hebrew', 'של', 2 * 110],
    ['Syriac', 'ܐ', 110],
    ['Devanagari', 'क', 110],
    ['Bengali', 'ক', 110],
    ['Gurmukhi', 'ਕ', 110],
    ['Gujarati', 'ક', 110],
    ['Tamil', 'த', 110],
    ['Telugu', 'త', 110],
    ['Kannada', 'ಕ', 110],
    ['Malayalam', 'മ', 110],
    ['Burmese', 'က', 110],
    ['Khmer', 'ក', 110],
    ['Thai, whose marks are vowels', 'ดี', 2 * 75],
    ['Lao, whose marks are vowels', 'ດີ', 2 * 75],
    ['a letter with a mark of its own', 'e\u0301', 70 + 25],
    ['a letter after a mark that is not spoken', "don't", 4 * 70],
  ])('[HT4] in the script %s takes the time of its characters', (_script, word, ms) => {
    expect(durationsMs(word)).toEqual([ms]);
  });

  it.each([
    ['digits', '42', 2 * 370],
    ['a decimal point', '3.14', 3 * 370 + 200],
    ['two points between digits', '1.2.3', 3 * 370 + 2 * 200],
    ['a point between letters', 'a.b', 2 * A_MS],
    ['a point after a digit', '1.b', 370 + A_MS],
    ['a point before a digit', 'b.1', 370 + A_MS],
    ['symbols that are spoken as a word', '$%‰°', 4 * 450],
    ['symbols that are spoken as a short word', '&+=@×÷±§', 8 * 250],
  ])('[HT4] takes the time of what is spoken for %s', (_kind, word, ms) => {
    expect(durationsMs(word)).toEqual([ms]);
  });

  it.each([
    ['A', A_MS],
    ['AB', 2 * 190],
    ['ABCDE', 5 * 190],
    ['ABCDEF', 6 * A_MS],
    ['ABs', 3 * A_MS],
    ['sAB', 3 * A_MS],
    ['ab', 2 * A_MS],
  ])('[HT4] is spelled if it has two to five capital letters and nothing else: %s', (word, ms) => {
    expect(durationsMs(word)).toEqual([ms]);
  });
});

describe('a pause', () => {
  it.each([
    ['a space', 0, [' ']],
    ['a bracket or a quote', 0, [' (', ') ', '” “']],
    ['the end of a sentence', 400, [...'.!?。！？؟।။…'].map((mark) => `${mark} `)],
    ['a paragraph', 400, ['\n\n', '\n \t\n']],
    ['a clause', 200, [...',;:，、；：،؛၊—–'].map((mark) => `${mark} `)],
    ['a line', 200, ['\n']],
    ['a dash of two hyphens', 200, [' -- ']],
    ['the stronger of two marks', 400, [',). ', '. — ']],
  ])('[HT4] between two words is that of %s: %d ms', (_kind, ms, gaps) => {
    const pauses = gaps.map((gap) => [gap, durationsMs(`a${gap}a`)]);

    expect(pauses).toEqual(gaps.map((gap) => [gap, [A_MS, ms + A_MS]]));
  });

  it('[HT4] is made once', () => {
    expect(durationsMs('a. a a, a a')).toEqual([A_MS, 400 + A_MS, A_MS, 200 + A_MS, A_MS]);
  });

  it('[HT4] is not made before the first word, and after the last one it is the same whatever ends the text', () => {
    for (const text of ['a', '... a', 'a.', '“a!”'])
      expect(timesOf(text)).toEqual({
        endsMs: [LEAD_MS + A_MS],
        totalMs: LEAD_MS + A_MS + TRAIL_MS,
      });
  });

  it('[HT4] is not made for a mark inside markup', () => {
    expect(durationsMs('a <x y="."> a')).toEqual([A_MS, A_MS]);
  });

  it.each([
    ['before a word', 'a <break time="1s"/> a', [A_MS, 1000 + A_MS], 0],
    ['before the first word', '<break time="1s"/>a a', [1000 + A_MS, A_MS], 0],
    ['after the last word', 'a a<break time="1s"/>', [A_MS, A_MS], 1000],
    ['besides that of a mark', 'a. <break time="1s"/>a', [A_MS, 1400 + A_MS], 0],
    [
      'at each of its places',
      'a <break time="1s"/><b>a</b> <break time="2s"/>a<break time="3s"/><break time="4s"/>',
      [A_MS, 1000 + A_MS, 2000 + A_MS],
      7000,
    ],
  ])('[HT4] that markup requests is made %s', (_place, text, durations, atEndMs) => {
    const { endsMs, totalMs } = timesOf(text);

    expect(durationsMs(text)).toEqual(durations);
    expect(totalMs - (endsMs.at(-1) ?? 0)).toBe(atEndMs + TRAIL_MS);
  });
});

it('[HT4] a text without words takes the silence of the voice, and the pauses that it requests', () => {
  expect(timesOf('🎉')).toEqual({ endsMs: [], totalMs: LEAD_MS + TRAIL_MS });
  expect(timesOf('<break time="1s"/>').totalMs).toBe(LEAD_MS + 1000 + TRAIL_MS);
});
