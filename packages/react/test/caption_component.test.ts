// The caption component of examples/react_captions: its scripts, and what a screen reader gets.
import type { HeardResponse } from '@oncue/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeardCaption } from '../../../examples/react_captions/page/heard_caption.tsx';
import { openWindow, responseOf, Stage } from './support/page.ts';

let closeWindow: () => void;
let stage: Stage;
beforeEach(async () => {
  closeWindow = openWindow();
  // What happy-dom does not have.
  Object.assign(window.HTMLElement.prototype, { scrollIntoView() {} });
  stage = new Stage();
  await stage.show(() => createElement(HeardCaption));
});
afterEach(async () => {
  await stage.close();
  closeWindow();
});

const show = (response: HeardResponse): Promise<void> =>
  stage.fake.change(() => {
    stage.fake.responses = [response];
  });

const texts = (selector: string): readonly string[] =>
  [...stage.element.querySelectorAll(selector)].map((one) => one.textContent ?? '');

/** The words as they follow each other in the text, each with the white space before it. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  Arabic: ['مرحبًا', ' بكم', ' في', ' المحطّة.'],
  Hebrew: ['שלום', ' וברוכים', ' הבאים.'],
  'Hebrew and English': ['הרכבת', ' של', ' Deutsche', ' Bahn', ' יוצאת', ' ב-9:40.'],
  Chinese: ['火车', '站', '在', '左边', '。'],
  Japanese: ['駅', 'は', '左側', 'に', 'あります。'],
  Thai: ['สถานี', 'รถไฟ', 'อยู่', 'ทาง', 'ซ้าย'],
};

describe('the caption component', () => {
  for (const [script, words] of Object.entries(SCRIPTS))
    it(`[CP10] shows ${script} whole, word by word, in its own direction`, async () => {
      const text = words.join('');
      for (const heardWords of words.keys()) {
        await show(responseOf(heardWords, 'playing', 'r1', words));
        expect(texts('.heard-caption')).toEqual([text]);
        expect(texts('.heard').join('')).toBe(words.slice(0, heardWords).join(''));
        expect(texts('.sounds')).toEqual([words[heardWords]]);
        expect(texts('.unheard').join('')).toBe(words.slice(heardWords + 1).join(''));
        // The browser finds the direction of the text, also while only one word of it is heard.
        expect(stage.element.querySelector('.heard-caption')?.getAttribute('dir')).toBe('auto');
        expect(stage.element.querySelectorAll('.heard-caption [dir]')).toHaveLength(0);
      }
    });

  it('[CP10] fills each word in its own direction, also one of another script than its sentence', async () => {
    const words = SCRIPTS['Hebrew and English'] ?? [];
    const isRightToLeft: boolean[] = [];
    for (const heardWords of words.keys()) {
      await show(responseOf(heardWords, 'playing', 'r1', words));
      isRightToLeft.push(stage.element.querySelector('.sounds[data-rtl]') !== null);
    }
    expect(isRightToLeft).toEqual([true, true, false, false, true, true]);
  });

  it('[CP13] marks what passed while the page was muted', async () => {
    const part = (at: number, text: string, isHeard: boolean) => ({ at, text, isHeard });
    const passed = [part(0, 'One', true), part(3, ' two', false)];
    await show({ ...responseOf(2), heardText: 'One', passed, isMuted: true });

    expect([texts('.heard'), texts('.muted'), texts('.sounds')]).toEqual([['One'], [' two'], ['']]);
    expect(texts('.heard-caption')).toEqual(['One two three.']);
  });

  it('announces what was heard to a screen reader once, at the end', async () => {
    const live = stage.element.querySelector('[aria-live="polite"]');
    const announced: (string | null | undefined)[] = [live?.textContent];
    for (const heardWords of [0, 1, 2]) {
      await show(responseOf(heardWords));
      announced.push(live?.textContent);
    }
    await show(responseOf(2, 'cut'));
    announced.push(live?.textContent);

    expect(announced).toEqual(['', '', '', '', 'One two']);
    expect(stage.element.querySelectorAll('[aria-live]')).toHaveLength(1);
    expect(live && stage.element.contains(live)).toBe(true);
    // It is not read twice.
    expect(stage.element.querySelector('.heard-caption')?.getAttribute('aria-hidden')).toBe('true');
  });

  describe('tells a screen reader of each response once', () => {
    /** What is put into the live region, as a screen reader notices it: a node that is new, or whose text is. */
    const listen = (): (() => string) => {
      const live = stage.element.querySelector('[aria-live="polite"]');
      let node = live?.firstChild;
      let text = node?.textContent ?? '';
      return () => {
        const before = [node, text];
        node = live?.firstChild;
        text = node?.textContent ?? '';
        return node === before[0] && text === before[1] ? '(nothing new)' : text;
      };
    };
    const showAll = (...responses: readonly HeardResponse[]): Promise<void> =>
      stage.fake.change(() => {
        stage.fake.responses = responses;
      });

    it('also if the one after it is skipped, before or after it sounded', async () => {
      const news = listen();
      const r1 = responseOf(3, 'heard', 'r1');
      await showAll(r1);
      expect(news()).toBe('One two three.');
      for (const heardWords of [0, 1]) {
        await showAll(r1, responseOf(heardWords, 'playing', 'r2'));
        await showAll(r1, responseOf(heardWords, 'skipped', 'r2'));
        expect(news()).toBe('(nothing new)');
      }
      await showAll(r1, responseOf(2, 'cut', 'r3'));
      expect(news()).toBe('One two');
      await showAll(r1, responseOf(0, 'skipped', 'r3'));
      expect(news()).toBe('(nothing new)');
    });

    it('also if the outcome of the agent changes it', async () => {
      const news = listen();
      await showAll(responseOf(3, 'heard', 'r1'));
      news();
      await showAll(responseOf(2, 'cut', 'r1'));
      expect(news()).toBe('(nothing new)');
    });

    it('also if two say the same, and if a new session counts its responses anew', async () => {
      const news = listen();
      await showAll(responseOf(3, 'heard', 'r1'));
      news();
      await showAll(responseOf(3, 'heard', 'r1'), responseOf(3, 'heard', 'r2'));
      expect(news()).toBe('One two three.');
      await showAll(responseOf(1, 'playing', 'r1'));
      await showAll(responseOf(3, 'heard', 'r1'));
      expect(news()).toBe('One two three.');
    });
  });
});
