import { type ListenerMs, type PlayheadReport, Timeline } from '@oncue/core';
import { captureEvents, ManualClock } from '@oncue/core/testing';
import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import type { ListenerDevice, ListenerSession } from '../src/listener_device.ts';
import { ListenerLink } from '../src/listener_link.ts';
import { PlayoutHolds } from '../src/playout_holds.ts';

const RATE_HZ = 8000;

/** A session that is linked to pages, who speak as `from`. */
function linked(more: Partial<ListenerDevice> = {}) {
  const clock = new ManualClock(10_000);
  const timeline = new Timeline({
    clock,
    options: { cutReportTimeoutMs: 1000, followPathWithinMs: 400 },
  });
  let session: ListenerSession | undefined;
  const listener: ListenerDevice = {
    sampleRateHz: RATE_HZ,
    sameClock: true,
    clearReaches: 'queue',
    open: (opened) => {
      session = opened;
    },
    send: () => {},
    write: () => {},
    close: () => {},
    ...more,
  };
  const link = new ListenerLink({ listener, timeline, clock, holds: new PlayoutHolds(timeline) });
  let seq = 0;
  const say = (message: ListenerMessage, from = 'guest'): void => {
    seq += 1;
    session?.message(encodeListenerMessage(message, { epoch: from, seq }), from);
  };
  return { clock, timeline, link, say };
}

it('[RM4] a page to which the clear has not come goes on counting, and what had not left was not heard', () => {
  let leftSamples: number | undefined;
  const { clock, timeline, link, say } = linked({ leftSamples: () => leftSamples });
  const events = captureEvents(timeline);
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

  timeline.cut('user', 'queue');
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

it('[TK7] a step of the output counts where the path was measured, and there is one such place', async () => {
  for (const [more, delays] of [
    [{}, [100, 110, 110]],
    [{ together: 'all' }, [100, 100, 100]],
  ] as const) {
    const { clock, timeline, link, say } = linked(more);
    for (const from of ['other', 'guest']) say({ type: 'hello', evidence: 'device' }, from);
    const { id } = timeline.openTurn().begin();
    timeline.audioSent(id, RATE_HZ, RATE_HZ);
    const startedAtMs = (clock.nowMs() + 100) as ListenerMs;
    clock.advance(200);
    for (const from of ['other', 'guest']) {
      const position = {
        heardSamples: RATE_HZ / 20,
        positionAtMs: (startedAtMs + 50) as ListenerMs,
      };
      const known = { phase: 'playing', evidence: 'device', errorBoundMs: 1 } as const;
      const heard = { responseId: id, startedAtMs, ...position, ...known, outputMs: 7 };
      say({ type: 'playhead', ...heard }, from);
    }
    const stepped = (outputMs: number, from?: string): number => {
      const atMs = clock.nowMs() as number as ListenerMs;
      say({ type: 'pong', pingId: 1, receivedAtMs: atMs, sentAtMs: atMs, outputMs }, from);
      return timeline.state.path.delayMs;
    };

    expect([stepped(7), stepped(17), stepped(27, 'other')]).toEqual(delays);
    await timeline.close(0);
    link.close();
  }
});
