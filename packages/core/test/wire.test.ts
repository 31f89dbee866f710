// Tests for SPEC.md, "Listener and wire": the messages themselves, and the clocks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentMs, ListenerMs, ResponseId } from '../src/index.ts';
import {
  type AgentMessage,
  ClockMap,
  encodeAgentMessage,
  encodeAudioFrame,
  encodeListenerMessage,
  type ListenerMessage,
  parseAgentMessage,
  parseAudioFrame,
  parseListenerMessage,
  ReplayWindow,
} from '../src/wire/index.ts';

const id = fc.string({ minLength: 1, maxLength: 200 }).map((text) => text as ResponseId);
const wireId = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 })
  .map((text) => text as ResponseId);
const whole = fc.maxSafeNat();
const rate = fc.integer({ min: 1, max: 384_000 });
const instant = fc.integer({ min: -1e9, max: 1e12 }).map((ms) => (ms / 7) as ListenerMs);

const listenerMessage: fc.Arbitrary<ListenerMessage> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    evidence: fc.constantFrom('device' as const, 'transport' as const),
  }),
  fc.constant({ type: 'bye' as const }),
  fc.record({
    type: fc.constant('pong' as const),
    pingId: whole,
    receivedAtMs: instant,
    sentAtMs: instant,
  }),
  fc
    .record({ startedAtMs: instant, playedMs: fc.nat(), responseId: id, heardSamples: whole })
    .chain(({ playedMs, ...known }) =>
      fc.record({
        type: fc.constant('playhead' as const),
        ...Object.fromEntries(Object.entries(known).map(([key, v]) => [key, fc.constant(v)])),
        positionAtMs: fc.constant((known.startedAtMs + playedMs) as ListenerMs),
        phase: fc.constantFrom('playing' as const, 'ended' as const, 'cut' as const),
        evidence: fc.constantFrom('device' as const, 'transport' as const, 'estimate' as const),
        errorBoundMs: fc.nat(),
      }),
    ) as fc.Arbitrary<ListenerMessage>,
);

const agentMessage: fc.Arbitrary<AgentMessage> = fc.oneof(
  fc.record({ type: fc.constant('welcome' as const), sampleRateHz: rate }),
  fc.record(
    {
      type: fc.constant('announce' as const),
      responseId: id,
      sampleRateHz: rate,
      heardBeforeSamples: whole,
      segmentId: id,
    },
    { requiredKeys: ['type', 'responseId', 'sampleRateHz'] },
  ),
  fc.record({ type: fc.constant('end' as const), responseId: id, totalSamples: whole }),
  fc.record({ type: fc.constant('ping' as const), pingId: whole }),
  fc.constantFrom(
    { type: 'clear' as const },
    { type: 'pause' as const },
    { type: 'resume' as const },
  ),
);

describe('wire', () => {
  it('[LW5] messages of a listener survive encoding and parsing', () => {
    fc.assert(
      fc.property(listenerMessage, id, fc.integer({ min: 1 }), (message, epoch, seq) => {
        const text = encodeListenerMessage(message, { epoch, seq });
        expect(parseListenerMessage(text)).toEqual({
          ok: true,
          message: { v: 1, epoch, seq, ...message },
        });
      }),
    );
  });

  it('[LW5] messages of an agent survive encoding and parsing', () => {
    fc.assert(
      fc.property(agentMessage, (message) => {
        expect(parseAgentMessage(encodeAgentMessage(message))).toEqual({
          ok: true,
          message: { v: 1, ...message },
        });
      }),
    );
  });

  it('[LW5] anything else is refused without an exception', () => {
    const almost = fc.oneof(listenerMessage, agentMessage).chain((message) =>
      fc.record({
        message: fc.constant({ v: 1, epoch: 'e', seq: 1, ...message }),
        field: fc.constantFrom('v', 'type', ...Object.keys(message)),
        value: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), (raw) => {
        expect(parseListenerMessage(raw).ok).toBe(false);
        expect(parseAgentMessage(raw).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(almost, ({ message, field, value }) => {
        parseListenerMessage({ ...message, [field]: value });
        parseAgentMessage({ ...message, [field]: value });
      }),
    );
  });

  it('[LW5] a message with one wrong field is refused', () => {
    const good = {
      v: 1,
      epoch: 'e',
      seq: 1,
      type: 'playhead',
      responseId: 'r',
      startedAtMs: 0,
      heardSamples: 1,
      positionAtMs: 0,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    };
    const wrong = [
      { v: 2 },
      { epoch: '' },
      { epoch: 'e'.repeat(201) },
      { seq: 0 },
      { seq: 1.5 },
      { type: 'announce' },
      { responseId: 7 },
      { startedAtMs: 1 },
      { startedAtMs: '0' },
      { startedAtMs: Number.NaN },
      { positionAtMs: Number.POSITIVE_INFINITY },
      { heardSamples: -1 },
      { heardSamples: 0.5 },
      { phase: 'over' },
      { evidence: 'hope' },
      { errorBoundMs: -1 },
    ];

    expect(parseListenerMessage(good).ok).toBe(true);
    for (const fields of wrong) {
      expect(parseListenerMessage({ ...good, ...fields })).toEqual({
        ok: false,
        reason: 'bad_format',
      });
    }
  });

  it('[LW5] audio frames survive encoding and parsing; other bytes are refused without an exception', () => {
    const samples = fc.int16Array({ maxLength: 500 });
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(
        fc.record({ seq: word, responseId: wireId, firstSample: word, samples }),
        fc.nat(20),
        (frame, shiftBytes) => {
          const bytes = encodeAudioFrame(frame);
          const shifted = new Uint8Array(bytes.length + shiftBytes);
          shifted.set(bytes, shiftBytes);
          expect(parseAudioFrame(shifted.subarray(shiftBytes))).toEqual(frame);
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseAudioFrame(bytes);
      }),
    );
    expect(() =>
      encodeAudioFrame({
        seq: 0,
        responseId: 'ü' as ResponseId,
        firstSample: 0,
        samples: new Int16Array(),
      }),
    ).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_FORMAT' }));
  });

  it('[LW6] the true instant lies within the bound for any asymmetry and drift', () => {
    const trip = fc.record({
      sentAtMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
      awayMs: fc.double({ min: 0, max: 3000, noNaN: true }),
      heldMs: fc.double({ min: 0, max: 500, noNaN: true }),
      backMs: fc.double({ min: 0, max: 3000, noNaN: true }),
    });
    const offset = fc.double({ min: -1e7, max: 1e7, noNaN: true });
    const drift = fc.double({ min: -0.99e-4, max: 0.99e-4, noNaN: true });
    const truth = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(trip, { minLength: 1, maxLength: 20 }),
        offset,
        drift,
        truth,
        (trips, offsetMs, driftMsPerMs, trueMs) => {
          const onListener = (ms: number): ListenerMs =>
            (offsetMs + ms * (1 + driftMsPerMs)) as ListenerMs;
          const map = new ClockMap();
          for (const { sentAtMs, awayMs, heldMs, backMs } of trips) {
            map.addRoundTrip({
              pingSentAtMs: sentAtMs as AgentMs,
              pingReceivedAtMs: onListener(sentAtMs + awayMs),
              pongSentAtMs: onListener(sentAtMs + awayMs + heldMs),
              pongReceivedAtMs: (sentAtMs + awayMs + heldMs + backMs) as AgentMs,
            });
          }
          const mapped = map.toAgent(onListener(trueMs));
          // Drift can make a trip of zero length look negative. Such a trip is left out.
          if (!mapped) return;
          expect(Math.abs(mapped.atMs - trueMs)).toBeLessThanOrEqual(mapped.errorBoundMs + 1e-6);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[LW6] the shortest of many round trips counts', () => {
    const map = new ClockMap();
    addRoundTrip(map, 0, 300, 10);
    addRoundTrip(map, 1000, 5, 5);
    addRoundTrip(map, 2000, 10, 400);

    const mapped = map.toAgent(3000 as ListenerMs);
    expect(mapped?.atMs).toBeCloseTo(2000, 0);
    expect(mapped?.errorBoundMs).toBeLessThan(6);
  });

  it('[LW6] the fastest ping and the fastest pong count, even if no round trip has both', () => {
    const map = new ClockMap();
    addRoundTrip(map, 0, 6, 60);
    addRoundTrip(map, 100, 55, 6);
    addRoundTrip(map, 200, 40, 35);

    const mapped = map.toAgent(1300 as ListenerMs);
    expect(Math.abs((mapped?.atMs ?? 0) - 300)).toBeLessThan(0.1);
    expect(mapped?.errorBoundMs).toBeLessThan(6.2);
  });
});

describe('replay window', () => {
  it('[LW1] accepts each number once, in any order, and refuses numbers older than the window', () => {
    const window = new ReplayWindow(4);

    expect([3, 1, 3, 4, 1].map((seq) => window.accept(seq))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect([100, 96, 97, 100, 97].map((seq) => window.accept(seq))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it('[LW1] still refuses a repeat after it has dropped old numbers', () => {
    const window = new ReplayWindow(4);
    for (let seq = 1; seq <= 50; seq += 1) expect(window.accept(seq)).toBe(true);

    for (let seq = 1; seq <= 50; seq += 1) expect(window.accept(seq)).toBe(false);
  });
});

/** A round trip with a listener whose clock is 1000 ms ahead and that answers at once. */
function addRoundTrip(map: ClockMap, sentAtMs: number, awayMs: number, backMs: number): void {
  map.addRoundTrip({
    pingSentAtMs: sentAtMs as AgentMs,
    pingReceivedAtMs: (sentAtMs + awayMs + 1000) as ListenerMs,
    pongSentAtMs: (sentAtMs + awayMs + 1000) as ListenerMs,
    pongReceivedAtMs: (sentAtMs + awayMs + backMs) as AgentMs,
  });
}
