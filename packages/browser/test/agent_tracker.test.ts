import type { ResponseId } from '@oncue/core';
import type { Playhead } from '@oncue/core/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeardTrack, type Piece } from '../src/reporter/heard_track.ts';
import { CONTEXT_MS, type Faults, PER_MS, Simulation } from './support/ear_simulation.ts';

/** Looks like itself a period on, and like nothing else. */
const vowel = Int8Array.from({ length: 800 }, (_, at) => 90 * Math.sin((at * Math.PI) / 20));
const hiss = Int8Array.from({ length: 1200 }, (_, at) => 90 * Math.sin(at * at));

/** An estimate is off by no more than the window in which it was looked for. */
const WINDOW_MS = 260;

/** When the first response leaves. */
const AT_MS = CONTEXT_MS + 1000;

function listening(seed = 1, faults: Partial<Faults> = {}): Simulation {
  const simulation = new Simulation(seed, faults);
  simulation.ear.audible('graph');
  return simulation;
}

/** Start, length and phase of the last report, rounded. */
function told(simulation: Simulation, id: string): unknown {
  const last = simulation.of(id).at(-1);
  if (!last) return undefined;
  const { startedAtMs, heardSamples, phase, evidence } = last;
  return { startedAtMs: Math.round(startedAtMs), heardMs: heardSamples / PER_MS, phase, evidence };
}

describe('what is reported of a response', () => {
  it('[RP3] its start, its playhead every 100 ms, and its end three times, each when it has sounded', () => {
    const simulation = listening();
    simulation.play('a', 2000, AT_MS);
    simulation.run(5000);

    const reports = simulation.of('a');
    const heard = reports.map((report) => report.heardSamples);
    expect(told(simulation, 'a')).toEqual({
      startedAtMs: AT_MS + 120,
      heardMs: 2000,
      phase: 'ended',
      evidence: 'device',
    });
    expect(heard).toEqual([...heard].sort((one, other) => one - other));
    expect(reports.filter((report) => report.phase === 'ended')).toHaveLength(3);
    expect(reports.filter((report) => report.phase === 'playing').length).toBeGreaterThan(14);
    for (const { heardSamples, positionAtMs, phase } of reports) {
      const soundsAtMs = simulation.soundsAt('a', heardSamples - 1) ?? 0;
      expect(Math.abs(positionAtMs - soundsAtMs), phase).toBeLessThan(1);
    }
    const endedAtMs = simulation.sentAtMs[simulation.said.length - 3] ?? 0;
    expect(endedAtMs).toBeGreaterThanOrEqual(AT_MS + 2120);
  });

  it('[RP3] responses without a gap and behind a silence, each by itself', () => {
    const simulation = listening();
    simulation.play('a', 900, AT_MS);
    simulation.play('b', 700, AT_MS + 900);
    simulation.play('c', 300, AT_MS + 30_000, { delayMs: 190 });
    simulation.run(35_000);

    expect(told(simulation, 'a')).toMatchObject({ startedAtMs: AT_MS + 120, heardMs: 900 });
    expect(told(simulation, 'b')).toMatchObject({ startedAtMs: AT_MS + 1020, heardMs: 700 });
    expect(told(simulation, 'c')).toMatchObject({ startedAtMs: AT_MS + 30_190, heardMs: 300 });
  });

  it('[RP3] a playhead stands where nothing has left the agent, and never runs past what can have been sent', () => {
    const simulation = listening();
    simulation.play('a', 3000, AT_MS, { gapAtMs: 1200, gapMs: 900 });
    simulation.run(7000);

    for (const { heardSamples, positionAtMs } of simulation.of('a')) {
      const soundsAtMs = simulation.soundsAt('a', Math.max(0, heardSamples - 1)) ?? 0;
      // Between two fingerprints a break is not known yet.
      expect(soundsAtMs - positionAtMs).toBeLessThan(920);
    }
    const last = simulation.of('a').at(-1);
    expect(last).toMatchObject({ phase: 'ended', heardSamples: 3000 * PER_MS });
    expect(last?.positionAtMs).toBeCloseTo(AT_MS + 3000 + 900 + 120, 0);
  });

  it('[RP4] a start that was missed is told by the next piece, and less sure', () => {
    const simulation = listening();
    simulation.play('a', 2000, AT_MS, { prints: false });
    simulation.fingerprint('a', 600, AT_MS + 600);
    simulation.run(5000);

    expect(told(simulation, 'a')).toMatchObject({ startedAtMs: AT_MS + 120, evidence: 'device' });
    expect(simulation.of('a')[0]?.errorBoundMs).toBeGreaterThan(25);
  });

  it('[RP4] one that is nowhere found is told where it was expected, as an estimate; a piece refines it', () => {
    const simulation = listening();
    simulation.play('a', 600, AT_MS);
    simulation.run(1900);
    simulation.play('b', 2000, AT_MS + 1500, { prints: false });
    // Of other sound than what is heard.
    simulation.unlike('b', 0, AT_MS + 1500);
    simulation.fingerprint('b', 1200, AT_MS + 2700);
    simulation.run(5000);

    const reports = simulation.of('b');
    expect(reports[0]).toMatchObject({ evidence: 'estimate', phase: 'playing' });
    expect(Math.abs((reports[0]?.startedAtMs ?? 0) - (AT_MS + 1620))).toBeLessThan(30);
    expect(told(simulation, 'b')).toMatchObject({
      evidence: 'device',
      phase: 'ended',
      heardMs: 2000,
    });
  });

  it('[RP4] a start that was taken for another period of its vowel is put right by the piece behind it', () => {
    for (const byMs of [-11, -5, 5, 16]) {
      const simulation = listening(1, { mistaken: { byMs, there: 0.95, here: 0.9 } });
      simulation.play('a', 2000, AT_MS);
      simulation.run(5000);

      const [first] = simulation.of('a');
      expect(Math.round(first?.startedAtMs ?? 0)).toBe(AT_MS + 120 + byMs);
      expect(first?.errorBoundMs).toBeGreaterThan(Math.abs(byMs));
      const last = simulation.of('a').at(-1);
      expect(Math.round(last?.startedAtMs ?? 0)).toBe(AT_MS + 120);
      expect(last?.errorBoundMs).toBeLessThan((first?.errorBoundMs ?? 0) - 5);
    }
  });

  it('[RP4] where a start is clearly liker than where the piece behind it says, the buffer moved between them', () => {
    const simulation = listening(1, { mistaken: { byMs: 5, there: 0.95, here: 0.8 } });
    simulation.play('a', 2000, AT_MS);
    simulation.run(5000);

    expect(told(simulation, 'a')).toMatchObject({ startedAtMs: AT_MS + 125, phase: 'ended' });
  });

  it('[RP4] a piece of a steady vowel speaks less for where the start was found than another', () => {
    const boundMs = (second: Int8Array, secondFrame?: number): number | undefined => {
      const track = new HeardTrack('a' as ResponseId, 48_000);
      const place = { likeness: 0.95, isSure: true };
      for (const [piece, frame] of [
        [track.addPiece(0, 0, vowel), 96_000],
        [track.addPiece(7200, 150, second), secondFrame],
      ] as const)
        if (piece && frame !== undefined) track.found(piece, { frame, ...place });
      return track.start?.boundMs;
    };

    const bounds = [boundMs(hiss), boundMs(vowel, 103_200), boundMs(hiss, 103_200)];
    expect(bounds).toEqual([17, 11, 1]);
    expect(boundMs(hiss, 103_500), 'nothing agrees').toBe(17);
  });

  it('[RP4] a start that is moved to where a steady piece puts it may still be a period off, whatever comes between', () => {
    const track = new HeardTrack('a' as ResponseId, 48_000);
    const first = track.addPiece(0, 0, vowel) as Piece;
    const second = track.addPiece(7200, 150, vowel) as Piece;
    track.found(first, { frame: 96_000, likeness: 0.95, isSure: true });
    const doubt = track.found(second, { frame: 103_584, likeness: 0.95, isSure: true });
    expect(doubt).toMatchObject({ piece: first, window: { fromFrame: 96_312, toFrame: 96_456 } });
    track.addPiece(4800, 100, hiss);

    track.compared(first, { frame: 96_384, likeness: 0.88, isSure: false });
    expect(track.start, 'much less alike').toMatchObject({ frame: 96_000, boundMs: 17 });
    track.compared(first, { frame: 96_384, likeness: 0.92, isSure: false });
    expect(track.start).toMatchObject({ frame: 96_384, boundMs: 11 });
  });

  it('[RP4] of one of which nothing is known nothing is told', () => {
    const simulation = listening();
    simulation.play('a', 800, AT_MS, { prints: false });
    simulation.run(60_000);

    expect(simulation.of('a')).toEqual([]);
  });
});

describe('what is cut', () => {
  it('[RP5] is told when what had left has sounded, and what lies behind it at once, as never heard', () => {
    const simulation = listening();
    simulation.play('a', 3000, AT_MS);
    simulation.play('b', 1000, AT_MS + 3000);
    simulation.clearAt(AT_MS + 1000);
    simulation.run(5000);

    expect(told(simulation, 'a')).toEqual({
      startedAtMs: AT_MS + 120,
      heardMs: 1000,
      phase: 'cut',
      evidence: 'device',
    });
    const cut = simulation.of('a').find((report) => report.phase === 'cut');
    expect(cut?.positionAtMs).toBeCloseTo(AT_MS + 1120, 0);
    expect(simulation.of('b')).toEqual([]);
  });

  it('[RP5] takes what was announced before it, not what came after', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS);
    simulation.announce('b', AT_MS + 700);
    simulation.clearAt(AT_MS + 800);
    simulation.play('c', 500, AT_MS + 950);
    simulation.run(4000);

    expect(told(simulation, 'a')).toMatchObject({ phase: 'cut', heardMs: 800 });
    expect(simulation.of('b')[0]).toMatchObject({ phase: 'cut', heardSamples: 0 });
    expect(told(simulation, 'c')).toMatchObject({ phase: 'ended', heardMs: 500 });
  });

  it('[RP5] before it sounded, and found all the same', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS, { delayMs: 300 });
    simulation.clearAt(AT_MS + 200);
    simulation.run(4000);

    expect(told(simulation, 'a')).toMatchObject({
      phase: 'cut',
      heardMs: 200,
      startedAtMs: AT_MS + 300,
    });
  });

  it('[RP5] with nothing of it having left: the one before plays to its end', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS);
    simulation.announce('b', AT_MS + 900);
    simulation.say(AT_MS + 1050, { type: 'clear' });
    simulation.run(4000);

    expect(told(simulation, 'a')).toMatchObject({ phase: 'ended', heardMs: 1000 });
    expect(simulation.of('b')[0]).toMatchObject({ phase: 'cut', heardSamples: 0 });
  });
});

describe('a pause', () => {
  it('[RP9] stands where what had left ended, and goes on from there', () => {
    const simulation = listening();
    simulation.play('a', 1200, AT_MS);
    simulation.pauseAt(AT_MS + 700, 2000);
    simulation.run(9000);

    const standing = simulation
      .of('a')
      .filter(({ positionAtMs }) => positionAtMs > AT_MS + 900 && positionAtMs < AT_MS + 2700);
    expect(standing.length).toBeGreaterThan(5);
    for (const { heardSamples } of standing) expect(heardSamples / PER_MS).toBe(700);
    const last = simulation.of('a').at(-1);
    expect(last).toMatchObject({ phase: 'ended', heardSamples: 1200 * PER_MS });
    expect(Math.abs((last?.positionAtMs ?? 0) - (AT_MS + 3320))).toBeLessThan(60);
  });
});

describe('whether somebody listens', () => {
  it('[RP7] is said when the track is heard, again when asked, and taken back', () => {
    const simulation = new Simulation(1);
    simulation.say(AT_MS, { type: 'ping', pingId: 4 });
    simulation.at(AT_MS + 100, () => simulation.ear.audible('graph'));
    simulation.say(AT_MS + 200, { type: 'welcome', sampleRateHz: 24_000 });
    simulation.say(AT_MS + 300, { type: 'ping', pingId: 5 });
    simulation.at(AT_MS + 400, () => simulation.ear.audible(undefined));
    simulation.say(AT_MS + 500, { type: 'welcome', sampleRateHz: 24_000 });
    simulation.at(AT_MS + 600, () => simulation.ear.audible('element'));
    simulation.run(3000);

    expect(simulation.said.map(({ type }) => type)).toEqual([
      'hello',
      'hello',
      'pong',
      'bye',
      'hello',
    ]);
    expect(simulation.said[2]).toMatchObject({ pingId: 5, receivedAtMs: AT_MS + 315 });
    expect(simulation.said.at(-1)).toMatchObject({ playedBy: 'element' });
  });

  it('[RP7] a graph that stood still finds again what it did not know where to look for', () => {
    const simulation = listening();
    simulation.play('a', 600, AT_MS);
    simulation.run(3000);
    simulation.ear.audible(undefined);
    simulation.ear.restarted();
    simulation.run(2000);
    simulation.ear.audible('graph');
    simulation.play('b', 600, simulation.nowMs + 500, { delayMs: 420 });
    simulation.run(3000);

    expect(told(simulation, 'b')).toMatchObject({
      phase: 'ended',
      evidence: 'device',
      heardMs: 600,
    });
  });
});

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

/** Plays turns one behind the other, to their ends or cuts. */
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

/** The playhead goes on, and the last word stays. */
function expectSteady(reports: readonly Playhead[]): void {
  for (const [index, report] of reports.entries()) {
    const before = reports[index - 1];
    if (!before) continue;
    // Until a late `end` or `clear` comes, a playhead is taken to go on.
    if (report.phase === 'playing')
      expect(report.heardSamples).toBeGreaterThanOrEqual(before.heardSamples);
    if (before.phase !== 'playing')
      expect(report).toMatchObject({ phase: before.phase, heardSamples: before.heardSamples });
  }
}

describe('over a network that loses, repeats and reorders', () => {
  it('[RP6] every report is true within its bound, and each response has one last word', () => {
    fc.assert(
      fc.property(
        fc.array(turnArbitrary, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(0, 0.1, 0.3),
        fc.constantFrom(0, 40),
        fc.constantFrom(0, 0.1, 0.3),
        fc.constantFrom(undefined, { byMs: -8, there: 0.95, here: 0.93 }),
        (turns, seed, loss, jitterMs, missed, mistaken) => {
          const faults = { loss, jitterMs, missed, repeats: true, mistaken };
          const simulation = listening(seed, faults);

          playAll(simulation, turns);

          for (const report of simulation.reports) expectTrue(simulation, report);
          for (const id of new Set(simulation.reports.map((report) => report.responseId)))
            expectSteady(simulation.of(id));
        },
      ),
      { numRuns: 150 },
    );
  });
});
