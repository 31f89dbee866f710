import type { AgentMs, PlayheadReport, ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { SlowestListener } from '../../src/listeners/slowest_listener.ts';

const ID = 'r' as ResponseId;

function report(of: {
  startedAtMs: number;
  heardSamples: number;
  phase?: PlayheadReport['phase'];
  evidence?: PlayheadReport['evidence'];
}): PlayheadReport {
  return {
    responseId: ID,
    phase: 'playing',
    evidence: 'device',
    errorBoundMs: 1,
    positionAtMs: (of.startedAtMs + of.heardSamples) as AgentMs,
    ...of,
    startedAtMs: of.startedAtMs as AgentMs,
  };
}

describe('the slowest of several listeners', () => {
  it('[LW8] a response has started when all hear it, and is heard as far as all of them heard it', () => {
    const listeners = new SlowestListener();
    listeners.join('a');
    listeners.join('b');

    expect(listeners.take('a', report({ startedAtMs: 100, heardSamples: 50 }))).toEqual([]);
    expect(
      listeners.take('b', report({ startedAtMs: 130, heardSamples: 20, evidence: 'estimate' })),
    ).toMatchObject([{ startedAtMs: 130, heardSamples: 20, evidence: 'estimate' }]);
    expect(
      listeners.take('a', report({ startedAtMs: 100, heardSamples: 80, phase: 'ended' })),
    ).toMatchObject([{ heardSamples: 20, phase: 'playing' }]);
    expect(
      listeners.take('b', report({ startedAtMs: 130, heardSamples: 80, phase: 'ended' })),
    ).toMatchObject([{ startedAtMs: 130, heardSamples: 80, phase: 'ended' }]);
  });

  it('[LW8] a listener that leaves is not waited for', () => {
    const listeners = new SlowestListener();
    listeners.join('a');
    listeners.join('b');
    listeners.take('a', report({ startedAtMs: 100, heardSamples: 50 }));

    expect(listeners.leave('b')).toMatchObject([{ startedAtMs: 100, heardSamples: 50 }]);
    expect(listeners.leave('a')).toEqual([]);
  });

  it('[LW8] a cut counts as far as all of them heard', () => {
    const listeners = new SlowestListener();
    listeners.join('a');
    listeners.join('b');
    listeners.take('a', report({ startedAtMs: 100, heardSamples: 70, phase: 'cut' }));

    expect(
      listeners.take('b', report({ startedAtMs: 110, heardSamples: 60, phase: 'cut' })),
    ).toMatchObject([{ heardSamples: 60, phase: 'cut' }]);
  });

  it('[LW8] a stranger does not count, and the latest sixteen responses are kept', () => {
    const listeners = new SlowestListener();
    expect(listeners.take('stranger', report({ startedAtMs: 1, heardSamples: 1 }))).toEqual([]);
    listeners.join('a');
    for (let index = 0; index < 100; index += 1) {
      const responseId = `r${index}` as ResponseId;
      listeners.take('a', { ...report({ startedAtMs: index, heardSamples: 5 }), responseId });
    }
    listeners.join('a');
    listeners.join('b');

    expect(listeners.leave('b').map(({ responseId }) => responseId)).toEqual(
      Array.from({ length: 16 }, (_, index) => `r${84 + index}`),
    );
  });
});
