import type { AgentMs } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { type PlayedSegment, segmentThatEnded } from '../../src/listeners/played_segments.ts';

const RATE_HZ = 1000;

interface Named extends PlayedSegment {
  readonly name: string;
}

/** Audio of so many ms that the output got at 0. */
function segment(name: string, sentSamples: number, more: Partial<PlayedSegment> = {}): Named {
  return {
    name,
    sinceMs: 0 as AgentMs,
    startedAtMs: undefined,
    sentSamples,
    isCleared: false,
    isOver: false,
    ...more,
  };
}

const STARTED = { startedAtMs: 9000 as AgentMs };

function ended(
  segments: readonly Named[],
  playedSamples: number,
  { interrupted = false, nowMs = 10_000 } = {},
): string | undefined {
  const end = { playedSamples, interrupted, nowMs: nowMs as AgentMs };
  return segmentThatEnded(segments, end, RATE_HZ)?.name;
}

describe('[AU17] a reported end is that of', () => {
  it('a segment of its length, though that was given up and another is thought to play', () => {
    const segments = [segment('late', 1000, { isOver: true }), segment('next', 3000, STARTED)];

    expect(ended(segments, 1000)).toBe('late');
    expect(ended(segments, 3000)).toBe('next');
  });

  it('the one that plays, if one of the same length was given up', () => {
    const dead = segment('dead', 3000, { ...STARTED, isOver: true });

    expect(ended([dead, segment('next', 3000, STARTED)], 3000)).toBe('next');
  });

  it('the one that was cleared, if it was interrupted', () => {
    const cut = segment('cut', 3000, { ...STARTED, isCleared: true, isOver: true });
    const segments = [cut, segment('next', 3000, STARTED)];

    expect(ended(segments, 900, { interrupted: true })).toBe('cut');
    expect(ended(segments, 3000)).toBe('next');
  });

  it('the first that can have been played for so long, if no starts are reported', () => {
    const segments = [
      segment('given up', 500, { isOver: true }),
      segment('first', 4000),
      segment('second', 4000, { sinceMs: 9500 as AgentMs }),
    ];

    expect(ended(segments, 2000)).toBe('first');
  });

  it('none, if there is none', () => {
    expect(ended([], 1000)).toBeUndefined();
  });
});
