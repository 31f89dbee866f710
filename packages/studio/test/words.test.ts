import { describe, expect, it } from 'vitest';
import { drawnWords } from '../page/model/lanes.ts';
import { textParts } from '../page/model/response_words.ts';
import { isolated, placeWords } from '../page/timeline/place_words.ts';
import { firstResponseOf, oneResponse } from './support/one_response.ts';

describe('the words of a response (ST)', () => {
  it.each([
    ['您好，欢迎光临。您的房间在二楼。', 1400],
    ['مفتاح غرفتك جاهز، والإفطار من السابعة.', 1400],
    ['Read 3.5 pages & stop… then go on, please.', 900],
  ])(
    '[ST4] of a cut text without word times, %s, the words of the event are heard and no others',
    (text, heardMs) => {
      const { run, turn, id } = oneResponse(text);
      turn.close();
      run.timeline.audioSent(id, 3000, 1000);
      run.clock.advance(heardMs);
      run.heard(id, heardMs);
      const playing = firstResponseOf(run);
      run.cut('user_speech');
      run.heard(id, heardMs, 'cut');

      const response = firstResponseOf(run);
      const [heard, unheard] = textParts(response);

      expect(textParts(playing)[0]?.heard).toBe(true);
      expect(heard).toEqual({ text: response.heardText, heard: true });
      expect(response.heardText.length).toBeGreaterThan(2);
      expect(unheard).toEqual({ text: text.slice(response.heardText.length), heard: false });
    },
  );

  it('[ST14] while the page is muted, the bar shows no word as heard that the list shows as not heard', () => {
    const { run, turn, id } = oneResponse('One two three');
    turn.close();
    run.send(id, ['One', 'two', 'three'], 100);
    run.clock.advance(150);
    run.heard(id, 150);
    expect(drawnWords(firstResponseOf(run)).map(({ heard }) => heard)).toEqual([true, true, true]);

    run.timeline.audibilityChanged('muted');

    expect(drawnWords(firstResponseOf(run)).map(({ heard }) => heard)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the words in a bar (ST)', () => {
  it('[ST4] places words at their sound, and moves a word right where the one before is too long', () => {
    const words = [
      { text: 'a', startMs: 0, endMs: 10, heard: true },
      { text: 'longword', startMs: 10, endMs: 20, heard: true },
      { text: 'b', startMs: 20, endMs: 30, heard: false },
      { text: 'c', startMs: 200, endMs: 210, heard: false },
    ];

    const placed = placeWords(words, (atMs) => atMs, 2);

    expect(placed.map(({ x }) => x)).toEqual([0, 10, 28, 200]);
  });

  it('[ST22] the last word ends inside its bar, and the words before it make room', () => {
    const words = [
      { text: 'one', startMs: 0, endMs: 40, heard: true },
      { text: 'two', startMs: 40, endMs: 60, heard: true },
      { text: 'three', startMs: 60, endMs: 70, heard: false },
    ];

    const placed = placeWords(words, (atMs) => atMs, 2, 70);

    expect(placed.map(({ x }) => x)).toEqual([0, 40, 52]);
  });

  it('[ST22] words that have no space give way to an ellipsis', () => {
    const words = ['one', 'two', 'three'].map((text, index) => {
      return { text, startMs: index * 10, endMs: index * 10 + 10, heard: true };
    });

    const placed = placeWords(words, (atMs) => atMs, 2, 30);

    expect(placed.map(({ text }) => text)).toEqual(['one', 'two', '…']);
    expect(placed.every(({ text, x }) => x + text.length * 2 <= 30)).toBe(true);
  });

  it('[ST22] signs of East Asia take the place of almost two letters, and marks take none', () => {
    const words = ['您好', 'e\u0301', 'ab'].map((text) => ({ text, startMs: 0, heard: true }));

    const [, second, third] = placeWords(words, (atMs) => atMs, 10);

    expect(second?.x).toBeCloseTo(2 * 17 + 10);
    expect(third?.x).toBeCloseTo(2 * 17 + 10 + 20);
  });

  it('[ST22] the punctuation of a word that is read from the right stays on its own side', () => {
    expect(isolated('جاهز،')).toBe('\u2068جاهز،\u2069');
    expect(isolated('ready,')).toBe('ready,');
  });
});
