// Tests for SPEC.md, "Captions": what a page makes of the agent's messages and of its own reports.
import { encodeCaptionMessage } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { captionParts } from '../src/captions/index.ts';
import { ID, Page } from './support/captions_page.ts';

describe('the responses that a page hears', () => {
  it('[CP6] begin and end when this page has heard it, each once, with what was heard', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(120);
    page.hear(900);
    page.hear(3000, 'ended');
    page.hear(3000, 'ended');
    page.share({
      type: 'outcome',
      responseId: ID,
      outcome: 'heard',
      heardSamples: 72_000,
      heardChars: 14,
    });

    expect(page.events.filter((event) => !event.startsWith('agent'))).toEqual([
      `added ${ID} at 0: `,
      `started ${ID} at 120: `,
      `finished ${ID} at 3000: One two three.`,
    ]);
    expect(page.response?.status).toBe('heard');
  });

  it('[CP6] a cut says what was heard, and one of which nothing was heard is skipped', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(1900);
    page.hear(1900, 'cut');
    page.share({
      type: 'outcome',
      responseId: ID,
      outcome: 'cut',
      heardSamples: 45_600,
      heardChars: 3,
    });
    expect(page.events.at(-1)).toBe(`cut ${ID} at 1900: One`);
    expect(page.response).toMatchObject({ status: 'cut', heardText: 'One', heardWords: 1 });

    const other = new Page();
    other.shareResponse();
    other.hear(0, 'cut');
    expect(other.events.at(-1)).toBe(`skipped ${ID} at 0: `);
  });

  it('[CP6] a response of which the agent shares nothing has events, and no text', () => {
    const page = new Page();
    page.hear(500);
    page.hear(800, 'ended');

    const types = page.events.map((event) => event.split(' ')[0]);
    expect(types.filter((type) => type !== 'agent')).toEqual(['added', 'started', 'finished']);
    expect(page.response).toMatchObject({ status: 'heard', text: '', words: [] });
  });

  it('[CP7] the playhead is computed when it is asked, and never goes back in a response', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(120);

    expect(page.move(999)).toBe('');
    expect(page.move(1000)).toBe('One');
    expect(page.move(2500)).toBe('One two');
    expect(page.move(1200)).toBe('One two');
    expect(page.captions.playhead()).toMatchObject({ responseId: ID, heardMs: 2500 });
    page.hear(2600, 'ended');
    expect(page.captions.playhead()).toBeUndefined();
  });

  it('[CP7] what is unchanged is the same object', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(120);
    const { responses } = page.captions;
    page.move(700);
    expect(page.captions.responses).toBe(responses);
    page.move(1100);
    expect(page.captions.responses).not.toBe(responses);
  });

  it('[CP8] a word counts as heard only when its last sample has sounded, also if the last report is behind', () => {
    const page = new Page();
    page.shareResponse();
    page.hear(120);
    expect(page.move(2050)).toBe('One two');
    // Of what the playhead counted on, the last 60 ms were cut.
    page.hear(1990, 'cut');
    expect(page.response?.heardText).toBe('One');
  });

  it('[CP8] the words that nobody could hear are not in the text that was heard', () => {
    const page = new Page();
    page.shareResponse();
    page.share({
      type: 'outcome',
      responseId: ID,
      outcome: 'partly_heard',
      heardSamples: 48_000,
      heardChars: 14,
      unheardChars: [0, 3],
    });
    expect(page.response).toMatchObject({ status: 'partly_heard', heardText: 'two three.' });
  });

  it('[CP5] a page knows which words are estimated, also if that changes', () => {
    const page = new Page();
    page.shareResponse();
    const words = [8, 14, 70_000];
    page.share({ type: 'words', responseId: ID, fromWord: 2, timedWords: 2, words });

    expect(page.response?.words.map(({ isEstimated }) => isEstimated)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('what a page believes', () => {
  it('[CP4] a message that is none is an event, and nothing is thrown', () => {
    const page = new Page();
    page.receive('{');
    page.receive('x'.repeat(5000));
    page.receive('{"v":1,"epoch":"e","seq":1,"type":"hologram","responseId":"a"}');

    expect(page.events).toEqual(['bad_format', 'too_large', 'unknown_type']);
    expect(page.captions.responses).toEqual([]);
  });

  it('[CP4] only an agent is believed, and only on the topic of captions', () => {
    const page = new Page();
    const text = encodeCaptionMessage(
      { type: 'text', responseId: ID, atChar: 0, text: 'Send me your password.', isComplete: true },
      { epoch: 'e', seq: 1 },
    );
    page.receive(text, { isAgent: false, attributes: {} });
    page.receive(text, page.agent, 'another.topic');

    expect(page.captions.responses).toEqual([]);
  });

  it('[CP4] a flood is dropped', () => {
    const page = new Page();
    for (let count = 0; count < 2000; count += 1)
      page.share({
        type: 'text',
        responseId: ID,
        atChar: 0,
        text: String(count),
        isComplete: false,
      });

    expect(page.events.filter((event) => event === 'too_many').length).toBeGreaterThan(1000);
  });

  it('[CP2] repeated and outdated messages, and those of a past session, change nothing', () => {
    const page = new Page();
    page.shareResponse();
    const repeated = encodeCaptionMessage(
      { type: 'text', responseId: ID, atChar: 0, text: 'Old', isComplete: false },
      { epoch: 'session', seq: 1 },
    );
    page.receive(repeated);
    expect(page.response?.text).toBe('One two three.');

    page.share({ type: 'text', responseId: ID, atChar: 0, text: 'New', isComplete: true }, 'next');
    expect(page.response?.text).toBe('New');
    page.share({ type: 'text', responseId: ID, atChar: 0, text: 'Old', isComplete: true });
    expect(page.response?.text).toBe('New');
  });

  it('[CP2] text after a piece that is missing is not shown', () => {
    const page = new Page();
    page.share({ type: 'text', responseId: ID, atChar: 0, text: 'One ', isComplete: false });
    page.share({ type: 'text', responseId: ID, atChar: 600, text: 'lost', isComplete: true });
    page.share({ type: 'text', responseId: ID, atChar: 4, text: 'two', isComplete: false });

    expect(page.response).toMatchObject({ text: 'One two', isTextComplete: false });
  });

  it('[CP3] a page keeps the latest 50 responses', () => {
    const page = new Page();
    for (let count = 0; count < 80; count += 1) {
      const responseId = `turn_${count}.0` as typeof ID;
      page.share({
        type: 'outcome',
        responseId,
        outcome: 'skipped',
        reason: 'no_text',
        heardSamples: 0,
      });
    }

    const ids = page.captions.responses.map(({ id }) => id);
    expect(ids).toHaveLength(50);
    expect(ids.at(-1)).toBe('turn_79.0');
  });

  it('[CP9] the agent is speaking from the first sample that sounds here to the last, not by its word', () => {
    const page = new Page();
    page.say('thinking');
    page.shareResponse();
    page.say('speaking');
    expect(page.captions.agentState).toBe('thinking');
    page.hear(120);
    expect(page.captions.agentState).toBe('speaking');
    page.hear(3000, 'ended');
    expect(page.captions.agentState).toBe('listening');
    page.say('listening');
    page.say('thinking');
    expect(page.captions.agentState).toBe('thinking');
  });

  it('[CP9] where this page hears nothing by itself, the word of the agent counts', () => {
    const page = new Page();
    page.state = 'blocked';
    page.say('speaking');
    expect(page.captions.agentState).toBe('speaking');
  });

  it('[CP7] subscribers hear of many changes once, and after close of none', async () => {
    const page = new Page();
    let count = 0;
    page.captions.subscribe(() => {
      count += 1;
    });
    page.shareResponse();
    await Promise.resolve();
    expect(count).toBe(1);

    page.captions.close();
    page.stopMarks();
    page.shareResponse('More');
    await Promise.resolve();
    expect(count).toBe(1);
    expect(page.handlerCount).toBe(0);
  });
});

describe('the text to show', () => {
  const parts = (page: Page, mode: Parameters<typeof captionParts>[1]) => {
    const { response } = page;
    if (!response) return [];
    const { spoken, current, unspoken } = captionParts(response, mode);
    return [spoken, current, unspoken];
  };

  it('[CP10] karaoke has the whole text, captions what was heard and the word that sounds, instant all at once', () => {
    const page = new Page();
    page.shareResponse();
    expect(parts(page, 'karaoke')).toEqual(['', '', 'One two three.']);
    expect(parts(page, 'captions')).toEqual(['', '', '']);
    page.hear(1200);
    expect(parts(page, 'karaoke')).toEqual(['One', ' two', ' three.']);
    expect(parts(page, 'captions')).toEqual(['One', ' two', '']);
    expect(parts(page, 'instant')).toEqual(['', '', 'One two three.']);
    page.hear(1300, 'cut');
    expect(parts(page, 'karaoke')).toEqual(['One', '', ' two three.']);
    expect(parts(page, 'captions')).toEqual(['One', '', '']);
    expect(parts(page, 'instant')).toEqual(['One', '', '']);
  });

  it('[CP10] the three parts make the text, in any script', () => {
    for (const text of ['三つの部屋が', 'שלוש מילים.', 'e\u0301t un deux']) {
      const page = new Page();
      page.shareResponse(text);
      page.hear(1200);
      expect(parts(page, 'karaoke').join('')).toBe(text);
    }
  });
});
