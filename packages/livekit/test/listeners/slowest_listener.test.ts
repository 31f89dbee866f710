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

describe('of several listeners the last', () => {
  it('[LW8] a response has started when all hear it, and is heard as far as all heard it', () => {
    const ears = new SlowestListener();
    ears.join('a');
    ears.join('b');

    expect(ears.take('a', report({ startedAtMs: 100, heardSamples: 50 }))).toEqual([]);
    expect(
      ears.take('b', report({ startedAtMs: 130, heardSamples: 20, evidence: 'estimate' })),
    ).toMatchObject([{ startedAtMs: 130, heardSamples: 20, evidence: 'estimate' }]);
    expect(
      ears.take('a', report({ startedAtMs: 100, heardSamples: 80, phase: 'ended' })),
    ).toMatchObject([{ heardSamples: 20, phase: 'playing' }]);
    expect(
      ears.take('b', report({ startedAtMs: 130, heardSamples: 80, phase: 'ended' })),
    ).toMatchObject([{ startedAtMs: 130, heardSamples: 80, phase: 'ended' }]);
  });

  it('[LW8] one that leaves is not waited for', () => {
    const ears = new SlowestListener();
    ears.join('a');
    ears.join('b');
    ears.take('a', report({ startedAtMs: 100, heardSamples: 50 }));

    expect(ears.leave('b')).toMatchObject([{ startedAtMs: 100, heardSamples: 50 }]);
    expect(ears.leave('a')).toEqual([]);
  });

  it('[LW8] a cut holds at what all of them heard', () => {
    const ears = new SlowestListener();
    ears.join('a');
    ears.join('b');
    ears.take('a', report({ startedAtMs: 100, heardSamples: 70, phase: 'cut' }));

    expect(
      ears.take('b', report({ startedAtMs: 110, heardSamples: 60, phase: 'cut' })),
    ).toMatchObject([{ heardSamples: 60, phase: 'cut' }]);
  });

  it('[LW8] who says nothing yet, or is not there, moves nothing; of many responses the last are kept', () => {
    const ears = new SlowestListener();
    expect(ears.take('stranger', report({ startedAtMs: 1, heardSamples: 1 }))).toEqual([]);
    ears.join('a');
    for (let index = 0; index < 100; index += 1) {
      const responseId = `r${index}` as ResponseId;
      ears.take('a', { ...report({ startedAtMs: index, heardSamples: 5 }), responseId });
    }
    ears.join('a');
    ears.join('b');

    expect(ears.leave('b').map(({ responseId }) => responseId)).toEqual(
      Array.from({ length: 16 }, (_, index) => `r${84 + index}`),
    );
  });
});
