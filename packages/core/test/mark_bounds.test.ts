// Tests for SPEC.md, "Marks": how exactly the instant of a mark is known.
import { describe, expect, it } from 'vitest';
import { Stage, samplesIn } from './support/stage.ts';
import { sayTimed } from './support/timed_marks.ts';

describe('the bound of a mark', () => {
  it('[MK2] if the listener stood still somewhere between two reports, the bound says so', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    const id = sayTimed(stage, stage.openTurn());
    const report = (heardMs: number, positionAtMs: number): void => {
      stage.clock.advance(positionAtMs - stage.clock.nowMs());
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: 0 as never,
        heardSamples: samplesIn(heardMs),
        positionAtMs: positionAtMs as never,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 1,
      });
    };
    report(200, 200);
    report(400, 600);

    const [mark] = stage.events.ofType('response_mark_reached');
    // Between 300, if it stood still afterwards, and 500.
    const { reachedAtMs = 0, errorBoundMs = 0 } = mark ?? {};
    expect(reachedAtMs - errorBoundMs).toBeLessThanOrEqual(300);
    expect(reachedAtMs + errorBoundMs).toBeGreaterThanOrEqual(500);
  });

  it('[MK2] a report that it stands still counts, though the estimate no longer waits for it', () => {
    const stage = new Stage({ options: { stallTimeoutMs: 0 } });
    stage.timeline.listenerChanged(true);
    const id = sayTimed(stage, stage.openTurn());
    for (const [heardMs, atMs] of [
      [200, 200],
      [200, 400],
      [400, 460],
    ] as const) {
      stage.clock.advance(atMs - stage.clock.nowMs());
      stage.timeline.playhead({
        responseId: id,
        startedAtMs: 0 as never,
        heardSamples: samplesIn(heardMs),
        positionAtMs: atMs as never,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs: 1,
      });
    }

    const [mark] = stage.events.ofType('response_mark_reached');
    const { reachedAtMs = 0, errorBoundMs = 0 } = mark ?? {};
    expect(reachedAtMs - errorBoundMs).toBeGreaterThanOrEqual(398);
    expect(reachedAtMs + errorBoundMs).toBeGreaterThanOrEqual(460);
  });

  it('[MK2] the bound covers the error of the position before the mark, not only that of the one after it', () => {
    const stage = new Stage();
    stage.timeline.listenerChanged(true);
    const responseId = sayTimed(stage, stage.openTurn());
    for (const [atMs, errorBoundMs] of [
      [200, 20],
      [400, 1],
    ] as const) {
      stage.clock.advance(200);
      stage.timeline.playhead({
        responseId,
        startedAtMs: 0 as never,
        heardSamples: samplesIn(atMs),
        positionAtMs: atMs as never,
        phase: 'playing',
        evidence: 'device',
        errorBoundMs,
      });
    }

    const [mark] = stage.events.ofType('response_mark_reached');
    expect(mark?.reachedAtMs).toBeCloseTo(300);
    expect(mark?.errorBoundMs).toBeGreaterThanOrEqual(20);
  });
});
