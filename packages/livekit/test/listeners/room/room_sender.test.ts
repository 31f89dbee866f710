import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { RoomSender, type SenderHost } from '../../../src/listeners/room/room_sender.ts';
import type { FrameSource } from '../../../src/listeners/room/source_queue.ts';
import { TickingSource } from '../../support/ticking_source.ts';

const RATE_HZ = 24_000;
const A = 'a' as ResponseId;
const B = 'b' as ResponseId;

function samples(durationMs: number): Int16Array {
  return new Int16Array((durationMs * RATE_HZ) / 1000).fill(1);
}

const HOST: SenderHost = {
  mayLeave: true,
  wantsFingerprints: false,
  fingerprint: () => {},
  queueMoved: () => {},
  sourceFailed: (error) => {
    throw error;
  },
};

describe('the sender of a room', () => {
  it('[RM2] the instant returned is that of the tick after the push, even if a tick passes before it', async () => {
    const clock = new ManualClock();
    const source = new TickingSource(clock, { queueMs: 200, firstTickMs: 3 });
    let passesMs = 0;
    const sender = new RoomSender({
      clock,
      source,
      sampleRateHz: RATE_HZ,
      host: {
        // Asked between writing and pushing.
        get mayLeave() {
          clock.advance(passesMs);
          passesMs = 0;
          return true;
        },
        wantsFingerprints: false,
        fingerprint: () => {},
        queueMoved: () => {},
        sourceFailed: (error) => {
          throw error;
        },
      },
    });
    sender.announce(A, undefined);
    sender.write(A, samples(500));
    sender.end(A);
    // Ticks are at 3, 13, … ms.
    await clock.advanceAsync(1002.5);
    const blocksBefore = source.leftAtMs.length;
    passesMs = 1;

    sender.announce(B, undefined);
    const saidMs = sender.write(B, samples(33));
    const nextSaidMs = sender.write(B, samples(32));
    await clock.advanceAsync(500);

    expect(saidMs).toBeCloseTo(1013, 6);
    expect(source.leftAtMs[blocksBefore]).toBeCloseTo(1013, 6);
    expect(nextSaidMs - saidMs).toBeCloseTo(33, 6);
  });

  it('[RM11] speech that is there early is handed to the source in 13 frames a second at most', async () => {
    const clock = new ManualClock();
    const source = new TickingSource(clock, { queueMs: 200, firstTickMs: 3 });
    let frames = 0;
    const counting: FrameSource = {
      captureFrame: (frame) => {
        frames += 1;
        return source.captureFrame(frame);
      },
      clearQueue: () => source.clearQueue(),
      close: () => source.close(),
    };
    const sender = new RoomSender({ clock, source: counting, sampleRateHz: RATE_HZ, host: HOST });
    sender.announce(A, undefined);
    sender.write(A, samples(4000));
    sender.end(A);
    await clock.advanceAsync(4500);

    expect(source.leftMs).toBe(4000);
    expect(frames / 4).toBeLessThanOrEqual(13);
  });
});
