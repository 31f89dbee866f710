import type { AgentMs, PlayheadReport, ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { SlowestListener } from '../../src/listeners/slowest_listener.ts';

const ID = 'r' as ResponseId;
const at = (ms: number): AgentMs => ms as AgentMs;

function report(of: {
  startedAtMs: number;
  heardSamples: number;
  phase?: PlayheadReport['phase'];
  evidence?: PlayheadReport['evidence'];
  errorBoundMs?: number;
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

  const merged = (one: PlayheadReport, other: PlayheadReport): PlayheadReport | undefined => {
    const listeners = new SlowestListener();
    listeners.join('a');
    listeners.join('b');
    listeners.take('a', one);
    return listeners.take('b', other)[0];
  };

  it('[LW8] the slower one says how far, whoever reported last, and the weaker evidence and wider bound count', () => {
    const slow = report({
      startedAtMs: 100,
      heardSamples: 20,
      evidence: 'transport',
      errorBoundMs: 9,
    });
    const fast = report({ startedAtMs: 110, heardSamples: 60, errorBoundMs: 4 });
    const both = {
      startedAtMs: 110,
      heardSamples: 20,
      positionAtMs: 120,
      evidence: 'transport',
      errorBoundMs: 9,
    };

    expect(merged(slow, fast)).toMatchObject(both);
    expect(merged(fast, slow)).toMatchObject(both);
    expect(merged({ ...slow, evidence: 'estimate' }, slow)?.evidence).toBe('estimate');
    expect(merged(fast, fast)?.evidence).toBe('device');
  });

  it('[LW8] of two that heard as much, the first one says when', () => {
    const first = { ...report({ startedAtMs: 100, heardSamples: 50 }), positionAtMs: at(170) };
    const second = { ...first, positionAtMs: at(190) };
    expect(merged(first, second)?.positionAtMs).toBe(170);
  });

  it('[LW8] it plays while one still plays, and is cut if one did not hear all of it', () => {
    const phases = ['playing', 'ended', 'cut'] as const;
    const of = (phase: PlayheadReport['phase']): PlayheadReport =>
      report({ startedAtMs: 100, heardSamples: 50, phase });
    const all = phases.map((one) => phases.map((other) => merged(of(one), of(other))?.phase));

    expect(all).toEqual([
      ['playing', 'playing', 'playing'],
      ['playing', 'ended', 'cut'],
      ['playing', 'cut', 'cut'],
    ]);
  });

  it('[LW8] a report that nothing was heard starts nothing', () => {
    const heard = report({ startedAtMs: 100, heardSamples: 50 });
    expect(merged(heard, report({ startedAtMs: 100, heardSamples: 0 }))).toBeUndefined();
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
