// Tests for SPEC.md, "Listener and wire": what the gate lets through, before anything acts.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ListenerMs, ResponseId } from '../src/index.ts';
import {
  ClockMap,
  encodeListenerMessage,
  ListenerGate,
  type ListenerMessage,
} from '../src/wire/index.ts';
import { RateLimit } from '../src/wire/rate_limit.ts';

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
    const verdicts: string[] = [];

    for (let n = 0; n < 40; n += 1) {
      verdicts.push(take(hello, 0));
      gate.gone();
    }

    expect(verdicts).toEqual([...Array(10).fill('joined'), ...Array(30).fill('too_many')]);
  });

  it('[LW12] one that was lost and came back is there', () => {
    const { gate, take } = gateOf();
    take(hello, 0);
    gate.gone();

    expect([take(hello, 10), take(hello, 20)]).toEqual(['joined', 'known']);
    gate.gone();
    expect(take(hello, 30)).toBe('joined');
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

describe('a page that was loaded again', () => {
  /** A gate whose listener has a clock of its own, `aheadMs` ahead, with round trips of 20 ms. */
  function clockGate(aheadMs: number) {
    const gate = new ListenerGate();
    let seq = 0;
    const take = (message: ListenerMessage, atMs: number, epoch: string) => {
      seq += 1;
      return gate.take(encodeListenerMessage(message, { epoch, seq }), atMs as AgentMs);
    };
    const pong = (pingId: number, sentAtMs: number, epoch: string): void => {
      const onWayMs = (sentAtMs + 10 + aheadMs) as ListenerMs;
      const message = { type: 'pong', pingId, receivedAtMs: onWayMs, sentAtMs: onWayMs } as const;
      take(message, sentAtMs + 20, epoch);
    };
    const trip = (sentAtMs: number, epoch: string): void =>
      pong(gate.ping(sentAtMs as AgentMs).pingId, sentAtMs, epoch);
    const report = (startMs: number, positionMs: number, nowMs: number, epoch: string) => {
      const verdict = take(
        {
          type: 'playhead',
          responseId: 'r' as ResponseId,
          heardSamples: 480,
          phase: 'playing',
          evidence: 'device',
          errorBoundMs: 3,
          startedAtMs: (startMs + aheadMs) as ListenerMs,
          positionAtMs: (positionMs + aheadMs) as ListenerMs,
        },
        nowMs,
        epoch,
      );
      return verdict.type === 'playhead' ? verdict.report : verdict;
    };
    return { gate, take, pong, trip, report };
  }
  const unmapped = { type: 'dropped', reason: 'out_of_range' };

  it('[LW4] has a clock of its own', () => {
    const { take, trip, report } = clockGate(5000);
    take(hello, 0, 'page-1');
    trip(0, 'page-1');
    expect(report(50, 60, 100, 'page-1')).toMatchObject({ startedAtMs: 50 });

    take(hello, 200, 'page-2');
    expect(report(250, 260, 300, 'page-2')).toEqual(unmapped);
    trip(300, 'page-2');
    expect(report(350, 360, 400, 'page-2')).toMatchObject({ startedAtMs: 350 });
  });

  it('[LW4] does not answer the pings to the page before it', () => {
    const { gate, take, pong, report } = clockGate(5000);
    take(hello, 0, 'page-1');
    const { pingId } = gate.ping(100 as AgentMs);

    take(hello, 110, 'page-2');
    pong(pingId, 100, 'page-2');

    expect(report(130, 140, 200, 'page-2')).toEqual(unmapped);
  });

  it('[LW6] states instants no better than its clock is known, at the start and at the position', () => {
    const { take, trip, report } = clockGate(5000);
    take(hello, 0, 'page-1');
    trip(100_000, 'page-1');

    expect(report(100_010, 100_010, 100_100, 'page-1')).toMatchObject({
      errorBoundMs: expect.closeTo(3 + 10, 1),
    });
    // Ten seconds for each of which a clock may drift by 0.1 ms.
    expect(report(0, 100_010, 100_200, 'page-1')).toMatchObject({
      errorBoundMs: expect.closeTo(3 + 10 + 10, 0),
    });
    expect(report(100_010, 200_010, 200_100, 'page-1')).toMatchObject({
      errorBoundMs: expect.closeTo(3 + 10 + 10, 0),
    });
  });

  it('[AU10] says since when it cannot hear: before its clock is mapped, since now', () => {
    const { take, trip } = clockGate(5000);
    const muted = { type: 'audibility', audibility: 'muted', sinceMs: 5180 as ListenerMs } as const;
    take(hello, 0, 'page-1');

    expect(take(muted, 200, 'page-1')).toEqual({
      type: 'audibility',
      audibility: 'muted',
      sinceMs: 200,
      errorBoundMs: 150,
    });
    trip(300, 'page-1');
    expect(take(muted, 400, 'page-1')).toMatchObject({
      audibility: 'muted',
      sinceMs: 180,
      errorBoundMs: expect.closeTo(10, 1),
    });
  });

  it('[LW6] gets pings with numbers that count up from 1, and its answer concerns the clock', () => {
    const { gate, take } = clockGate(0);
    take(hello, 0, 'page-1');
    const pings = [0, 10, 20].map((atMs) => gate.ping(atMs as AgentMs));

    expect(pings).toEqual([1, 2, 3].map((pingId) => ({ type: 'ping', pingId })));
    const atMs = 40 as ListenerMs;
    const answer = { type: 'pong', pingId: 3, receivedAtMs: atMs, sentAtMs: atMs } as const;
    expect(take(answer, 50, 'page-1')).toEqual({ type: 'clock' });
  });

  it('[LW6] has 256 pings to answer at most', () => {
    const { gate, take, pong, report } = clockGate(5000);
    take(hello, 0, 'page-1');
    const pings = Array.from({ length: 257 }, () => gate.ping(100 as AgentMs).pingId);

    pong(pings[0] ?? 0, 100, 'page-1');
    expect(report(130, 140, 200, 'page-1')).toEqual(unmapped);
    pong(pings[1] ?? 0, 100, 'page-1');
    expect(report(130, 140, 200, 'page-1')).toMatchObject({ startedAtMs: 130 });
  });

  it('[LW4] is refused if it is one of the last sixteen that are gone', () => {
    const { take } = gateOf();
    const pageAt = (n: number): string => take(hello, n * 2000, `page-${n}`);
    for (let n = 0; n <= 16; n += 1) expect(pageAt(n)).toBe('joined');

    expect(take(hello, 40_000, 'page-0')).toBe('wrong_listener');
    expect(take(hello, 42_000, 'page-17')).toBe('joined');
    expect(take(hello, 44_000, 'page-0')).toBe('joined');
  });
});

describe('what is kept of a listener', () => {
  it('[LW6] a round trip counts until 64 newer ones have come', () => {
    const map = new ClockMap();
    const trip = (sentAtMs: number, lengthMs: number): void =>
      map.addRoundTrip({
        pingSentAtMs: sentAtMs as AgentMs,
        pingReceivedAtMs: (sentAtMs + lengthMs / 2) as ListenerMs,
        pongSentAtMs: (sentAtMs + lengthMs / 2) as ListenerMs,
        pongReceivedAtMs: (sentAtMs + lengthMs) as AgentMs,
      });
    const boundMs = (): number => map.toAgent(7000 as ListenerMs)?.errorBoundMs ?? 0;
    trip(0, 2);
    for (let n = 1; n < 64; n += 1) trip(n * 100, 100);
    expect(boundMs()).toBeLessThan(3);

    trip(6400, 100);
    expect(boundMs()).toBeGreaterThan(45);
  });

  it('[LW1] a limit allows a burst, then a fixed rate; after an hour of silence, no more come at once than before', () => {
    const limit = new RateLimit(10, 30);
    const burstAt = (atMs: number): number =>
      Array.from({ length: 100 }, () => limit.allows(atMs as AgentMs)).filter(Boolean).length;

    expect([burstAt(0), burstAt(3_600_000), burstAt(3_600_500)]).toEqual([30, 30, 5]);
  });
});
