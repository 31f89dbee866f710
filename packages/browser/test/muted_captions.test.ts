// Tests for SPEC.md, "Captions": words that pass while the page is muted.
import { describe, expect, it } from 'vitest';
import { captionParts } from '../src/captions/index.ts';
import { ID, Page } from './support/captions_page.ts';

/** What has passed, in parts; what was not heard is in brackets. */
const passed = (page: Page): string =>
  (page.response?.passed ?? []).map(({ text, isHeard }) => (isHeard ? text : `[${text}]`)).join('');

const parts = (page: Page, mode?: Parameters<typeof captionParts>[1]): readonly string[] => {
  if (!page.response) return [];
  const { spoken, current, unspoken } = captionParts(page.response, mode);
  return [spoken, current, unspoken];
};

describe('words that pass while the page is muted', () => {
  it('[CP13] are never in the text that was heard, and neither is a word that was heard in part', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1200);
    page.mute(true);
    page.move(1900);
    page.mute(false);
    expect(page.move(2100)).toBe('One');
    expect(page.move(3000)).toBe('One three.');
    expect(passed(page)).toBe('One[ two] three.');
    expect(page.response?.heardWords).toBe(3);
    page.hear(3000, 'ended');

    expect(page.response).toMatchObject({ status: 'partly_heard', heardText: 'One three.' });
    expect(page.happened.at(-1)).toBe('finished at 3000: One three.');
  });

  it('[CP13] count from the instant of the mute, also if nobody has asked for the playhead since long before', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(100);
    if (page.position) page.position = { ...page.position, heardSamples: 24_000, heardMs: 1000 };
    page.mute(true);
    page.mute(true);
    if (page.position) page.position = { ...page.position, heardSamples: 48_000, heardMs: 2000 };
    page.mute(false);

    expect(passed(page)).toBe('One[ two]');
    expect(page.move(3000)).toBe('One three.');
  });

  it('[CP13] no word sounds meanwhile, in any mode, and subscribers hear of it at once', async () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1200);
    await Promise.resolve();
    const before = page.captions.responses;
    let changeCount = 0;
    page.captions.subscribe(() => {
      changeCount += 1;
    });
    page.mute(true);
    await Promise.resolve();
    expect(changeCount).toBe(1);
    expect(page.captions.responses).not.toBe(before);
    expect(page.response?.isMuted).toBe(true);
    expect(parts(page)).toEqual(['One', '', ' two three.']);
    page.move(2500);
    expect(parts(page)).toEqual(['One', '', ' three.']);
    expect(parts(page, 'captions')).toEqual(['One', '', '']);
    expect(parts(page, 'instant')).toEqual(['', '', 'One two three.']);
    page.mute(false);
    expect(page.response?.isMuted).toBe(false);
    expect(parts(page)).toEqual(['One', ' three.', '']);
  });

  it('[CP13] a page that was muted from the first sample to the last has heard nothing', () => {
    const page = new Page();
    page.mute(true);
    page.shareResponse();
    page.hear(0);
    page.hear(3000);
    page.hear(3000, 'ended');

    expect(page.happened).toEqual(['added at 0: ', 'started at 0: ', 'skipped at 3000: ']);
    expect(page.response).toMatchObject({ status: 'skipped', heardText: '', isMuted: false });
    if (page.response)
      expect(captionParts(page.response)).toEqual({
        spoken: '',
        passed: [],
        current: '',
        unspoken: '',
      });
  });

  it('[CP13] a cut while the page is muted keeps what was heard before, also where the last report is behind', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1000);
    page.mute(true);
    page.move(2050);
    page.hear(1990, 'cut');
    expect(page.response).toMatchObject({ status: 'cut', heardText: 'One' });
    expect(parts(page)).toEqual(['One', '', ' two three.']);

    const other = new Page();
    other.mute(true);
    other.shareResponse();
    other.hear(500);
    other.hear(400, 'cut');
    expect(other.response?.status).toBe('skipped');
  });

  it('[CP13] that follow each other are one part', () => {
    const page = new Page();
    page.mute(true);
    page.shareResponse();
    page.hear(1500);
    expect(page.response?.passed).toEqual([{ at: 0, text: 'One', isHeard: false }]);
    page.move(2000);
    expect(page.response?.passed).toEqual([{ at: 0, text: 'One two', isHeard: false }]);
  });

  it('[CP13] words that become known only later are judged too', () => {
    const page = new Page();
    page.hear(1000);
    page.mute(true);
    page.move(2000);
    page.mute(false);
    page.move(3000);
    page.shareResponse();

    expect(page.response?.heardText).toBe('One three.');
  });

  it('[CP13] the outcome of the agent replaces it: another listener may have heard them', () => {
    const page = new Page();
    page.shareResponse();
    page.mute(true);
    page.hear(3000);
    page.hear(3000, 'ended');
    const heard = { outcome: 'heard', heardSamples: 72_000, heardChars: 14 } as const;
    page.share({ type: 'outcome', responseId: ID, ...heard });

    expect(page.response).toMatchObject({ status: 'heard', heardText: 'One two three.' });
  });

  it('[CP8] those that the agent says nobody could hear keep their places', () => {
    const page = new Page();
    page.shareResponse();
    page.share({
      type: 'outcome',
      responseId: ID,
      outcome: 'cut',
      heardSamples: 48_000,
      heardChars: 7,
      unheardChars: [0, 3],
    });

    expect(passed(page)).toBe('[One] two');
    expect(parts(page)).toEqual(['two', '', ' three.']);
  });
});
