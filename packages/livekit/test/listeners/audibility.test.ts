// Tests for SPEC.md, "Who can hear": what listeners say of it.
import { type OncueErrorCode, type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, type EventCapture, ManualClock } from '@oncue/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { SocketListener, type SocketListenerOptions } from '../../src/listeners/socket_listener.ts';
import { FakePage } from '../support/fake_page.ts';

const RATE_HZ = 8000;

let clock: ManualClock;
let timeline: Timeline;
let listener: SocketListener;
let link: ListenerLink;
let events: EventCapture;

function connect(options: SocketListenerOptions = {}): void {
  clock = new ManualClock(10_000);
  timeline = new Timeline({ clock });
  events = captureEvents(timeline);
  listener = new SocketListener({ clock, sampleRateHz: RATE_HZ, ...options });
  link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
}

afterEach(async () => {
  await timeline.close(0);
  link.close();
  listener.close();
  expect(clock.pendingCount, 'a timer was left behind').toBe(0);
});

function page(): FakePage {
  const one = new FakePage(() => clock.nowMs());
  listener.attachSocket(one);
  one.hello();
  return one;
}

function say(ms: number): ResponseId {
  const turn = timeline.openTurn();
  turn.goLive();
  const { id } = turn.begin();
  turn.addText('Good morning.');
  turn.endResponse();
  const samples = (ms * RATE_HZ) / 1000;
  listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
  listener.write(id, new Int16Array(samples));
  timeline.audioSent(id, samples, RATE_HZ);
  listener.send({ type: 'end', responseId: id, totalSamples: samples });
  timeline.audioEnded(id);
  return id;
}

const ends = (): unknown[] =>
  [...events.ofType('response_skipped'), ...events.ofType('response_playback_finished')].map(
    (event) => ('reason' in event ? event.reason : event.outcome),
  );

describe('while nobody is there', () => {
  it('[AU8] a greeting waits for the first page, however long, and then is heard', () => {
    connect();
    const id = say(500);
    clock.advance(3_600_000);
    expect(timeline.state.audibility).toBe('nobody');
    expect(ends()).toEqual([]);

    const one = page();
    expect(timeline.state.audibility).toBe('listening');
    expect(one.samplesOf(id)).toHaveLength(4000);
    clock.advance(2000);
    expect(ends()).toEqual(['heard']);
  });

  it('[AU8] after one left, playout goes on after awayAfterMs, and nothing of it counts as heard', () => {
    connect();
    page().close();
    say(500);
    clock.advance(5400);
    expect(ends()).toEqual([]);
    clock.advance(200);
    expect(ends()).toEqual(['no_listener']);
    expect(events.ofType('response_playback_started')).toEqual([]);
  });

  it('[AU8] with awayAfterMs given, it does so before the first page, too', () => {
    connect({ awayAfterMs: 8000 });
    say(500);
    clock.advance(8400);
    expect(ends()).toEqual([]);
    clock.advance(200);
    expect(ends()).toEqual(['no_listener']);
  });

  it('[AU8] wait: it stands still until somebody is there, also after one left', () => {
    connect({ whenNobodyListens: 'wait' });
    page().close();
    say(500);
    clock.advance(3_600_000);
    expect(ends()).toEqual([]);
    page();
    clock.advance(2000);
    expect(ends()).toEqual(['heard']);
  });

  it('[AU8] skip: responses are skipped at once, until somebody is there', () => {
    connect({ whenNobodyListens: 'skip', awayAfterMs: 1000 });
    say(500);
    clock.advance(1000);
    expect(ends()).toEqual(['no_listener']);
    say(500);
    expect(ends()).toEqual(['no_listener', 'no_listener']);
    page();
    say(500);
    clock.advance(2000);
    expect(ends()).toEqual(['no_listener', 'no_listener', 'heard']);
  });

  it('[AU8] any other policy is refused', () => {
    connect();
    const wrong = { whenNobodyListens: 'stop' } as unknown as SocketListenerOptions;
    const code: OncueErrorCode = 'ONCUE_BAD_OPTION';
    expect(() => new SocketListener(wrong)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a page', () => {
  it('[AU10] that says it is muted is not taken to hear, until it says otherwise', () => {
    connect();
    const one = page();
    clock.advance(1000);
    const sinceMs = (clock.nowMs() - 20) as never;
    one.say({ type: 'audibility', audibility: 'muted', sinceMs });
    expect(timeline.state.audibility).toBe('muted');
    expect(events.ofType('audibility_changed').at(-1)).toMatchObject({ sinceMs: 10_980 });
    say(500);
    clock.advance(2000);
    expect(ends()).toEqual(['muted']);

    one.say({ type: 'audibility', audibility: 'listening', sinceMs: clock.nowMs() as never });
    say(500);
    clock.advance(2000);
    expect(ends()).toEqual(['muted', 'heard']);
  });

  it('[AU10] that was reloaded is not muted any more', () => {
    connect();
    const one = page();
    one.say({ type: 'audibility', audibility: 'muted', sinceMs: 0 as never });
    one.hello();
    expect(timeline.state.audibility).toBe('listening');
  });

  it('[AU12] that was muted, and then answered nothing, was muted all the time when it answers again', () => {
    connect();
    const one = page();
    say(20_000);
    clock.advance(1000);
    one.say({ type: 'audibility', audibility: 'muted', sinceMs: clock.nowMs() as never });
    clock.advance(500);
    one.answersPings = false;
    clock.advance(4000);
    expect(timeline.state.audibility).toBe('silent');

    one.answersPings = true;
    clock.advance(1000);

    expect(timeline.state.audibility).toBe('muted');
    const times = timeline.state.inaudibleTimes.filter(({ why }) => why !== 'nobody');
    expect(times.map(({ why }) => why)).toEqual(['muted', 'muted']);
    expect(times[0]?.toMs).toBe(times[1]?.fromMs);
  });

  it('[AU4] that answers nothing for 3 s is silent since it was heard of last, and is not when it answers again', () => {
    connect();
    const one = page();
    clock.advance(500);
    one.answersPings = false;
    clock.advance(3000);
    expect(timeline.state.audibility).toBe('silent');
    expect(events.ofType('audibility_changed').at(-1)).toMatchObject({ sinceMs: 10_400 });
    one.answersPings = true;
    clock.advance(1000);
    expect(timeline.state.audibility).toBe('listening');
  });

  it('[AU12] that has stopped answering has nothing stated of it by estimate until it is known to be silent', () => {
    connect();
    const one = page();
    clock.advance(500);
    one.answersPings = false;
    say(500);
    clock.advance(2800);
    expect(events.ofType('response_playback_started'), 'it may be gone').toEqual([]);
    clock.advance(1500);
    expect(events.ofType('response_playback_started')).toEqual([]);
    expect(ends()).toEqual(['not_known']);
  });

  it('[AU12] that has been quiet for long is asked when something plays, before anything is stated by estimate', () => {
    connect();
    const one = page();
    clock.advance(20_000);
    clock.advance(900);
    one.answersPings = false;
    link.holdMessages(() => say(100));
    clock.advance(2500);
    expect(events.ofType('response_playback_started'), 'it may be gone').toEqual([]);
    clock.advance(1500);
    expect(ends()).toEqual(['not_known']);
  });

  it('[AU12] that stops in the middle of its reports is asked before the end is stated by estimate', () => {
    connect();
    const one = page();
    clock.advance(20_000);
    const id = say(1000);
    for (let heardMs = 100; heardMs < 900; heardMs += 100) {
      clock.advance(100);
      one.report(id, (heardMs * RATE_HZ) / 1000, 'playing', -heardMs);
    }
    one.answersPings = false;
    clock.advance(2900);
    expect(ends(), 'it may be gone').toEqual([]);
  });

  it('[AU14][AU16] that answers again before it is silent has not heard what it does not report', () => {
    connect();
    const one = page();
    clock.advance(500);
    one.answersPings = false;
    link.holdMessages(() => say(300));
    clock.advance(900);
    one.answersPings = true;
    clock.advance(3000);

    expect(events.ofType('response_playback_started')).toEqual([]);
    expect(ends()).toEqual(['not_known']);
    expect(timeline.state.audibility).toBe('listening');
    say(300);
    clock.advance(3000);
    expect(ends(), 'what comes after it').toEqual(['not_known', 'heard']);
  });

  it('[AU14] has heard it if it then reports so', () => {
    connect();
    const one = page();
    clock.advance(500);
    one.answersPings = false;
    const id = say(300);
    clock.advance(900);
    one.answersPings = true;
    const samples = (300 * RATE_HZ) / 1000;
    one.report(id, 1, 'playing', -800);
    one.report(id, samples / 2, 'playing', -650);
    one.report(id, samples, 'ended', -500);

    expect(ends()).toEqual(['heard']);
  });

  it('[PB19] that was away and reports late says what was heard: an event corrects what was told', () => {
    connect();
    const one = page();
    clock.advance(500);
    one.answersPings = false;
    const startedAtMs = clock.nowMs();
    const id = say(300);
    clock.advance(4000);
    expect(ends()).toEqual(['not_known']);

    one.answersPings = true;
    one.say({
      type: 'playhead',
      responseId: id,
      startedAtMs: startedAtMs as never,
      heardSamples: (300 * RATE_HZ) / 1000,
      positionAtMs: (startedAtMs + 300) as never,
      phase: 'ended',
      evidence: 'device',
      errorBoundMs: 1,
    });

    expect(events.only('response_outcome_corrected')).toMatchObject({
      responseId: id,
      outcome: 'heard',
      heardText: 'Good morning.',
      before: { outcome: 'skipped', reason: 'not_known' },
    });
    expect(ends(), 'it ended once').toEqual(['not_known']);
  });

  it('[AU12] that answers, and reports nothing, is heard by estimate', () => {
    connect();
    page();
    clock.advance(500);
    say(500);
    clock.advance(1500);
    expect(events.ofType('response_playback_started')).toMatchObject([{ evidence: 'estimate' }]);
    expect(ends()).toEqual(['heard']);
  });
});
