import { AudioFrame } from '@livekit/rtc-node';
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { SourceQueue } from '../../../src/listeners/room/source_queue.ts';
import { TickingSource } from '../../support/ticking_source.ts';

const RATE_HZ = 24_000;

function frame(durationMs: number): AudioFrame {
  return AudioFrame.create(RATE_HZ, 1, (durationMs * RATE_HZ) / 1000);
}

/** A source whose ticks are at 3, 13, 23 … ms. */
function queueWith(lateMs: () => number = () => 0) {
  const clock = new ManualClock();
  const source = new TickingSource(clock, { queueMs: 200, firstTickMs: 3, lateMs });
  const moves: number[] = [];
  const queue = new SourceQueue({
    source,
    clock,
    queueMs: 200,
    events: { queueMoved: (_, byMs) => moves.push(byMs) },
  });
  return { clock, source, queue, moves };
}

/** Pushes this many frames of 50 ms, each as soon as there is room. */
async function pushAll(
  { clock, queue }: ReturnType<typeof queueWith>,
  frames: number,
): Promise<void> {
  let done = false;
  const pushing = (async () => {
    for (let index = 0; index < frames; index += 1) await queue.push(frame(50));
    done = true;
  })();
  while (!done) await clock.advanceAsync(1);
  await pushing;
}

describe('the queue of a source', () => {
  it('[RM2] after the first stamp it knows the tick at which a block will leave', async () => {
    const all = queueWith();

    expect(all.queue.leavesAtMs).toBe(5);
    await pushAll(all, 10);
    await all.clock.advanceAsync(1);
    const nowMs = all.clock.nowMs();

    expect(all.queue.leavesAtMs).toBeCloseTo(all.source.endMs, 6);
    expect(all.queue.leavesAtMs % 10).toBeCloseTo(3, 6);
    await all.clock.advanceAsync(1000);
    expect(all.queue.queuedMs).toBe(0);
    // The phase still holds after a silence.
    expect(all.queue.leavesAtMs % 10).toBeCloseTo(3, 6);
    expect(all.queue.leavesAtMs - (nowMs + 1000)).toBeLessThanOrEqual(10);
  });

  it('[RM2] late answers do not move the phase', async () => {
    let calls = 0;
    const all = queueWith(() => {
      calls += 1;
      return calls % 3 === 0 ? 0.2 : 4;
    });

    await pushAll(all, 40);

    expect(Math.abs(all.queue.leavesAtMs - all.source.endMs)).toBeLessThan(0.5);
  });

  it('[RM2] a run that missed its tick is moved by one tick', async () => {
    const all = queueWith(() => 0.3);
    await pushAll(all, 10);
    await all.clock.advanceAsync(1000);
    all.moves.length = 0;
    // A block pushed 1 ms before a tick is queued 0.5 ms after it, by another thread.
    all.source.takesMs = 1.5;
    await all.clock.advanceAsync((all.queue.leavesAtMs - all.clock.nowMs() + 9) % 10);
    const saidMs = all.queue.leavesAtMs;
    const leftBefore = all.source.leftAtMs.length;

    // The fifth is the first that has to wait, and its answer is the first stamp of the run.
    await pushAll(all, 5);

    const leftAtMs = all.source.leftAtMs[leftBefore] ?? 0;
    expect(leftAtMs - saidMs).toBeGreaterThan(9);
    expect(all.moves).toEqual([10]);
    expect(Math.abs(all.queue.leavesAtMs - all.source.endMs)).toBeLessThan(0.5);
  });

  it('[RM2] contiguous audio gets contiguous times, whatever is learned meanwhile', async () => {
    const all = queueWith(() => 0.3);
    await pushAll(all, 10);
    await all.clock.advanceAsync(1000);
    all.source.takesMs = 1.5;
    await all.clock.advanceAsync((all.queue.leavesAtMs - all.clock.nowMs() + 9) % 10);
    const saidMs = all.queue.uncorrectedLeavesAtMs;

    await pushAll(all, 6);

    expect(all.queue.leavesAtMs - saidMs).toBeCloseTo(310, 6);
    expect(all.queue.uncorrectedLeavesAtMs - saidMs).toBeCloseTo(300, 6);
    await all.clock.advanceAsync(1000);
    expect(all.queue.uncorrectedLeavesAtMs).toBe(all.queue.leavesAtMs);
  });

  it('[RM2] audio right after a run that may have missed its tick joins it', async () => {
    const all = queueWith(() => 0.3);
    await pushAll(all, 10);
    await all.clock.advanceAsync(1000);
    all.moves.length = 0;
    all.source.takesMs = 1.5;
    await all.clock.advanceAsync((all.queue.leavesAtMs - all.clock.nowMs() + 9) % 10);
    const saidMs = all.queue.leavesAtMs;
    const leftBefore = all.source.leftAtMs.length;
    await pushAll(all, 1);
    await all.clock.advanceAsync(50);

    // By the estimate all of it has left; in fact one block is still queued.
    expect(all.queue.leavesAtMs).toBe(saidMs + 50);
    await pushAll(all, 1);

    expect(all.moves).toEqual([10]);
    expect((all.source.leftAtMs[leftBefore] ?? 0) - saidMs).toBeGreaterThan(9);
    expect(Math.abs(all.queue.leavesAtMs - all.source.endMs)).toBeLessThan(0.5);
  });

  it('[RM2] a late answer that was believed is corrected by the next one', async () => {
    let lateMs = 0.3;
    const all = queueWith(() => lateMs);
    await pushAll(all, 10);
    await all.clock.advanceAsync(1000);
    all.moves.length = 0;
    // Queued before its tick, and answered after it.
    all.source.answersAfterMs = 2;
    await all.clock.advanceAsync((all.queue.leavesAtMs - all.clock.nowMs() + 9) % 10);
    lateMs = 10.3;

    await pushAll(all, 5);
    lateMs = 0.3;
    await pushAll(all, 1);

    expect(all.moves).toEqual([10, -10]);
    expect(Math.abs(all.queue.leavesAtMs - all.source.endMs)).toBeLessThan(0.5);
  });

  it('[RM2] a single answer that is some ticks late moves nothing', async () => {
    let calls = 0;
    const all = queueWith(() => {
      calls += 1;
      return calls % 4 === 0 ? 21 : 0.3;
    });

    await pushAll(all, 30);

    expect(all.moves.slice(1)).toEqual([]);
    expect(Math.abs(all.queue.leavesAtMs - all.source.endMs)).toBeLessThan(0.5);
  });

  it('[RM2] a clear returns exactly the blocks that had not left', async () => {
    const all = queueWith();
    await pushAll(all, 10);
    await all.clock.advanceAsync(37);

    const backMs = all.queue.clear();

    expect(500 - backMs).toBe(all.source.leftMs);
    expect(all.queue.queuedMs).toBe(0);
  });
});
