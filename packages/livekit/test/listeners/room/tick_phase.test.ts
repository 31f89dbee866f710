import type { AgentMs } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { TickPhase } from '../../../src/listeners/room/tick_phase.ts';

/** Stamps of ticks at 3, 13, 23 … ms, each late by one of these. */
function phaseOf(latenessesMs: readonly number[]): TickPhase {
  return latenessesMs.reduce(
    (phase, lateMs, index) => phase.withStamp((3 + 10 * index + lateMs) as AgentMs),
    TickPhase.UNKNOWN,
  );
}

describe('the phase of a source', () => {
  it('[RM2] before the first stamp the next tick is 5 ms away, give or take 5', () => {
    expect(TickPhase.UNKNOWN.isKnown).toBe(false);
    expect(TickPhase.UNKNOWN.nextTickMs(100 as AgentMs)).toBe(105);
    expect(TickPhase.UNKNOWN.sinceTickMs(100 as AgentMs)).toBe(0);
    expect(phaseOf([0]).isKnown).toBe(true);
  });

  it('[RM2] the next tick is at or after now, on the phase of the least late stamps', () => {
    const phase = phaseOf([4, 0.1, 0.2, 31, 0.1, 3]);

    expect(phase.nextTickMs(100 as AgentMs)).toBeCloseTo(103.1, 1);
    expect(phase.nextTickMs(103.1 as AgentMs)).toBeCloseTo(103.1, 1);
    expect(phase.nextTickMs(104 as AgentMs)).toBeCloseTo(113.1, 1);
    expect(phase.sinceTickMs(107.1 as AgentMs)).toBeCloseTo(4, 1);
  });

  it('[RM2] after sixteen stamps an old phase is forgotten', () => {
    let phase = phaseOf(Array<number>(24).fill(0));
    for (let index = 0; index < 16; index += 1)
      phase = phase.withStamp((1008 + 10 * index) as AgentMs);

    expect(phase.nextTickMs(2000 as AgentMs)).toBeCloseTo(2008, 6);
  });
});
