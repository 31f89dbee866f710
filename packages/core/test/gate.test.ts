// Tests for SPEC.md, "Listener and wire": what the gate lets through, before anything acts.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ListenerMs } from '../src/index.ts';
import {
  ClockMap,
  encodeListenerMessage,
  ListenerGate,
  type ListenerMessage,
} from '../src/wire/index.ts';

const hello: ListenerMessage = { type: 'hello', evidence: 'device' };

function gateOf() {
  const gate = new ListenerGate({ sameClock: true });
  let seq = 0;
  const take = (message: ListenerMessage, atMs: number, epoch: string = 'page-1'): string => {
    seq += 1;
    const text = encodeListenerMessage(message, { epoch, seq });
    const verdict = gate.take(text, atMs as AgentMs);
    return verdict.type === 'dropped' ? verdict.reason : verdict.type;
  };
  return { gate, take };
}

describe('hello', () => {
  it('[LW12] a second one of a listener that is there does nothing', () => {
    const { take } = gateOf();

    expect([1, 2, 3].map((ms) => take(hello, ms))).toEqual(['joined', 'known', 'known']);
  });

  it('[LW12] a listener that was lost joins again, one that said bye does not', () => {
    const { gate, take } = gateOf();
    take(hello, 0);

    gate.gone();
    expect(take(hello, 10)).toBe('joined');
    expect(take({ type: 'bye' }, 20)).toBe('left');
    gate.gone();
    expect(take(hello, 30)).toBe('wrong_listener');
    expect(take(hello, 40, 'page-2')).toBe('joined');
  });

  it('[LW12] a listener joins ten times at once, then once a second', () => {
    const { take } = gateOf();

    const verdicts = Array.from({ length: 90 }, (_, n) => take(hello, 0, `page-${n}`));

    expect(verdicts.filter((verdict) => verdict === 'joined')).toHaveLength(10);
    expect(verdicts.slice(10).every((verdict) => verdict === 'too_many')).toBe(true);
    expect(take({ type: 'bye' }, 900, 'page-89')).toBe('wrong_listener');
    expect(take(hello, 1000, 'page-a')).toBe('joined');
    expect(take(hello, 1100, 'page-b')).toBe('too_many');
    expect(take({ type: 'bye' }, 1200, 'page-a')).toBe('left');
  });

  it('[LW12] leaving and coming back without end is limited as well', () => {
    const { gate, take } = gateOf();
    let joined = 0;

    for (let n = 0; n < 40; n += 1) {
      if (take(hello, 0) === 'joined') joined += 1;
      gate.gone();
    }

    expect(joined).toBe(10);
  });

  it('[LW12] a message beyond the rate is not parsed', () => {
    const { gate, take } = gateOf();
    for (let n = 0; n < 100; n += 1) take(hello, 0);
    const read = { v: 1, count: 0 };
    const trap = {
      get v(): number {
        read.count += 1;
        return 1;
      },
    };

    expect(gate.take(trap, 0 as AgentMs)).toEqual({ type: 'dropped', reason: 'too_many' });
    expect(read.count).toBe(0);
    gate.take(trap, 1000 as AgentMs);
    expect(read.count).toBeGreaterThan(0);
  });
});

describe('the clock of a listener', () => {
  /** Round trips of 20 ms with a clock that is `offsetMs` ahead of the agent's. */
  function trip(map: ClockMap, sentAtMs: number, offsetMs: number): void {
    map.addRoundTrip({
      pingSentAtMs: sentAtMs as AgentMs,
      pingReceivedAtMs: (sentAtMs + 10 + offsetMs) as ListenerMs,
      pongSentAtMs: (sentAtMs + 10 + offsetMs) as ListenerMs,
      pongReceivedAtMs: (sentAtMs + 20) as AgentMs,
    });
  }

  it.each([-20_000, 20_000, -100])(
    '[LW6] a clock that is set by %d ms is mapped anew from the next round trip on',
    (stepMs) => {
      const map = new ClockMap();
      for (let ms = 0; ms < 60_000; ms += 1000) trip(map, ms, 5000);

      trip(map, 60_000, 5000 + stepMs);

      const mapped = map.toAgent((60_100 + 5000 + stepMs) as ListenerMs);
      expect(mapped?.atMs).toBeCloseTo(60_100, 0);
      expect(mapped?.errorBoundMs).toBeLessThan(11);
    },
  );

  it('[LW6] a clock that runs 100 ppm fast is not one that was set', () => {
    const map = new ClockMap();
    for (let ms = 0; ms < 600_000; ms += 10_000) trip(map, ms, 5000 + ms * 0.99e-4);

    const mapped = map.toAgent((600_000 + 5000 + 60) as ListenerMs);
    expect(Math.abs((mapped?.atMs ?? 0) - 600_000)).toBeLessThanOrEqual(mapped?.errorBoundMs ?? 0);
  });
});
