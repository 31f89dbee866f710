import { type ListenerMs, type PlayheadReport, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { encodeListenerMessage } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import type { ListenerDevice, ListenerEvents } from '../../src/listeners/listener_device.ts';
import { ListenerLink } from '../../src/listeners/listener_link.ts';
import { PlayoutHolds } from '../../src/listeners/playout_holds.ts';

const RATE_HZ = 8000;

it('[RM4] samples that had not left at a cut do not count as heard, though a page without the clear reports them', () => {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({ clock, options: { cutReportTimeoutMs: 1000 } });
  let session: ListenerEvents | undefined;
  let leftSamples: number | undefined;
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: true,
    clearReaches: 'queue',
    open: (opened) => {
      session = opened;
    },
    send: () => {},
    write: () => {},
    leftSamples: () => leftSamples,
    close: () => {},
  };
  const link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  const events = captureEvents(timeline);
  let seq = 0;
  const say = (message: Parameters<typeof encodeListenerMessage>[0]): void => {
    seq += 1;
    session?.message(encodeListenerMessage(message, { epoch: 'page', seq }));
  };
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
