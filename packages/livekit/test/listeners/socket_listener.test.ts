import { type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { SocketListener } from '../../src/listeners/socket_listener.ts';
import { MAX_SEND_AHEAD_MS } from '../../src/listeners/socket_sender.ts';
import { FakePage } from '../support/fake_page.ts';

const RATE_HZ = 8000;
const A = 'response_a' as ResponseId;
const B = 'response_b' as ResponseId;

let clock: ManualClock;
let timeline: Timeline;
let listener: SocketListener;
let link: ListenerLink;

function connect({ awayAfterMs = 5000 } = {}): void {
  clock = new ManualClock(10_000);
  timeline = new Timeline({ clock });
  listener = new SocketListener({ clock, sampleRateHz: RATE_HZ, awayAfterMs });
  link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
}

beforeEach(() => connect());

afterEach(async () => {
  await timeline.close(0);
  link.close();
  listener.close();
  expect(clock.pendingCount, 'a timer was left behind').toBe(0);
});

function newPage({ offsetMs = -7000 } = {}): FakePage {
  const page = new FakePage(() => clock.nowMs() + offsetMs);
  listener.attachSocket(page);
  return page;
}

function listeningPage(): FakePage {
  const page = newPage();
  page.hello();
  return page;
}

/** Samples that count up, so that each can be recognised. */
function samples(from: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, index) => (from + index) % 30_000);
}

/** Hands a response to the listener, as the output does. */
function play(id: ResponseId, ms: number): void {
  const count = (ms * RATE_HZ) / 1000;
  listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
  listener.write(id, samples(0, count));
  listener.send({ type: 'end', responseId: id, totalSamples: count });
}

describe('pages that come and go', () => {
  it('[BR1] a page is welcomed with the sample rate, and gets nothing before its hello and one round trip', () => {
    const page = newPage();
    page.answersPings = false;
    play(A, 100);
    expect(page.messages).toEqual([{ type: 'welcome', sampleRateHz: RATE_HZ }]);

    page.hello();
    expect(page.types).toEqual(['welcome']);
    page.pong(1);

    expect(page.types).toEqual(['welcome', 'announce', 'end']);
    expect(page.samplesOf(A)).toEqual([...samples(0, 800)]);
  });

  it('[BR1] a page whose pings are lost gets its audio after a second', () => {
    const page = newPage();
    page.answersPings = false;
    page.hello();
    play(A, 100);

    clock.advance(1000);

    expect(page.types).toEqual(['welcome', 'announce', 'end']);
  });

  it('[BR2] the page that said hello last listens; the one before is closed with code 4001', () => {
    const first = listeningPage();
    const second = newPage();
    expect(first.closedWith).toBeUndefined();

    second.hello();

    expect(first.closedWith).toBe(4001);
    play(A, 100);
    expect(first.frames).toEqual([]);
    expect(second.samplesOf(A)).toHaveLength(800);
    first.report(A, 800, 'ended');
    expect(listener.isListening).toBe(true);
  });

  it('[BR3] after a reload a response goes on after the last sample that was reported', () => {
    const first = listeningPage();
    play(A, 3000);
    first.report(A, 4321);
    first.close();

    const second = listeningPage();

    expect(second.messages).toContainEqual({
      type: 'announce',
      responseId: A,
      sampleRateHz: RATE_HZ,
      heardBeforeSamples: 4321,
    });
    expect(second.frames[0]?.firstSample).toBe(4321);
    expect(second.samplesOf(A)).toEqual([...samples(4321, 24_000 - 4321)]);
    expect(second.frames.map((frame) => frame.seq)).toEqual(second.frames.map((_, index) => index));
  });

  it('[BR3] samples that were never sent do not count as heard, whatever a page reports', () => {
    const first = listeningPage();
    play(A, 6000);
    first.report(A, 48_000);
    first.close();

    const second = listeningPage();

    expect(second.frames[0]?.firstSample).toBe((MAX_SEND_AHEAD_MS * RATE_HZ) / 1000);
  });

  it('[BR3] a page that slept and says hello again gets what it had not heard', () => {
    const page = listeningPage();
    play(A, 1000);
    page.report(A, 2000);
    page.say({ type: 'bye' });
    expect(listener.isListening).toBe(false);

    page.hello();

    expect(page.messages.at(-2)).toMatchObject({ type: 'announce', heardBeforeSamples: 2000 });
    expect(page.frames.at(-1)?.firstSample).toBeGreaterThanOrEqual(2000);
  });

  it('[BR4] audio is sent no further ahead than five seconds of the reported playhead', () => {
    const page = listeningPage();
    play(A, 60_000);
    expect(page.samplesOf(A)).toHaveLength(5 * RATE_HZ);

    page.report(A, 400);

    expect(page.samplesOf(A)).toHaveLength(5 * RATE_HZ + 400);
    expect(page.types).not.toContain('end');
  });

  it('[BR4] the five seconds hold for all responses together, in their order', () => {
    const page = listeningPage();
    play(A, 3000);
    play(B, 3000);
    expect(page.samplesOf(A)).toHaveLength(3 * RATE_HZ);
    expect(page.samplesOf(B)).toHaveLength(2 * RATE_HZ);

    page.report(A, 3 * RATE_HZ, 'ended');

    expect(page.samplesOf(B)).toHaveLength(3 * RATE_HZ);
  });

  it('[BR4] a full socket gets no more audio until it has drained', () => {
    const page = listeningPage();
    page.bufferedAmount = 1_000_000;
    play(A, 1000);
    expect(page.frames).toEqual([]);

    page.bufferedAmount = 0;
    clock.advance(20);

    expect(page.samplesOf(A)).toHaveLength(RATE_HZ);
  });

  it('[BR4] while no page listens, the audio of a settled response is dropped', () => {
    play(A, 1000);
    play(B, 1000);
    listener.settled(A);

    const page = listeningPage();

    expect(page.samplesOf(A)).toEqual([]);
    expect(page.samplesOf(B)).toHaveLength(RATE_HZ);
  });

  it('[BR4] a clear drops the audio that waits, and is sent to the page', () => {
    const page = listeningPage();
    play(A, 60_000);
    const sent = page.frames.length;

    listener.send({ type: 'clear' });
    page.report(A, 400, 'cut');
    clock.advance(100);

    expect(page.types.at(-1)).toBe('clear');
    expect(page.frames).toHaveLength(sent);
  });

  it('[BR5] a page that answers no ping for five seconds is closed with code 4002', () => {
    const page = listeningPage();
    page.answersPings = false;

    clock.advance(6500);

    expect(page.closedWith).toBe(4002);
    expect(listener.isListening).toBe(false);
  });

  it('[BR5] when the session ends, every page is closed with code 4000', () => {
    const page = listeningPage();
    const waiting = newPage();

    listener.close();
    listener.close();
    const late = newPage();

    expect([page, waiting, late].map((one) => one.closedWith)).toEqual([4000, 4000, 4000]);
  });
});

describe('what a page means for the session', () => {
  it('[LW16] a page gets a burst of pings after its hello, then five a second, and one a second once its clock is known', () => {
    const page = listeningPage();
    const pings = (): number => page.messages.filter(({ type }) => type === 'ping').length;
    const within = (ms: number): number => {
      const before = pings();
      clock.advance(ms);
      return pings() - before;
    };

    within(200);
    expect(pings()).toBe(6);
    expect(within(1000)).toBe(5);
    within(1000);
    expect(within(10_000)).toBe(10);
  });

  it('[LW3] when the page leaves, playout stands still for awayAfterMs and then goes on', () => {
    const events = captureEvents(timeline);
    const page = listeningPage();
    page.close();
    expect(events.ofType('listener_changed').map((event) => event.listening)).toEqual([
      true,
      false,
    ]);
    expect(timeline.state.pausedAtMs).toBe(clock.nowMs());

    clock.advance(4999);
    expect(timeline.state.pausedAtMs).toBeDefined();
    clock.advance(1);

    expect(timeline.state.pausedAtMs).toBeUndefined();
  });

  it('[LW3] playout goes on at once when a page is back within awayAfterMs', () => {
    listeningPage().close();
    clock.advance(1200);

    listeningPage();

    expect(timeline.state.pausedAtMs).toBeUndefined();
    expect(timeline.state.listening).toBe(true);
  });

  it("[LW3] the pipeline's own pause outlasts the return of the listener, and a cut ends it", () => {
    const holds = new PlayoutHolds(timeline);
    holds.hold('absence');
    holds.hold('pipeline');
    holds.release('absence');
    expect(timeline.state.pausedAtMs).toBeDefined();

    timeline.cut('user_speech');
    holds.afterCut();

    expect(timeline.state.pausedAtMs).toBeUndefined();
  });
});

describe('a report of a sample that is about to sound', () => {
  /** A page listens, and the session has handed over a second of a response. */
  function speakingPage(): { page: FakePage; id: ResponseId; starts: () => readonly number[] } {
    const page = listeningPage();
    const events = captureEvents(timeline);
    const turn = timeline.openTurn();
    const { id } = turn.begin();
    turn.addText('Hello.');
    timeline.audioSent(id, RATE_HZ, RATE_HZ);
    play(id, 1000);
    const starts = (): number[] =>
      events.ofType('response_playback_started').map((event) => event.atMs - 10_000);
    return { page, id, starts };
  }

  it('[LW7] counts when the sample sounds, and not before', () => {
    const { page, id, starts } = speakingPage();
    page.report(id, 1, 'playing', 40);

    clock.advance(39);
    expect(starts()).toEqual([]);
    clock.advance(20);

    expect(starts()).toEqual([40]);
  });

  it('[LW7] is replaced by a newer one of the same response', () => {
    const { page, id, starts } = speakingPage();
    page.report(id, 1, 'playing', 40);
    page.report(id, 1, 'playing', 60);
    clock.advance(50);
    expect(starts()).toEqual([]);

    clock.advance(50);

    expect(starts()).toEqual([60]);
  });

  it('[LW7] counts at once if it is the cut, which the pipeline waits for', () => {
    const { page, id, starts } = speakingPage();
    const events = captureEvents(timeline);
    page.report(id, 1, 'playing', 40);
    timeline.cut('user_speech');

    page.report(id, 200, 'cut', 30);

    expect(starts()).toEqual([0]);
    expect(events.ofType('response_playback_finished')).toMatchObject([{ heardSamples: 200 }]);
    clock.advance(100);
    expect(starts()).toEqual([0]);
  });

  it('[LW7] counts at once if it is the end', () => {
    const { page, id } = speakingPage();
    const events = captureEvents(timeline);
    timeline.audioEnded(id);
    page.report(id, 1, 'playing');
    clock.advance(970);

    page.report(id, RATE_HZ, 'ended', 30);

    expect(events.ofType('response_playback_finished')).toMatchObject([
      { outcome: 'heard', heardSamples: RATE_HZ },
    ]);
  });

  it('[LW7] counts although the response was cut meanwhile: a rendered sample sounds', () => {
    const { page, id, starts } = speakingPage();
    page.report(id, 1, 'playing', 40);

    timeline.cut('user_speech');
    clock.advance(50);

    expect(starts()).toEqual([40]);
  });

  it('[LW7] is dropped when its page leaves', () => {
    const { page, id, starts } = speakingPage();
    page.report(id, 1, 'playing', 40);

    page.close();
    clock.advance(100);

    expect(starts()).toEqual([]);
  });

  it('[LW7] is dropped if it is more than a second ahead', () => {
    const { page, id } = speakingPage();
    const events = captureEvents(timeline);

    page.report(id, 1, 'playing', 1500);

    expect(events.ofType('report_dropped')).toMatchObject([{ reason: 'in_future' }]);
  });
});
