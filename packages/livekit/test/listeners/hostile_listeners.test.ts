import { type ListenerMs, type ResponseId, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import { expect, it, onTestFinished } from 'vitest';
import type { ListenerDevice, ListenerEvents } from '../../src/listeners/listener_device.ts';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';
import { SocketListener } from '../../src/listeners/socket_listener.ts';
import { FakePage } from '../support/fake_page.ts';
import { closeStages, FRAME_MS, LongAudioStage } from '../support/long_audio_stage.ts';

const RATE_HZ = 8000;
const A = 'response_a' as ResponseId;

function socketSession() {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock });
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  const events = captureEvents(timeline);
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  return { clock, timeline, listener, events, page };
}

it('[LW12] a page that says hello again and again is sent nothing for it', () => {
  const { clock, listener, page } = socketSession();
  page.hello();
  listener.send({ type: 'announce', responseId: A, sampleRateHz: RATE_HZ });
  listener.write(A, new Int16Array(3 * RATE_HZ));
  const frames = page.frames.length;
  const types = page.types.length;

  for (let n = 0; n < 1000; n += 1) {
    page.say({ type: 'hello', evidence: 'device' });
    clock.advance(1);
  }

  expect([page.frames.length, page.types.length]).toEqual([frames, types]);
});

it('[LW12] a page that comes as a new one again and again is sent its audio ten times, then once a second', () => {
  const { clock, listener, page } = socketSession();
  page.hello();
  listener.send({ type: 'announce', responseId: A, sampleRateHz: RATE_HZ });
  listener.write(A, new Int16Array(RATE_HZ));
  const announced = (): number => page.types.filter((type) => type === 'announce').length;

  for (let n = 0; n < 1000; n += 1) {
    page.hello();
    clock.advance(1);
  }

  expect(announced()).toBeLessThanOrEqual(11);
});

it('[LW12] a page that does not listen cannot use up the rate of the one that does', () => {
  const { clock, timeline, listener, events, page } = socketSession();
  page.hello();
  const stranger = new FakePage(() => clock.nowMs());
  listener.attachSocket(stranger);

  for (let n = 0; n < 5000; n += 1) stranger.say({ type: 'bye' });
  const { id } = timeline.openTurn().begin();
  timeline.audioSent(id, RATE_HZ, RATE_HZ);
  page.report(id, 1);

  expect(events.ofType('response_playback_started')).toHaveLength(1);
  clock.advance(1000);
  const drops = events.ofType('report_dropped');
  expect(drops.length).toBeLessThan(6);
  expect(drops.at(-1)?.droppedCount).toBe(1001);
});

it('[BR20] a page that floods is ended at once, and nothing more of it is read', () => {
  const { clock, timeline, listener, events, page } = socketSession();
  let terminated = 0;
  Object.assign(page, { terminate: () => (terminated += 1) });
  page.hello();
  expect(listener.isListening).toBe(true);
  const types = page.types.length;

  for (let n = 0; n < 100_000; n += 1) page.say({ type: 'hello', evidence: 'device' });
  clock.advance(2000);

  expect([terminated, page.types.length - types, listener.isListening]).toEqual([1, 0, false]);
  expect(events.ofType('report_dropped').at(-1)?.droppedCount).toBeLessThanOrEqual(1001);
  expect(timeline.state.listening).toBe(false);
});

it('[BR20] the backlog of a page that was blocked for half a minute is no flood', () => {
  const { listener, page } = socketSession();
  page.hello();

  for (let n = 0; n < 600; n += 1) page.report(A, 1);

  expect([listener.isListening, page.closedWith]).toEqual([true, undefined]);
});

it('[LW13] an end that the session does not believe leaves the rest to be sent', () => {
  const { timeline, listener, events, page } = socketSession();
  page.hello();
  const { id } = timeline.openTurn().begin();
  listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
  listener.write(id, new Int16Array(20 * RATE_HZ));
  timeline.audioSent(id, 20 * RATE_HZ, RATE_HZ);
  const before = page.samplesOf(id).length;

  page.report(id, before, 'ended');

  expect(events.ofType('response_playback_finished')).toEqual([]);
  expect(events.only('report_dropped').reason).toBe('before_it_left');
  expect(page.samplesOf(id).length).toBeGreaterThan(before);
});

it('[LW14] what a device reports while audio is handed to it counts after that audio', () => {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock });
  const events = captureEvents(timeline);
  let session: ListenerEvents | undefined;
  let seq = 0;
  const say = (message: Parameters<typeof encodeListenerMessage>[0]): void => {
    seq += 1;
    session?.message(encodeListenerMessage(message, { epoch: 'device', seq }));
  };
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: true,
    open: (opened) => {
      session = opened;
    },
    send: () => {},
    write: (responseId) => {
      const startedAtMs = clock.nowMs() as never;
      clock.advance(2);
      say({
        type: 'playhead',
        responseId,
        startedAtMs,
        heardSamples: 1,
        positionAtMs: startedAtMs,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 0,
      });
      return undefined;
    },
    close: () => {},
  };
  const link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  say({ type: 'hello', evidence: 'device' });
  const { id } = timeline.openTurn().begin();

  const beforeMs = clock.nowMs();
  link.holdMessages(() => {
    listener.write(id, new Int16Array(RATE_HZ));
    timeline.audioSent(id, RATE_HZ, RATE_HZ, undefined, beforeMs);
  });

  expect(events.ofType('report_dropped')).toEqual([]);
  expect(events.only('response_playback_started').startedAtMs).toBe(10_000);
});

it('[LW14] audio that is heard before its hand-over returns is regarded as sent at the start of it', async () => {
  const clock = new ManualClock(10_000);
  let session: ListenerEvents | undefined;
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: true,
    open: (opened) => {
      session = opened;
    },
    send: () => {},
    // Like a process that the machine does not let run after it has sent.
    write: () => {
      clock.advance(30);
      return undefined;
    },
    close: () => {},
  };
  const stage = new LongAudioStage(clock, listener);
  onTestFinished(closeStages);
  const events = captureEvents(stage.timeline);
  const say = (message: ListenerMessage, seq: number): void =>
    session?.message(encodeListenerMessage(message, { epoch: 'device', seq }));
  say({ type: 'hello', evidence: 'device' }, 1);
  await stage.make(FRAME_MS);

  say(
    {
      type: 'playhead',
      responseId: stage.id,
      startedAtMs: 10_000 as ListenerMs,
      heardSamples: 1,
      positionAtMs: 10_000 as ListenerMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    },
    2,
  );

  expect(events.ofType('report_dropped')).toEqual([]);
  expect(events.only('response_playback_started').startedAtMs).toBe(10_000);
});
