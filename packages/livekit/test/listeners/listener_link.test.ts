import { type ListenerMs, type PlayheadReport, type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { encodeListenerMessage } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import type { ListenerDevice, ListenerEvents } from '../../src/listeners/listener_device.ts';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';

const RATE_HZ = 8000;

/** A listener that holds a queue, linked to a timeline. */
function queueListener(leftSamples: () => number | undefined) {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock, options: { cutReportTimeoutMs: 1000 } });
  let session: ListenerEvents | undefined;
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: true,
    clearReaches: 'queue',
    open: (opened) => {
      session = opened;
    },
    send: () => {},
    write: () => {},
    leftSamples,
    close: () => {},
  };
  const link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  const events = captureEvents(timeline);
  let seq = 0;
  const say = (message: Parameters<typeof encodeListenerMessage>[0]): void => {
    seq += 1;
    session?.message(encodeListenerMessage(message, { epoch: 'page', seq }));
  };
  const neverLeft = (id: ResponseId): void => session?.neverLeft(id);
  const others = (count: number): void => session?.others(count);
  return { clock, timeline, link, events, say, neverLeft, others };
}

it('[RM4] samples that had not left at a cut do not count as heard, though a page without the clear reports them', () => {
  let leftSamples: number | undefined;
  const { clock, timeline, link, events, say } = queueListener(() => leftSamples);
  const turn = timeline.openTurn();
  const { id } = turn.begin();
  const startedAtMs = clock.nowMs() as number as ListenerMs;
  const hear = (ms: number, phase: PlayheadReport['phase']): void =>
    say({
      type: 'playhead',
      responseId: id,
      startedAtMs,
      heardSamples: (ms * RATE_HZ) / 1000,
      positionAtMs: (startedAtMs + ms) as ListenerMs,
      phase,
      evidence: 'device',
      errorBoundMs: 1,
    });
  say({ type: 'hello', evidence: 'device' });
  timeline.audioSent(id, 2 * RATE_HZ, RATE_HZ);
  timeline.audioEnded(id);
  clock.advance(300);
  hear(300, 'playing');

  timeline.cut('user_speech', 'queue');
  leftSamples = 0.5 * RATE_HZ;
  clock.advance(150);
  hear(450, 'playing');
  expect(events.ofType('response_playback_finished')).toEqual([]);
  clock.advance(200);
  hear(650, 'playing');

  expect(events.ofType('response_playback_finished')).toMatchObject([
    { outcome: 'cut', heardMs: 500, evidence: 'device' },
  ]);
  link.close();
});

it.each([
  { others: 0, end: { type: 'response_skipped', reason: 'muted' } },
  {
    others: 1,
    end: { type: 'response_playback_finished', outcome: 'heard', evidence: 'estimate' },
  },
])('[AU22] of a page that is muted and $others that report nothing: $end', ({ others, end }) => {
  const { clock, timeline, link, events, say, others: tellOthers } = queueListener(() => undefined);
  const nowMs = (): ListenerMs => clock.nowMs() as number as ListenerMs;
  say({ type: 'hello', evidence: 'device' });
  tellOthers(others);
  say({ type: 'audibility', audibility: 'muted', sinceMs: nowMs() });
  const { id } = timeline.openTurn().begin();
  const startedAtMs = nowMs();
  timeline.audioSent(id, RATE_HZ, RATE_HZ);
  timeline.audioEnded(id);
  clock.advance(1000);
  say({
    type: 'playhead',
    responseId: id,
    startedAtMs,
    heardSamples: RATE_HZ,
    positionAtMs: nowMs(),
    phase: 'ended',
    evidence: 'device',
    errorBoundMs: 1,
  });
  clock.advance(3000);

  const ends = [
    ...events.ofType('response_skipped'),
    ...events.ofType('response_playback_finished'),
  ];
  expect(ends).toMatchObject([end]);
  link.close();
});

it('[RM9] of a cut response that waited for one before it, and of which nothing had left, no report is awaited', () => {
  const { clock, timeline, link, events, say, neverLeft } = queueListener(() => undefined);
  const turn = timeline.openTurn();
  const sent = (): ResponseId => {
    const { id } = turn.begin();
    timeline.audioSent(id, RATE_HZ, RATE_HZ);
    timeline.audioEnded(id);
    return id;
  };
  say({ type: 'hello', evidence: 'device' });
  const [first, second] = [sent(), sent()];
  clock.advance(300);

  timeline.cut('user_speech', 'queue');
  neverLeft(second);
  expect(events.ofType('response_skipped')).toEqual([]);
  const at = clock.nowMs() as number as ListenerMs;
  say({
    type: 'playhead',
    responseId: first,
    startedAtMs: (at - 200) as ListenerMs,
    heardSamples: 0.2 * RATE_HZ,
    positionAtMs: at,
    phase: 'cut',
    evidence: 'device',
    errorBoundMs: 1,
  });

  expect(events.ofType('response_playback_finished')).toMatchObject([{ responseId: first }]);
  expect(events.ofType('response_skipped')).toMatchObject([{ responseId: second, reason: 'cut' }]);
  expect(events.ofType('report_dropped')).toEqual([]);
  link.close();
});

/** Two listeners, all of whom have to hear a response, linked to a timeline. Those in `answering` answer pings. */
function twoListeners() {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock, options: { reportTimeoutMs: 10_000 } });
  const answering = new Set(['a', 'b']);
  let session: ListenerEvents | undefined;
  let seq = 0;
  const say = (from: string, message: Parameters<typeof encodeListenerMessage>[0]): void => {
    seq += 1;
    session?.message(encodeListenerMessage(message, { epoch: `page of ${from}`, seq }), from);
  };
  const nowMs = (): ListenerMs => clock.nowMs() as number as ListenerMs;
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: false,
    quorum: 'all',
    pingsPerSecond: 5,
    open: (opened) => {
      session = opened;
    },
    send: (message, from = '') => {
      if (message.type === 'ping' && answering.has(from))
        say(from, {
          type: 'pong',
          pingId: message.pingId,
          receivedAtMs: nowMs(),
          sentAtMs: nowMs(),
        });
    },
    write: () => {},
    close: () => {},
  };
  const link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  const report = (from: string, responseId: ResponseId, heardMs: number): void =>
    say(from, {
      type: 'playhead',
      responseId,
      startedAtMs: (nowMs() - heardMs) as ListenerMs,
      heardSamples: (heardMs * RATE_HZ) / 1000,
      positionAtMs: nowMs(),
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 1,
    });
  for (const from of answering) say(from, { type: 'hello', evidence: 'device' });
  return { clock, timeline, link, answering, report };
}

it('[AU12] where all have to hear it, what one reports does not end the time of another that answers again', () => {
  const { clock, timeline, link, answering, report } = twoListeners();
  clock.advance(2000);
  const { id } = timeline.openTurn().begin();
  timeline.audioSent(id, 5 * RATE_HZ, RATE_HZ);
  timeline.audioEnded(id);
  clock.advance(200);
  for (const from of answering) report(from, id, 200);
  answering.delete('b');
  clock.advance(1000);
  expect(timeline.state.answers).toBe(false);
  report('a', id, 1200);

  answering.add('b');
  clock.advance(250);
  report('a', id, 1450);
  expect(timeline.state.answers).toBe(false);
  report('b', id, 1450);

  expect(timeline.state.answers).toBe(true);
  link.close();
});
