// Tests for SPEC.md, RM12: what a listener in a room costs, in counts that a busy machine does not change.
import { describe, expect, it } from 'vitest';
import { A, RATE_HZ, RoomStage } from '../../support/room_stage.ts';

const SPEECH_S = 10;

/** Noise that changes all the time, as speech does: a fingerprint is found everywhere. */
function noise(seconds: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: seconds * RATE_HZ }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 2_147_483_648 - 0.5) * 20_000;
  });
}

describe('a listener that reports, in a room', () => {
  it('[RM12] gets at most 3 packets and 4 kB for a second of a response', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    const before = { packets: stage.room.packetCount, bytes: stage.room.byteCount };
    stage.play(A, noise(SPEECH_S));
    await stage.clock.advanceAsync(SPEECH_S * 1000 + 500);

    expect((stage.room.packetCount - before.packets) / SPEECH_S).toBeLessThanOrEqual(3);
    expect((stage.room.byteCount - before.bytes) / SPEECH_S).toBeLessThanOrEqual(4000);
    // Nothing can be found without them.
    expect(stage.room.sent('fingerprint').length).toBeGreaterThan(SPEECH_S);
  });

  it('[RM13] gets what begins a short response in three packets, and its end in two', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    await stage.clock.advanceAsync(1000);
    const before = stage.room.packetCount;
    stage.play(A, noise(0.8));
    await stage.clock.advanceAsync(300);
    const begun = stage.room.packetCount;
    await stage.clock.advanceAsync(1500);

    const types = stage.room.published.map(({ message, reliable }) =>
      reliable ? `${message.type}, reliable` : message.type,
    );
    expect(types.filter((type) => type === 'fingerprint').length).toBeGreaterThanOrEqual(3);
    expect(types).toContain('announce, reliable');
    expect(types).not.toContain('announce');
    expect(begun - before).toBeLessThanOrEqual(3);
    expect(stage.room.packetCount - begun).toBeLessThanOrEqual(2);
  });

  it('[RM13] gets a clear at once', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, noise(1));
    stage.listener.send({ type: 'clear' });
    // Promises only.
    await stage.clock.advanceAsync(0);

    expect(stage.room.published.filter(({ message }) => message.type === 'clear')).toHaveLength(2);
    expect(stage.room.sent('announce')).toHaveLength(1);
  });

  it('[RM12] gets no resume if nothing was paused', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.listener.send({ type: 'resume' });
    await stage.clock.advanceAsync(10);
    expect(stage.room.sent('resume')).toEqual([]);

    stage.listener.send({ type: 'pause' });
    stage.listener.send({ type: 'resume' });
    stage.listener.send({ type: 'resume' });
    await stage.clock.advanceAsync(10);
    expect(stage.room.sent('resume')).toHaveLength(1);
  });

  it('[RM12] gets nothing while nothing plays', async () => {
    const stage = new RoomStage();
    stage.listens('user');
    stage.play(A, noise(1));
    await stage.clock.advanceAsync(3000);
    const before = stage.room.published.length;
    await stage.clock.advanceAsync(60_000);

    expect(stage.room.published.length).toBe(before);
  });
});
