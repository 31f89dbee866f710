// Tests for SPEC.md, "Captions": what the agent shares.
import { Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { type CaptionMessage, encodeCaptionMessage, MAX_WIRE_CHARS } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { CaptionFeed } from '../../../src/listeners/captions/caption_feed.ts';
import { checkedShare, type ShareWithPage } from '../../../src/listeners/captions/share_options.ts';

const RATE_HZ = 24_000;

/** A timeline whose responses are shared with pages. */
class Sharing {
  readonly clock = new ManualClock();
  readonly sent: { readonly message: CaptionMessage; readonly to: string | undefined }[] = [];
  readonly refused: string[] = [];
  readers = 1;
  readonly feed: CaptionFeed;
  readonly timeline: Timeline;

  constructor(share: ShareWithPage) {
    this.feed = new CaptionFeed({
      share: checkedShare(share) ?? { text: false, marks: false, metadata: [] },
      sampleRateHz: RATE_HZ,
      clock: this.clock,
      send: (message, to) => this.sent.push({ message, to }),
      hasReaders: () => this.readers > 0,
      refused: (message) => this.refused.push(message),
    });
    this.timeline = new Timeline({
      clock: this.clock,
      record: (input, events) => this.feed.take(input, events, this.timeline.state),
    });
  }

  /** The messages of one type, in order. */
  of<T extends CaptionMessage['type']>(type: T): readonly Extract<CaptionMessage, { type: T }>[] {
    return this.sent.flatMap(({ message }) =>
      message.type === type ? [message as Extract<CaptionMessage, { type: T }>] : [],
    );
  }

  /** The text of a response as a page puts it together. */
  textOf(responseId: string): string {
    let text = '';
    for (const piece of this.of('text'))
      if (piece.responseId === responseId) text = text.slice(0, piece.atChar) + piece.text;
    return text;
  }
}

/** A response of two words, with word timings, that was sent completely. */
function speak(sharing: Sharing, metadata?: unknown) {
  const turn = sharing.timeline.openTurn();
  const response = turn.begin({ metadata });
  turn.addText('Good evening. ');
  turn.close();
  sharing.timeline.audioSent(response.id, 24_000, RATE_HZ);
  sharing.timeline.wordsTimed(response.id, [
    { text: 'Good ', endSamples: 9000 },
    { text: 'evening. ', endSamples: 22_000 },
  ]);
  sharing.timeline.audioEnded(response.id);
  return { turn, response };
}

describe('what the agent shares for captions', () => {
  it('[CP1] text, words and outcome go to the page if text is shared', () => {
    const sharing = new Sharing({ text: true });
    const { response } = speak(sharing);
    sharing.clock.advance(2000);

    expect(sharing.of('response')).toEqual([
      expect.objectContaining({ responseId: response.id, index: 0, sampleRateHz: RATE_HZ }),
    ]);
    expect(sharing.textOf(response.id)).toBe('Good evening. ');
    expect(sharing.of('text').at(-1)?.isComplete).toBe(true);
    const { words, timedWords } = sharing.of('words').at(-1) ?? {};
    expect({ words, timedWords }).toEqual({ words: [0, 4, 9000, 5, 13, 22_000], timedWords: 2 });
    expect(sharing.of('outcome')).toEqual([
      expect.objectContaining({ outcome: 'heard', heardSamples: 24_000, heardChars: 14 }),
    ]);
  });

  it('[CP1] without text no word of a response crosses, and metadata only by name', () => {
    const sharing = new Sharing({ metadata: ['topic'] });
    speak(sharing, { topic: 'desk', customer: 'Ada' });
    sharing.clock.advance(2000);

    expect(sharing.of('response')[0]?.metadata).toEqual({ topic: 'desk' });
    expect(sharing.of('outcome')[0]?.heardChars).toBeUndefined();
    expect(JSON.stringify(sharing.sent)).not.toMatch(/Good|evening|Ada/);
  });

  it('[CP1] what the application changes in its metadata later is not shared', () => {
    const sharing = new Sharing({ metadata: ['topic'] });
    const metadata = { topic: 'desk' };
    sharing.readers = 0;
    speak(sharing, metadata);
    metadata.topic = 'secret';
    sharing.feed.joined('late', true);

    expect(sharing.of('response')[0]?.metadata).toEqual({ topic: 'desk' });
  });

  it('[CP12] with marks their names and places cross, each once, and still no text', () => {
    const sharing = new Sharing({ marks: true });
    const turn = sharing.timeline.openTurn();
    const { id: responseId } = turn.begin();
    turn.mark('start');
    turn.addText('Good ');
    turn.mark('half');
    turn.addText('evening. ');
    turn.close();
    sharing.timeline.audioSent(responseId, 24_000, RATE_HZ);
    sharing.clock.advance(100);
    sharing.timeline.wordsTimed(responseId, [{ text: 'Good ', endSamples: 9000 }]);
    sharing.timeline.audioEnded(responseId);
    sharing.clock.advance(2000);

    const places = sharing.of('mark').map((one) => [one.mark, one.name, one.isEstimated]);
    expect(places.at(-1)).toEqual([1, 'half', false]);
    expect(places.filter(([mark]) => mark === 0)).toEqual([[0, 'start', false]]);
    expect(sharing.of('mark').at(-1)?.atSamples).toBe(9000);
    expect(JSON.stringify(sharing.sent)).not.toMatch(/Good|evening/);
    expect(new Set(sharing.sent.map(({ message }) => JSON.stringify(message))).size).toBe(
      sharing.sent.length,
    );
    const before = sharing.sent.length;
    sharing.feed.joined('late', false);
    const late = sharing.sent.slice(before).flatMap(({ message }) => message);
    expect(late.flatMap((one) => (one.type === 'mark' ? one.name : []))).toEqual(['start', 'half']);
  });

  it('[CP12] without marks no name crosses, and what is too much is refused', () => {
    const quiet = new Sharing({ text: true });
    const quietTurn = quiet.timeline.openTurn();
    quietTurn.begin();
    quietTurn.mark('secret');
    quiet.clock.advance(2000);
    expect(JSON.stringify(quiet.sent)).not.toMatch(/secret/);

    const sharing = new Sharing({ marks: true });
    const turn = sharing.timeline.openTurn();
    const { id } = turn.begin();
    turn.mark('x'.repeat(201));
    for (let count = 0; count < 101; count += 1) turn.mark(`mark ${count}`);
    turn.addText('Hello.');
    turn.close();
    sharing.timeline.audioSent(id, 24_000, RATE_HZ);
    sharing.timeline.audioEnded(id);
    sharing.clock.advance(4000);
    expect(sharing.refused).toEqual([
      expect.stringMatching(/^the mark "x+" is not shared/),
      expect.stringMatching(/^the mark "mark 100" is not shared/),
    ]);
    expect(sharing.of('mark')).toHaveLength(100);
  });

  it('[CP1] a bad option says what to give', () => {
    for (const bad of [{ text: 'yes' }, { marks: 1 }, { metadata: 'topic' }, { metadata: [1] }])
      expect(() => checkedShare(bad as never)).toThrow(/shareWithPage takes for example/);
    expect(checkedShare(undefined)).toBeUndefined();
    expect(checkedShare({})).toEqual({ text: false, marks: false, metadata: [] });
  });

  it('[CP2] a page that joins in mid-response gets all that is known of it, and only that page does', () => {
    const sharing = new Sharing({ text: true });
    const { response } = speak(sharing);
    sharing.clock.advance(300);
    const before = sharing.sent.length;

    sharing.feed.joined('late', false);

    const late = sharing.sent.slice(before);
    expect(late.every(({ to }) => to === 'late')).toBe(true);
    expect(late.map(({ message }) => message.type)).toEqual(['response', 'text', 'words']);
    expect(late.map(({ message }) => message.responseId)).toEqual(Array(3).fill(response.id));
  });

  it('[CP2] while no page reports nothing is sent, and the first that does gets each message once', () => {
    const sharing = new Sharing({ text: true });
    sharing.readers = 0;
    speak(sharing);
    sharing.clock.advance(300);
    expect(sharing.sent).toEqual([]);

    sharing.readers = 1;
    sharing.feed.joined('first', true);
    sharing.clock.advance(300);

    expect(sharing.sent.map(({ message }) => message.type)).toEqual(['response', 'text', 'words']);
  });

  it('[CP2] of the responses that have ended, the last two are kept for a page that joins', () => {
    const sharing = new Sharing({ text: true });
    const spoken = Array.from({ length: 4 }, () => {
      const { response } = speak(sharing);
      sharing.clock.advance(3000);
      return response.id;
    });
    const before = sharing.sent.length;

    sharing.feed.joined('late', false);

    const ids = sharing.sent.slice(before).map(({ message }) => message.responseId);
    expect([...new Set(ids)]).toEqual(spoken.slice(-2));
  });

  it.each([
    ['silent', 4],
    ['muted', 2],
  ] as const)(
    '[CP2] of the responses that ended while it was %s, a page that reports anew gets the last %i',
    (audibility, count) => {
      const sharing = new Sharing({ text: true });
      sharing.timeline.audibilityChanged(audibility);
      const spoken = Array.from({ length: 4 }, () => {
        const { response } = speak(sharing);
        sharing.clock.advance(3000);
        return response.id;
      });
      sharing.timeline.audibilityChanged('listening');
      const idsAfter = (join: () => void): readonly string[] => {
        const before = sharing.sent.length;
        join();
        const ids = sharing.sent.slice(before).map(({ message }) => message.responseId);
        return [...new Set(ids)];
      };

      expect(idsAfter(() => sharing.feed.joined('back', true))).toEqual(spoken.slice(-count));
      speak(sharing);
      sharing.clock.advance(3000);
      expect(idsAfter(() => sharing.feed.joined('late', false))).toHaveLength(2);
    },
  );

  it('[CP3] an agent that says very much at once sends it in bounded bursts, and all of it', () => {
    const sharing = new Sharing({ text: true });
    const turn = sharing.timeline.openTurn();
    const response = turn.begin();
    const long = '"Ünïcode\u0007 words" '.repeat(1000);
    for (let at = 0; at < long.length; at += 7) turn.addText(long.slice(at, at + 7));
    let most = 0;
    for (let passedMs = 0; passedMs < 20_000; passedMs += 50) {
      const before = sharing.sent.length;
      sharing.clock.advance(50);
      most = Math.max(most, sharing.sent.length - before);
    }

    expect(most).toBeLessThanOrEqual(8);
    expect(sharing.textOf(response.id)).toBe(long);
    const lengths = sharing.sent.map(
      ({ message }) => encodeCaptionMessage(message, { epoch: 'e'.repeat(36), seq: 1e6 }).length,
    );
    expect(Math.max(...lengths)).toBeLessThan(MAX_WIRE_CHARS);
  });

  it('[CP3] text ends at 20,000 characters, and metadata that is long or not JSON is left out', () => {
    const sharing = new Sharing({ text: true, metadata: ['big', 'loop'] });
    const loop: { loop?: unknown } = {};
    loop.loop = loop;
    const turn = sharing.timeline.openTurn();
    turn.begin({ metadata: { big: 'x'.repeat(3000) } });
    turn.begin({ metadata: loop });
    turn.addText('word '.repeat(5000));
    sharing.clock.advance(30_000);

    expect(sharing.refused).toHaveLength(2);
    const response = sharing.of('text').at(-1);
    expect(sharing.textOf(response?.responseId ?? '')).toHaveLength(20_000);
    expect(response?.isComplete).toBe(true);
  });

  it('[CP5] an estimated end moves when the audio is complete, and the page gets only the words that moved', () => {
    const sharing = new Sharing({ text: true });
    const turn = sharing.timeline.openTurn();
    const response = turn.begin();
    turn.addText('This sentence has no word timings at all, so its pace is a guess.');
    turn.close();
    sharing.clock.advance(200);
    const guessed = sharing.of('words').at(-1);
    sharing.timeline.audioSent(response.id, 5 * RATE_HZ, RATE_HZ);
    sharing.timeline.audioEnded(response.id);
    sharing.clock.advance(200);

    const known = sharing.of('words').at(-1);
    expect(guessed?.timedWords).toBe(0);
    expect(known?.words.at(-1)).toBeLessThanOrEqual(5 * RATE_HZ);
    expect(known?.words).not.toEqual(guessed?.words);
  });

  it('[CP8] after a mute in the middle, the outcome says which characters nobody could hear', () => {
    const sharing = new Sharing({ text: true });
    const turn = sharing.timeline.openTurn();
    const response = turn.begin();
    turn.addText('One two three four.');
    turn.close();
    sharing.timeline.audioSent(response.id, 48_000, RATE_HZ);
    sharing.timeline.wordsTimed(
      response.id,
      ['One ', 'two ', 'three ', 'four.'].map((text, at) => ({
        text,
        endSamples: (at + 1) * 12_000,
      })),
    );
    sharing.timeline.audioEnded(response.id);
    const { estimateDelayMs } = sharing.timeline.state.options;
    sharing.clock.advance(estimateDelayMs + 600);
    sharing.timeline.audibilityChanged('muted');
    sharing.clock.advance(300);
    sharing.timeline.audibilityChanged('listening');
    let heardText = '';
    sharing.timeline.on('response_playback_finished', (event) => {
      heardText = event.heardText;
    });
    sharing.clock.advance(5000);

    const outcome = sharing.of('outcome').at(-1);
    expect(heardText).toBe('One three four.');
    expect(outcome).toMatchObject({
      outcome: 'partly_heard',
      heardChars: 19,
      unheardChars: [3, 7],
    });
  });
});
