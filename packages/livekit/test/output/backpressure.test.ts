import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalDevice, SocketListener } from '../../src/index.ts';
import { MOST_AHEAD_MS } from '../../src/listeners/listener_device.ts';
import { ReplayBuffer } from '../../src/listeners/replay_buffer.ts';
import { RoomSender } from '../../src/listeners/room/room_sender.ts';
import { FakePage } from '../support/fake_page.ts';
import {
  closeStages,
  FRAME_MS,
  HOUR_MS,
  LongAudioStage,
  oneTurn,
  RATE_HZ,
  STEP_MS,
} from '../support/long_audio_stage.ts';
import { captureWarnings } from '../support/warnings.ts';

afterEach(closeStages);

describe('[LK20] long audio', () => {
  it('[LK20] an hour of it through a local device is played whole, and never is more than 60 s of it there', async () => {
    const clock = new ManualClock();
    const device = new LocalDevice({ clock, sampleRateHz: RATE_HZ, periodMs: 100 });
    const stage = new LongAudioStage(clock, device);
    const made = stage.make(HOUR_MS);
    let mostMs = 0;

    await stage.until(
      () => stage.end !== undefined,
      () => {
        mostMs = Math.max(mostMs, stage.aheadMs);
      },
    );
    await made;

    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(mostMs).toBeLessThan(MOST_AHEAD_MS + 2 * FRAME_MS);
    expect(stage.end).toMatchObject({ outcome: 'heard', heardMs: HOUR_MS, sentMs: HOUR_MS });
  });

  it('[LK20] through a socket reaches the page whole, though that plays at half speed', async () => {
    const clock = new ManualClock();
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const stage = new LongAudioStage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    listener.attachSocket(page);
    page.hello();
    const made = stage.make(HOUR_MS / 4);
    let heardMs = 0;
    let mostMs = 0;
    let came = 0;

    await stage.until(
      () => came >= (HOUR_MS / 4 / 1000) * RATE_HZ,
      () => {
        came += page.frames.splice(0).reduce((sum, { samples }) => sum + samples.length, 0);
        heardMs = Math.min(heardMs + STEP_MS / 2, (came * 1000) / RATE_HZ);
        page.report(stage.id, Math.max(1, (heardMs * RATE_HZ) / 1000));
        mostMs = Math.max(mostMs, listener.waitingMs());
      },
    );
    await made;

    expect(came).toBe((HOUR_MS / 4 / 1000) * RATE_HZ);
    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(mostMs).toBeLessThan(MOST_AHEAD_MS + 2 * FRAME_MS);
  });

  it('[LK20] through a room leaves whole, and what has left is forgotten', async () => {
    const clock = new ManualClock();
    let left = 0;
    const sender = new RoomSender({
      clock,
      sampleRateHz: RATE_HZ,
      source: {
        // Takes a frame in the time it lasts.
        captureFrame: (frame) =>
          new Promise((resolve) => {
            left += frame.samplesPerChannel;
            clock.schedule((frame.samplesPerChannel * 1000) / RATE_HZ, resolve);
          }),
        clearQueue: () => {},
        close: () => Promise.resolve(),
      },
      host: {
        mayLeave: true,
        wantsFingerprints: true,
        fingerprint: () => {},
        queueMoved: () => {},
        sourceFailed: (error) => {
          throw error;
        },
      },
    });
    const id = 'a' as ResponseId;
    const second = new Int16Array(RATE_HZ).map((_, index) => 8000 * Math.sin(index / 3));
    let mostSamples = 0;
    sender.announce(id, undefined);
    for (let atMs = 0; atMs < HOUR_MS / 4; atMs += 1000) {
      sender.write(id, second);
      await clock.advanceAsync(1000, oneTurn);
      mostSamples = Math.max(mostSamples, sender.keptSamples);
    }
    sender.end(id);
    await clock.advanceAsync(1000);
    sender.close();

    expect(left).toBe((HOUR_MS / 4 / 1000) * RATE_HZ);
    expect(mostSamples / RATE_HZ, 's in memory').toBeLessThan(120);
  });
});

describe('[LK20] the pipeline is held back', () => {
  it('[LK20] no longer than until the speech is interrupted', async () => {
    const clock = new ManualClock();
    const stage = new LongAudioStage(clock, new LocalDevice({ clock, sampleRateHz: RATE_HZ }));
    let isOver = false;
    const made = stage.make(HOUR_MS).then(() => {
      isOver = true;
    });
    await stage.until(() => stage.clock.nowMs() >= 5000);
    expect(stage.aheadMs).toBeGreaterThan(MOST_AHEAD_MS - 2 * FRAME_MS);
    expect(isOver).toBe(false);

    stage.interrupt();
    await made;

    expect(isOver).toBe(true);
  });

  it('[LK20] not by a page that answers and does not play', async () => {
    const clock = new ManualClock();
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const stage = new LongAudioStage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    listener.attachSocket(page);
    page.hello();
    const made = stage.make(10 * MOST_AHEAD_MS);

    await stage.until(() => stage.takenMs >= 10 * MOST_AHEAD_MS);
    await made;

    expect(stage.takenMs).toBe(10 * MOST_AHEAD_MS);
  });
});

it.each([
  ['a page answers and never plays', true],
  ['no page is there, and playout goes on by estimate', false],
])(
  '[LK20] an hour of one response is kept no further than two minutes while %s',
  async (_, isThere) => {
    captureWarnings();
    const clock = new ManualClock();
    const nobody = { awayAfterMs: 0, whenNobodyListens: 'estimate' } as const;
    const listener = new SocketListener({
      clock,
      sampleRateHz: RATE_HZ,
      ...(isThere ? {} : nobody),
    });
    const stage = new LongAudioStage(clock, listener);
    const page = new FakePage(() => clock.nowMs());
    if (isThere) {
      listener.attachSocket(page);
      page.hello();
    }
    const made = stage.make(HOUR_MS);
    let mostMs = 0;

    await stage.until(
      () => stage.takenMs >= HOUR_MS,
      () => {
        mostMs = Math.max(mostMs, listener.keptMs);
      },
    );
    await made;

    expect(stage.takenMs).toBe(HOUR_MS);
    expect(mostMs).toBeGreaterThan(MOST_AHEAD_MS / 2);
    expect(mostMs).toBeLessThanOrEqual(2 * MOST_AHEAD_MS + 2 * FRAME_MS);
  },
);

it('[LK20] what is kept for a page has no limit that drops audio', () => {
  const kept = new ReplayBuffer();
  const id = 'a' as ResponseId;
  const minute = new Int16Array(60 * RATE_HZ);
  kept.announce(id, undefined);
  for (let written = 0; written < 20; written += 1) kept.write(id, minute);

  expect(kept.waitingSamples).toBe(20 * minute.length);
});

it('[LK20] a page that answers and does not play has the audio of ended responses dropped, with ONCUE_AUDIO_DROPPED', () => {
  const warnings = captureWarnings();
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const stage = new LongAudioStage(clock, listener);
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  const responseId = 'a' as ResponseId;
  listener.send({ type: 'announce', responseId, sampleRateHz: RATE_HZ });
  listener.write(responseId, new Int16Array(61 * RATE_HZ));
  listener.settled(responseId);

  expect(warnings.map(({ code }) => code)).toEqual(['ONCUE_AUDIO_DROPPED']);
  expect(stage.end).toBeUndefined();
});
