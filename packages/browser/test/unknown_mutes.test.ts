// Tests for SPEC.md, "Captions": a mute or its end of which the page does not know what had passed by then.
import { describe, expect, it } from 'vitest';
import { ID, Page, RATE_HZ } from './support/captions_page.ts';

/** The ear is at this ms of the response, or nobody knows where. */
function place(page: Page, heardMs?: number): void {
  const heardSamples = ((heardMs ?? 0) * RATE_HZ) / 1000;
  page.position =
    heardMs === undefined
      ? undefined
      : { responseId: ID, heardSamples, heardMs, sampleRateHz: RATE_HZ };
}

describe('what is not known to have passed audibly', () => {
  it('[CP13] is not shown as heard after an unmute without a playhead', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(100);
    page.mute(true);
    place(page);
    page.mute(false);
    place(page, 2050);
    expect(page.move(2050)).toBe('');
    expect(page.move(3000)).toBe('');
    page.hear(3000, 'ended');
    expect(page.response?.status).toBe('skipped');
  });

  it('[CP13] is heard again from the next known position on', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(100);
    page.mute(true);
    place(page);
    page.mute(false);
    place(page, 950);
    expect(page.move(950)).toBe('');
    expect(page.move(3000)).toBe('two three.');
  });

  it('[CP13] is not shown as heard of a response whose first piece was not found before the unmute', () => {
    const page = new Page();
    page.mute(true);
    page.shareResponse();
    page.mute(false);
    page.hear(2050);
    expect(page.move(2050)).toBe('');
  });

  it('[CP13] a response that begins after the one that sounds at the unmute is heard from its first word', () => {
    const page = new Page();
    page.mute(true);
    page.shareResponse();
    page.position = { responseId: 'r0', heardSamples: 10, heardMs: 1, sampleRateHz: RATE_HZ };
    page.mute(false);
    page.hear(1000);
    expect(page.move(1000)).toBe('One');
  });

  it('[CP13] a response that another one follows before its end is known was muted to its end', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1000);
    page.mute(true);
    page.position = { responseId: 'r1', heardSamples: 10, heardMs: 1, sampleRateHz: RATE_HZ };
    page.mute(false);
    page.report(3000, 'ended');
    expect(page.response).toMatchObject({ status: 'partly_heard', heardText: 'One' });
  });
});

describe('a page that is away', () => {
  const come = (page: Page, state: string): void => {
    page.state = state;
    page.emit('state');
  };

  it('[CP13] stays as muted as it was: the sound may go on while the room reconnects', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1000);
    page.mute(true);
    come(page, 'away');
    expect(page.move(2000)).toBe('One');
    expect(page.response?.isMuted).toBe(true);
    come(page, 'listening');
    expect(page.response?.isMuted).toBe(false);
    expect(page.move(3000)).toBe('One three.');
  });

  it('[CP13] comes back unmuted without a playhead: what passed meanwhile was not heard', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1000);
    page.mute(true);
    come(page, 'away');
    place(page);
    come(page, 'listening');
    place(page, 2050);
    expect(page.move(2050)).toBe('One');
  });
});

describe('the end of a muted response', () => {
  it('[CP13] a cut behind the playhead takes nothing from what was heard before the mute', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1100);
    page.mute(true);
    page.move(2900);
    page.report(1500, 'cut');
    expect(page.response).toMatchObject({ status: 'cut', heardText: 'One' });
  });

  it('[CP13] an unmute just before the report of the end does not make it partly heard', () => {
    const page = new Page();
    page.mute(true);
    page.shareResponse();
    page.hear(2990);
    page.mute(false);
    page.hear(3000, 'ended');
    expect(page.response).toMatchObject({ status: 'skipped', heardText: '' });
    expect(page.happened.at(-1)).toBe('skipped at 3000: ');
  });

  it('[CP13] without words nothing of the text is known to be heard, though some of it was', () => {
    const page = new Page();
    page.share({ type: 'text', responseId: ID, atChar: 0, text: 'One two.', isComplete: true });
    page.hear(1000);
    page.mute(true);
    page.move(1900);
    page.mute(false);
    page.hear(3000, 'ended');
    expect(page.response).toMatchObject({ status: 'partly_heard', heardText: '' });
  });

  it('[CP13] text after the last word is muted with the end of the audio', () => {
    const page = new Page();
    page.shareResponse('One two three. 👋');
    page.hear(3050);
    page.mute(true);
    page.move(3100);
    page.hear(3200, 'ended');
    expect(page.response).toMatchObject({ status: 'partly_heard', heardText: 'One two three.' });
    expect(page.response?.passed.at(-1)).toEqual({ at: 14, text: ' 👋', isHeard: false });
  });

  it('[CP13] a word of no length at the end of the mute passed in it', () => {
    const page = new Page();
    page.shareResponse();
    const words = [0, 3, RATE_HZ, 4, 7, 2 * RATE_HZ, 8, 14, 2 * RATE_HZ];
    page.share({ type: 'words', responseId: ID, fromWord: 0, timedWords: 3, words });
    page.hear(1000);
    page.mute(true);
    page.move(2000);
    page.mute(false);
    expect(page.move(2500)).toBe('One');
  });
});

it('[CP7] a mute while nothing plays changes no response', () => {
  const page = new Page();
  page.shareResponse();
  const before = page.captions.responses;
  page.mute(true);
  page.mute(false);
  expect(page.captions.responses).toBe(before);
});

describe('the outcome of the agent', () => {
  const end = { type: 'outcome', responseId: ID, outcome: 'partly_heard' } as const;

  it('[CP8] a part of no length at 0 takes the space at the beginning', () => {
    const page = new Page();
    page.shareResponse(' One two three');
    page.share({ ...end, heardSamples: 72_000, heardChars: 4, unheardChars: [0, 0] });
    expect(page.response?.heardText).toBe('One');
  });
});
