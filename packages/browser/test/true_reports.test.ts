import type { Playhead } from '@oncue/core/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTEXT_MS, Simulation } from './support/tracker_simulation.ts';

/** An estimate is off by no more than the window in which it was searched for. */
const WINDOW_MS = 260;

/** When the first response leaves. */
const AT_MS = CONTEXT_MS + 1000;

interface Turn {
  readonly lengthsMs: readonly number[];
  readonly gapMs: number;
  readonly cutAfterMs: number | undefined;
  readonly delayMs: number;
}

const turnArbitrary: fc.Arbitrary<Turn> = fc.record({
  lengthsMs: fc
    .array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 3 })
    .map((all) => all.map((tenths) => tenths * 100)),
  gapMs: fc.integer({ min: 300, max: 2000 }),
  cutAfterMs: fc.option(
    fc.integer({ min: 3, max: 40 }).map((tenths) => tenths * 100),
    {
      nil: undefined,
    },
  ),
  delayMs: fc.integer({ min: 90, max: 250 }),
});

/** The second turn comes 143 ms later than expected, and its first response is not found. */
const LATER_THAN_EXPECTED: Turn[] = [
  { lengthsMs: [200], gapMs: 300, cutAfterMs: undefined, delayMs: 90 },
  { lengthsMs: [300, 200], gapMs: 300, cutAfterMs: undefined, delayMs: 233 },
];
const MISTAKEN = { byMs: -8, there: 0.95, here: 0.93 };

/**
 * None of the first pieces of the last two responses is found. The first of them goes on without a pause, so the only onset
 * is that of the second.
 */
const NEXT_ONSET: Turn[] = [
  { lengthsMs: [1800, 200], gapMs: 300, cutAfterMs: 1900, delayMs: 90 },
  { lengthsMs: [200], gapMs: 300, cutAfterMs: undefined, delayMs: 90 },
];

/**
 * The first response of the second turn sounds 80 ms later than it was expected and estimated. So its onset lies after its
 * estimated start, and is not that of the response after it.
 */
const LATE_ONSET: Turn[] = [
  { lengthsMs: [400], gapMs: 300, cutAfterMs: undefined, delayMs: 90 },
  { lengthsMs: [300, 400], gapMs: 300, cutAfterMs: undefined, delayMs: 170 },
  { lengthsMs: [200], gapMs: 300, cutAfterMs: undefined, delayMs: 90 },
];

/** Plays turns one after the other, to their ends or cuts. */
function playAll(simulation: Simulation, turns: readonly Turn[]): void {
  let atMs = AT_MS;
  for (const [index, turn] of turns.entries()) {
    const beganAtMs = atMs;
    for (const [inner, ms] of turn.lengthsMs.entries()) {
      simulation.play(`${index}.${inner}`, ms, atMs, { delayMs: turn.delayMs });
      atMs += ms;
    }
    const cutAtMs = beganAtMs + (turn.cutAfterMs ?? Number.POSITIVE_INFINITY);
    if (cutAtMs < atMs) {
      simulation.clearAt(cutAtMs);
      atMs = cutAtMs;
    }
    // More than the delay may change by, so that one turn does not overlap the next.
    atMs += turn.gapMs;
  }
  simulation.run(atMs - AT_MS + 8000);
}

function expectTrue(simulation: Simulation, report: Playhead): void {
  if (report.heardSamples === 0) return;
  const truthMs = simulation.soundsAt(report.responseId, 0) ?? Number.NaN;
  const allowedMs = report.evidence === 'device' ? report.errorBoundMs : WINDOW_MS;
  expect(Math.abs(report.startedAtMs - truthMs)).toBeLessThanOrEqual(allowedMs);
}

/** The playhead never goes back, and nothing changes after the last report. */
function expectSteady(reports: readonly Playhead[]): void {
  for (const [index, report] of reports.entries()) {
    const before = reports[index - 1];
    if (!before) continue;
    // Until a late `end` or `clear` arrives, the playhead is assumed to go on.
    if (report.phase === 'playing')
      expect(report.heardSamples).toBeGreaterThanOrEqual(before.heardSamples);
    if (before.phase !== 'playing')
      expect(report).toMatchObject({ phase: before.phase, heardSamples: before.heardSamples });
  }
}

describe('over a network that loses, repeats and reorders', () => {
  it('[RP6] every report is true within its bound, and each response has one last report', () => {
    fc.assert(
      fc.property(
        fc.array(turnArbitrary, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(0, 0.1, 0.3),
        fc.constantFrom(0, 40),
        fc.constantFrom(0, 0.1, 0.3),
        fc.constantFrom(undefined, MISTAKEN),
        (turns, seed, loss, jitterMs, missed, mistaken) => {
          const faults = { loss, jitterMs, missed, repeats: true, mistaken };
          const simulation = new Simulation(seed, faults);
          simulation.tracker.setPlayedBy('graph');

          playAll(simulation, turns);

          for (const report of simulation.reports) expectTrue(simulation, report);
          for (const id of new Set(simulation.reports.map((report) => report.responseId)))
            expectSteady(simulation.of(id));
        },
      ),
      {
        numRuns: 150,
        examples: [
          [LATER_THAN_EXPECTED, 1, 0, 0, 0, MISTAKEN],
          [NEXT_ONSET, 78_848, 0, 0, 0.3, undefined],
          [LATE_ONSET, 96_278, 0, 0, 0.3, undefined],
        ],
      },
    );
  });
});
