import { describe, expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import {
  ManualClock,
  ScriptedListener,
  type ScriptedListenerOptions,
} from '../src/testing/index.ts';
import { parseListenerMessage } from '../src/wire/index.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;

/** A listener that has joined, and the messages that it has sent since. */
function joined(options: Partial<ScriptedListenerOptions> = {}) {
  const clock = new ManualClock(1000);
  const said: Array<Record<string, unknown>> = [];
  const listener = new ScriptedListener({
    clock,
    send: (text) => {
      const parsed = parseListenerMessage(text);
      if (!parsed.ok) throw new Error(`not a wire message: ${text}`);
      said.push({ ...parsed.message, arrivedAtMs: clock.nowMs() });
    },
    ...options,
  });
  listener.join();
  said.length = 0;
  return { clock, listener, said };
}

function play(listener: ScriptedListener, responseId: ResponseId, ms: number): void {
  listener.receive({ type: 'announce', responseId, sampleRateHz: 48_000 });
  listener.audio(ms * 48);
  listener.receive({ type: 'end', responseId, totalSamples: ms * 48 });
}

describe('scripted listener', () => {
  it('hears audio after its output latency, to the sample', () => {
    const { clock, listener, said } = joined({ outputLatencyMs: 40, reportIntervalMs: 50 });

    play(listener, A, 120);
    clock.advance(1000);

    expect(listener.truthOf(A)).toEqual({
      responseId: A,
      sampleRateHz: 48_000,
      receivedSamples: 5760,
      heardSamples: 5760,
      startedAtMs: 1040,
      endedAtMs: 1160,
      status: 'ended',
    });
    expect(
      said.map(({ phase, heardSamples, arrivedAtMs }) => [phase, heardSamples, arrivedAtMs]),
    ).toEqual([
      ['playing', 1, 1040],
      ['playing', 2400, 1090],
      ['playing', 4800, 1140],
      ['ended', 5760, 1160],
    ]);
    expect(clock.pendingCount).toBe(0);
  });

  it('plays two responses without a gap even if the end of the first is never reported', () => {
    const { clock, listener } = joined();

    listener.receive({ type: 'announce', responseId: A, sampleRateHz: 22_050 });
    listener.audio(22_050);
    play(listener, B, 100);
    clock.advance(2000);

    expect(listener.truths()).toMatchObject([
      { responseId: A, startedAtMs: 1000, endedAtMs: 2000 },
      { responseId: B, startedAtMs: 2000, endedAtMs: 2100 },
    ]);
  });

  it('continues where it stopped after a pause, a stall, a sleep and an empty buffer', () => {
    const { clock, listener } = joined();
    listener.receive({ type: 'announce', responseId: A, sampleRateHz: 48_000 });
    listener.audio(480);

    clock.advance(30); // 10 ms of sound, 20 ms of nothing
    listener.audio(4800);
    clock.advance(10);
    listener.receive({ type: 'pause' });
    clock.advance(100);
    listener.receive({ type: 'resume' });
    clock.advance(10);
    listener.stall();
    clock.advance(100);
    listener.unstall();
    clock.advance(10);
    listener.sleep();
    clock.advance(100);
    listener.wake();
    clock.advance(10);

    expect(listener.truthOf(A)).toMatchObject({ heardSamples: 50 * 48, status: 'playing' });
  });

  it('reports a cut for everything in its buffer', () => {
    const { clock, listener, said } = joined();
    play(listener, A, 100);
    play(listener, B, 100);

    clock.advance(25);
    said.length = 0;
    listener.receive({ type: 'clear' });

    expect(said).toMatchObject([
      { responseId: A, phase: 'cut', heardSamples: 1200, startedAtMs: 1000, positionAtMs: 1025 },
      { responseId: B, phase: 'cut', heardSamples: 0, startedAtMs: 1025, positionAtMs: 1025 },
    ]);
  });

  it('rejoins with an empty buffer and a new epoch', () => {
    const { clock, listener, said } = joined({ name: 'page' });
    play(listener, A, 100);
    clock.advance(25);

    said.length = 0;
    listener.leave();
    clock.advance(100);
    listener.join();

    expect(said).toMatchObject([
      { type: 'bye', epoch: 'page-1' },
      { type: 'hello', epoch: 'page-2', seq: 1 },
    ]);
    expect(listener.truthOf(A)).toMatchObject({ status: 'cut', heardSamples: 1200 });
  });

  it('loses, repeats, delays and reorders the messages that its faults select', () => {
    const { clock, listener, said } = joined({ reportIntervalMs: 10 });
    listener.faults = {
      lose: (_, nth) => nth === 3,
      repeat: (_, nth) => nth === 4,
      reorder: (_, nth) => nth === 5,
      delayMs: (_, nth) => (nth === 2 ? 100 : 0),
    };

    play(listener, A, 50);
    clock.advance(1000);

    expect(said.map((message) => message['seq'])).toEqual([4, 4, 6, 5, 7, 2]);
  });

  it('answers a ping on its own clock', () => {
    const { listener, said } = joined({ clockOffsetMs: 5000 });

    listener.receive({ type: 'ping', pingId: 7 });

    expect(said).toMatchObject([{ type: 'pong', pingId: 7, receivedAtMs: 6000, sentAtMs: 6000 }]);
  });
});
