import { describe, expect, it } from 'vitest';
import { OutputClock, type OutputReading } from '../src/shared/output_clock.ts';
import { OutputReader, type ReadableOutput } from '../src/shared/output_reader.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

/** What a browser says at an instant of the true clock, in ms. `latencyMs`: from the context's timeline to the ear. */
interface BrowserBehaviour {
  readonly latencyMs: number;
  readonly output: (trueMs: number) => Omit<ReadableOutput, 'state'>;
  /** What `performance.now` returns. */
  readonly now?: (trueMs: number) => number;
}

const BEGAN_MS = 1000.37;
const BLOCK_MS = 20;
const floorTo = (value: number, step: number): number => Math.floor(value / step) * step;

/** `currentTime` of a context that renders in blocks of 20 ms. */
const currentSeconds = (trueMs: number): number =>
  Math.max(0, floorTo(trueMs - BEGAN_MS, BLOCK_MS)) / 1000;

const pair = (contextTime: number, performanceTime: number) => () => ({
  contextTime,
  performanceTime,
});

const chromium: BrowserBehaviour = {
  latencyMs: 40,
  output: (trueMs) => {
    const takenMs = floorTo(trueMs, 10) + 0.3;
    return {
      currentTime: currentSeconds(trueMs),
      outputLatency: 0.032,
      baseLatency: 0.01,
      getOutputTimestamp: pair((takenMs - BEGAN_MS - 40) / 1000, takenMs),
    };
  },
};

/** Firefox ESR 153: the latency is taken off both values of the pair. */
function firefox(latencyMs: number, saysMs: number, clockStepMs: number): BrowserBehaviour {
  return {
    latencyMs,
    now: (trueMs) => floorTo(trueMs, clockStepMs),
    output: (trueMs) => {
      const currentTime = currentSeconds(trueMs);
      return {
        currentTime,
        outputLatency: saysMs / 1000,
        baseLatency: 0,
        getOutputTimestamp: pair(
          Math.max(0, currentTime - saysMs / 1000),
          floorTo(trueMs, clockStepMs) - saysMs,
        ),
      };
    },
  };
}

/** WebKitGTK 2.50: `performanceTime` is when the last block was rendered + `contextTime`. */
function webkit(latencyMs: number, outputLatency: number | undefined): BrowserBehaviour {
  return {
    latencyMs,
    now: (trueMs) => floorTo(trueMs, 1),
    output: (trueMs) => {
      const currentTime = currentSeconds(trueMs);
      return {
        currentTime,
        ...(outputLatency === undefined ? {} : { outputLatency }),
        baseLatency: 0.0053,
        getOutputTimestamp: pair(
          currentTime,
          floorTo(BEGAN_MS + currentTime * 1000, 1) + currentTime * 1000,
        ),
      };
    },
  };
}

/** By reports some Safari versions keep `contextTime` below 1 s. */
const safari: BrowserBehaviour = {
  latencyMs: 30,
  output: (trueMs) => ({
    currentTime: currentSeconds(trueMs),
    outputLatency: 0.028,
    getOutputTimestamp: pair(((trueMs - BEGAN_MS - 30) / 1000) % 1, trueMs),
  }),
};

const withoutPairs: BrowserBehaviour = {
  latencyMs: 55,
  output: (trueMs) => ({ currentTime: currentSeconds(trueMs), outputLatency: 0.05 }),
};

class Listening {
  trueMs = BEGAN_MS + 3;
  readonly clock: OutputClock = new OutputClock();
  readonly readings: OutputReading[] = [];
  calls = 0;
  pairCalls = 0;
  state = 'running';
  readonly reader: OutputReader;

  constructor(behaviour: BrowserBehaviour) {
    const said = (): Omit<ReadableOutput, 'state'> => behaviour.output(this.trueMs);
    const listening = this;
    const context: ReadableOutput = {
      get state() {
        return listening.state;
      },
      get currentTime() {
        return said().currentTime;
      },
      get outputLatency() {
        listening.calls += 1;
        return said().outputLatency as number;
      },
      get baseLatency() {
        return said().baseLatency as number;
      },
      getOutputTimestamp: () => {
        listening.pairCalls += 1;
        return said().getOutputTimestamp?.() ?? {};
      },
    };
    const now = behaviour.now ?? ((trueMs: number) => trueMs);
    this.reader = new OutputReader(context, () => now(this.trueMs) as PageMs);
  }

  /** Reads every 20 ms or a little later, as the player does. */
  run(ms: number): this {
    const endMs = this.trueMs + ms;
    for (let index = 0; this.trueMs < endMs; index += 1) {
      this.trueMs += 20 + (index % 5) * 0.7;
      const reading = this.reader.read();
      if (!reading) continue;
      this.readings.push(reading);
      this.clock.add(reading);
    }
    return this;
  }

  /** Stated instant of the frame that sounds now, minus the true one. */
  errorOf({ latencyMs }: BrowserBehaviour): { readonly errorMs: number; readonly boundMs: number } {
    const instant = this.clock.toPage(this.trueMs - BEGAN_MS - latencyMs);
    if (!instant) throw new Error('there was no reading');
    return { errorMs: instant.atMs - this.trueMs, boundMs: instant.errorBoundMs };
  }
}

describe('the reader of the output', () => {
  it.each([
    ['Chromium', chromium, 1, 16],
    ['Firefox', firefox(42.8, 42.791666, 1), 12, 266],
    ['Firefox with a clock of 16.7 ms and an invented latency', firefox(42.8, 25, 16.667), 40, 282],
    ['a clock of 100 ms', firefox(42.8, 25, 100), 120, 432],
    ['WebKitGTK, no latency', webkit(80, 0), 50, 266],
    ['Safari before 18.4', webkit(180, undefined), 140, 266],
    ['WebKit with a latency', webkit(35, 0.03), 25, 41],
    ['Safari with a context time below 1 s', safari, 25, 40],
    ['a browser without pairs', withoutPairs, 25, 40],
  ])('[BR18] %s: the bound holds, at any time', (_, behaviour, mostErrorMs, mostBoundMs) => {
    const listening = new Listening(behaviour).run(2500);
    for (let round = 0; round < 100; round += 1) {
      const { errorMs, boundMs } = listening.run(20).errorOf(behaviour);
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(boundMs);
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(mostErrorMs);
      expect(boundMs).toBeLessThanOrEqual(mostBoundMs);
    }
  });

  it.each([
    ['Firefox', firefox(42.8, 42.791666, 1)],
    ['WebKit', webkit(80, 0)],
  ])('[BR18] %s: no broken pair is ever used', (_, behaviour) => {
    const { readings } = new Listening(behaviour).run(1000);
    expect(readings.length).toBeGreaterThan(20);
    expect(readings.filter(({ ageMs }) => ageMs === 0)).toEqual([]);
  });

  it('[BR18] Chromium: after its first 100 ms each pair is used as it is, with nothing added', () => {
    const { readings } = new Listening(chromium).run(1000);
    const first = readings.findIndex(({ ageMs }) => ageMs === 0);
    expect(readings[first]?.contextMs).toBeLessThan(130);
    expect(readings.slice(0, first).every(({ extraBoundMs }) => extraBoundMs === 25)).toBe(true);
    const pairs = readings.slice(first);
    expect(pairs.length).toBeGreaterThan(35);
    for (const { contextMs, atMs, ageMs, extraBoundMs } of pairs) {
      expect(atMs - contextMs).toBeCloseTo(BEGAN_MS + 40, 6);
      expect([ageMs, extraBoundMs]).toEqual([0, 0]);
    }
  });

  it('[BR18] the first pair that shows that the output runs gives a reading at once, by the latency in the first 100 ms', () => {
    const early = new Listening(chromium);
    early.trueMs = BEGAN_MS + 60;
    expect(early.reader.read()).toMatchObject({ ageMs: 25, extraBoundMs: 25 });
  });

  it('[BR21] never asks Firefox for its latency or a pair, and reads nothing in the first half second', () => {
    const behaviour = firefox(42.8, 42.791666, 1);
    const listening = new Listening(behaviour).run(490);
    expect(listening.readings).toEqual([]);
    listening.reader.deviceChanged();
    listening.run(20_000);
    expect([listening.calls, listening.pairCalls, listening.reader.latency]).toEqual([
      0,
      0,
      undefined,
    ]);
    expect(listening.readings.length).toBeGreaterThan(900);
    expect(listening.readings[0]?.contextMs).toBeGreaterThanOrEqual(500);
  });

  it('[BR18] where the latency is not known, it is assumed to be 40 ms, in a bound of 265 ms', () => {
    for (const latencyMs of [0, 40, 280]) {
      const behaviour = firefox(latencyMs, 0, 0.001);
      const { errorMs, boundMs } = new Listening(behaviour).run(2000).errorOf(behaviour);
      expect(Math.abs(errorMs - (40 - latencyMs))).toBeLessThan(3);
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(boundMs);
      expect(boundMs).toBeCloseTo(265, 0);
    }
  });

  it('[BR18] asks other browsers for the latency every 10 s, every half second while they say none, and when the device has changed', () => {
    const said = new Listening(withoutPairs).run(9900);
    expect(said.calls).toBe(1);
    said.reader.deviceChanged();
    expect(said.run(9900).calls).toBe(2);
    const silent = new Listening(webkit(80, 0)).run(5600);
    expect(silent.calls).toBeGreaterThanOrEqual(9);
    expect(silent.calls).toBeLessThanOrEqual(12);
  });

  it('[BR18] a context that claims to run but stands still gives no reading', () => {
    const frozen: BrowserBehaviour = {
      latencyMs: 0,
      output: (trueMs) => ({ ...withoutPairs.output(Math.min(trueMs, BEGAN_MS + 1000)) }),
    };
    const listening = new Listening(frozen).run(1100);
    const before = listening.readings.length;
    listening.run(1000);
    expect(listening.readings.length).toBe(before);
  });

  it('[BR18] before the device starts, a pair with performanceTime 0 is no reading', () => {
    const early: BrowserBehaviour = {
      latencyMs: 0,
      output: () => ({
        currentTime: 0.0133,
        baseLatency: 0.0116,
        outputLatency: 0,
        getOutputTimestamp: pair(0.0037, 0),
      }),
    };
    expect(new Listening(early).run(800).readings).toEqual([]);
  });

  it('[BR18] reads nothing while the context does not run', () => {
    const listening = new Listening(chromium);
    listening.state = 'interrupted';
    expect(listening.run(200).readings).toEqual([]);
  });
});
