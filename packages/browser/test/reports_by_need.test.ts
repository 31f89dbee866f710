// Tests for SPEC.md, RP20: how often a playhead is reported.
import { describe, expect, it } from 'vitest';
import { CONTEXT_MS, PER_MS, Simulation } from './support/tracker_simulation.ts';

/** When the response leaves. */
const AT_MS = CONTEXT_MS + 1000;

describe('what is reported of a response', () => {
  it('[RP20] its playhead four times a second while it goes on as reported, and soon when it does not', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 4000, AT_MS);
    simulation.at(AT_MS + 2000, () => simulation.pauseAt(AT_MS + 2000, 500));
    simulation.run(7000);

    const playing = simulation.of('a').filter(({ phase }) => phase === 'playing');
    expect(playing.length).toBeGreaterThan(15);
    expect(playing.length).toBeLessThan(26);
    const goesOnAtMs = AT_MS + 2000 + 500 + 120;
    const stands = playing.find(({ heardSamples }) => heardSamples === 2000 * PER_MS);
    expect(stands?.positionAtMs).toBeLessThan(AT_MS + 2000 + 120 + 250);
    const after = playing.find(({ heardSamples }) => heardSamples > 2000 * PER_MS);
    expect(after?.positionAtMs).toBeLessThan(goesOnAtMs + 150);
  });

  it('[RP20] nothing that is repeated, while the agent has sent nothing for 3 s', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 12_000, AT_MS, { prints: false });
    for (const atMs of [0, 200]) simulation.fingerprint('a', atMs, AT_MS + atMs);
    simulation.run(11_000);

    const sentIn = (fromMs: number, toMs: number): number =>
      simulation.sentAtMs.filter((atMs) => atMs > AT_MS + fromMs && atMs < AT_MS + toMs).length;
    expect(sentIn(1000, 3000)).toBeGreaterThan(5);
    expect(sentIn(4000, 8000)).toBe(0);
    // Its end has been announced.
    expect(sentIn(8500, 10_000)).toBeGreaterThan(0);
  });
});
