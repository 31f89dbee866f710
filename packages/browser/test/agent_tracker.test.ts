import type { ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { HeardTrack } from '../src/reporter/response/heard_track.ts';
import type { Piece } from '../src/reporter/response/piece.ts';
import { CONTEXT_MS, type Faults, PER_MS, Simulation } from './support/tracker_simulation.ts';

/** Resembles itself a period later, and nothing else. */
const vowel = Int8Array.from({ length: 800 }, (_, at) => 90 * Math.sin((at * Math.PI) / 20));
const hiss = Int8Array.from({ length: 1200 }, (_, at) => 90 * Math.sin(at * at));

/** When the first response leaves. */
const AT_MS = CONTEXT_MS + 1000;

function listening(seed = 1, faults: Partial<Faults> = {}): Simulation {
  const simulation = new Simulation(seed, faults);
  simulation.tracker.setPlayedBy('graph');
  return simulation;
}

/** Start, length and phase of the last report, rounded. */
function lastReport(simulation: Simulation, id: string): unknown {
  const last = simulation.of(id).at(-1);
  if (!last) return undefined;
  const { startedAtMs, heardSamples, phase, evidence } = last;
  return { startedAtMs: Math.round(startedAtMs), heardMs: heardSamples / PER_MS, phase, evidence };
}

describe('what is reported of a response', () => {
  it('[RP3] its start, its playhead, and its end three times, each when it has sounded', () => {
    const simulation = listening();
    simulation.play('a', 2000, AT_MS);
    simulation.run(5000);

    const reports = simulation.of('a');
    const heard = reports.map((report) => report.heardSamples);
    expect(lastReport(simulation, 'a')).toEqual({
      startedAtMs: AT_MS + 120,
      heardMs: 2000,
      phase: 'ended',
      evidence: 'device',
    });
    expect(heard).toEqual([...heard].sort((one, other) => one - other));
    expect(reports.filter((report) => report.phase === 'ended')).toHaveLength(3);
    expect(reports.filter((report) => report.phase === 'playing').length).toBeGreaterThan(5);
    for (const { heardSamples, positionAtMs, phase } of reports) {
      const soundsAtMs = simulation.soundsAt('a', heardSamples - 1) ?? 0;
      expect(Math.abs(positionAtMs - soundsAtMs), phase).toBeLessThan(1);
    }
    const endedAtMs = simulation.sentAtMs[simulation.said.length - 3] ?? 0;
    expect(endedAtMs).toBeGreaterThanOrEqual(AT_MS + 2120);
  });

  it('[RP3] responses without a gap and after a silence, each by itself', () => {
    const simulation = listening();
    simulation.play('a', 900, AT_MS);
    simulation.play('b', 700, AT_MS + 900);
    simulation.play('c', 300, AT_MS + 30_000, { delayMs: 190 });
    simulation.run(35_000);

    expect(lastReport(simulation, 'a')).toMatchObject({ startedAtMs: AT_MS + 120, heardMs: 900 });
    expect(lastReport(simulation, 'b')).toMatchObject({ startedAtMs: AT_MS + 1020, heardMs: 700 });
    expect(lastReport(simulation, 'c')).toMatchObject({
      startedAtMs: AT_MS + 30_190,
      heardMs: 300,
    });
  });

  it('[RP3] a playhead stands still while nothing leaves the agent, and never passes what can have been sent', () => {
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

  it('[RP4] a start that was not found is computed from the next piece, with a wider bound', () => {
    const simulation = listening();
    simulation.play('a', 2000, AT_MS, { prints: false });
    simulation.fingerprint('a', 600, AT_MS + 600);
    simulation.run(5000);

    expect(lastReport(simulation, 'a')).toMatchObject({
      startedAtMs: AT_MS + 120,
      evidence: 'device',
    });
    expect(simulation.of('a')[0]?.errorBoundMs).toBeGreaterThan(25);
  });

  it('[RP4] a start that is not found is reported where it was expected, as an estimate; a later piece refines it', () => {
    const simulation = listening();
    simulation.play('a', 600, AT_MS);
    simulation.run(1900);
    simulation.play('b', 2000, AT_MS + 1500, { prints: false });
    // A fingerprint of other sound than what is heard.
    simulation.unlike('b', 0, AT_MS + 1500);
    simulation.fingerprint('b', 1200, AT_MS + 2700);
    simulation.run(5000);

    const reports = simulation.of('b');
    expect(reports[0]).toMatchObject({ evidence: 'estimate', phase: 'playing' });
    expect(Math.abs((reports[0]?.startedAtMs ?? 0) - (AT_MS + 1620))).toBeLessThan(30);
    expect(lastReport(simulation, 'b')).toMatchObject({
      evidence: 'device',
      phase: 'ended',
      heardMs: 2000,
    });
  });

  it('[RP4] a start that is not where it was expected, since the jitter buffer has shrunk, is within the bound of its estimate', () => {
    const simulation = listening();
    simulation.play('a', 600, AT_MS, { delayMs: 650 });
    simulation.play('b', 1500, AT_MS + 1500, { delayMs: 100 });
    simulation.run(6000);

    const truthMs = simulation.soundsAt('b', 0) ?? Number.NaN;
    const [first] = simulation.of('b');
    expect(first?.evidence).toBe('estimate');
    expect(Math.abs((first?.startedAtMs ?? 0) - truthMs)).toBeLessThan(30);
    expect(first?.errorBoundMs).toBeGreaterThan(550);
    for (const { startedAtMs, errorBoundMs } of simulation.of('b'))
      expect(Math.abs(startedAtMs - truthMs)).toBeLessThanOrEqual(errorBoundMs);
  });

  it('[RP16] a start found in the wrong period of its vowel is corrected by the next piece', () => {
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

  it('[RP16] a start whose correlation is much lower where the next piece implies it stays: the jitter buffer moved between them', () => {
    const simulation = listening(1, { mistaken: { byMs: 5, there: 0.95, here: 0.8 } });
    simulation.play('a', 2000, AT_MS);
    simulation.run(5000);

    expect(lastReport(simulation, 'a')).toMatchObject({ startedAtMs: AT_MS + 125, phase: 'ended' });
  });

  it('[RP16] a periodic piece confirms a start less exactly than another piece', () => {
    const boundMs = (second: Int8Array, secondFrame?: number): number | undefined => {
      const track = new HeardTrack('a' as ResponseId, 48_000);
      const match = { correlation: 0.95, isCertain: true, spreadMs: 0 };
      for (const [piece, frame] of [
        [track.addPiece(0, 0, vowel, 0), 96_000],
        [track.addPiece(7200, 150, second, 0), secondFrame],
      ] as const)
        if (piece && frame !== undefined) track.found(piece, { frame, ...match });
      return track.start?.boundMs;
    };

    const bounds = [boundMs(hiss), boundMs(vowel, 103_200), boundMs(hiss, 103_200)];
    expect(bounds).toEqual([17, 11, 1]);
    expect(boundMs(hiss, 103_500), 'nothing agrees').toBe(17);
  });

  it('[RP16] a start moved to where a periodic piece implies it may still be a period off, even if a piece between them arrives later', () => {
    const track = new HeardTrack('a' as ResponseId, 48_000);
    const first = track.addPiece(0, 0, vowel, 0) as Piece;
    const second = track.addPiece(7200, 150, vowel, 0) as Piece;
    track.found(first, { frame: 96_000, correlation: 0.95, isCertain: true, spreadMs: 0 });
    const recheck = track.found(second, {
      frame: 103_584,
      correlation: 0.95,
      isCertain: true,
      spreadMs: 0,
    });
    expect(recheck).toMatchObject({ piece: first, window: { fromFrame: 96_312, toFrame: 96_456 } });
    track.addPiece(4800, 100, hiss, 0);

    track.rechecked(first, { frame: 96_384, correlation: 0.88, isCertain: false, spreadMs: 0 });
    expect(track.start, 'much lower correlation').toMatchObject({ frame: 96_000, boundMs: 17 });
    track.rechecked(first, { frame: 96_384, correlation: 0.92, isCertain: false, spreadMs: 0 });
    expect(track.start).toMatchObject({ frame: 96_384, boundMs: 11 });
  });

  it('[RP4] a response of which nothing is known is not reported', () => {
    const simulation = listening();
    simulation.play('a', 800, AT_MS, { prints: false });
    simulation.run(60_000);

    expect(simulation.of('a')).toEqual([]);
  });
});

describe('a cut', () => {
  it('[RP5] is reported when what had been sent has sounded; later responses are reported at once, as never heard', () => {
    const simulation = listening();
    simulation.play('a', 3000, AT_MS);
    simulation.play('b', 1000, AT_MS + 3000);
    simulation.clearAt(AT_MS + 1000);
    simulation.run(5000);

    expect(lastReport(simulation, 'a')).toEqual({
      startedAtMs: AT_MS + 120,
      heardMs: 1000,
      phase: 'cut',
      evidence: 'device',
    });
    const cut = simulation.of('a').find((report) => report.phase === 'cut');
    expect(cut?.positionAtMs).toBeCloseTo(AT_MS + 1120, 0);
    expect(simulation.of('b')).toEqual([]);
  });

  it('[RP5] applies to what was announced before it, not to what came after', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS);
    simulation.announce('b', AT_MS + 700);
    simulation.clearAt(AT_MS + 800);
    simulation.play('c', 500, AT_MS + 950);
    simulation.run(4000);

    expect(lastReport(simulation, 'a')).toMatchObject({ phase: 'cut', heardMs: 800 });
    expect(simulation.of('b')[0]).toMatchObject({ phase: 'cut', heardSamples: 0 });
    expect(lastReport(simulation, 'c')).toMatchObject({ phase: 'ended', heardMs: 500 });
  });

  it('[RP5] of a response that has not sounded yet still reports what was sent of it', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS, { delayMs: 300 });
    simulation.clearAt(AT_MS + 200);
    simulation.run(4000);

    expect(lastReport(simulation, 'a')).toMatchObject({
      phase: 'cut',
      heardMs: 200,
      startedAtMs: AT_MS + 300,
    });
  });

  it('[RP5] before anything of the response was sent lets the one before play to its end', () => {
    const simulation = listening();
    simulation.play('a', 1000, AT_MS);
    simulation.announce('b', AT_MS + 900);
    simulation.say(AT_MS + 1050, { type: 'clear' });
    simulation.run(4000);

    expect(lastReport(simulation, 'a')).toMatchObject({ phase: 'ended', heardMs: 1000 });
    expect(simulation.of('b')[0]).toMatchObject({ phase: 'cut', heardSamples: 0 });
  });
});

describe('a pause', () => {
  it('[RP9] stands where what had been sent ends, and goes on from there', () => {
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

describe('whether this page listens', () => {
  it('[RP7] is announced when the track is heard, repeated when asked, and withdrawn', () => {
    const simulation = new Simulation(1);
    simulation.say(AT_MS, { type: 'ping', pingId: 4 });
    simulation.at(AT_MS + 100, () => simulation.tracker.setPlayedBy('graph'));
    simulation.say(AT_MS + 200, { type: 'welcome', sampleRateHz: 24_000 });
    simulation.say(AT_MS + 300, { type: 'ping', pingId: 5 });
    simulation.at(AT_MS + 400, () => simulation.tracker.setPlayedBy(undefined));
    simulation.say(AT_MS + 500, { type: 'welcome', sampleRateHz: 24_000 });
    simulation.at(AT_MS + 600, () => simulation.tracker.setPlayedBy('element'));
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

  it('[RP7] after the graph has stalled a response is found although its place is not known any more', () => {
    const simulation = listening();
    simulation.play('a', 600, AT_MS);
    simulation.run(3000);
    simulation.tracker.setPlayedBy(undefined);
    simulation.tracker.restarted();
    simulation.run(2000);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('b', 600, simulation.nowMs + 500, { delayMs: 420 });
    simulation.run(3000);

    expect(lastReport(simulation, 'b')).toMatchObject({
      phase: 'ended',
      evidence: 'device',
      heardMs: 600,
    });
  });
});
