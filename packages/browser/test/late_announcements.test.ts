import { describe, expect, it } from 'vitest';
import { CONTEXT_MS, PER_MS, Simulation } from './support/tracker_simulation.ts';

/** When the first response leaves. */
const AT_MS = CONTEXT_MS + 1000;

/** The agent announces on the reliable channel, which is slower than the one that carries fingerprints [RM13]. */
function listening(reliableLaterMs: number): Simulation {
  const simulation = new Simulation(1, { reliableLaterMs });
  simulation.tracker.setPlayedBy('graph');
  return simulation;
}

describe('announcements that arrive late', () => {
  it('[RP6] responses in their order, although their announcements arrive after a fingerprint of the first', () => {
    const simulation = listening(250);
    simulation.announce('a', AT_MS - 60);
    simulation.announce('b', AT_MS - 50);
    simulation.play('a', 2000, AT_MS);
    simulation.play('b', 700, AT_MS + 2000);
    simulation.run(5000);

    expect(simulation.of('a').at(-1)).toMatchObject({
      phase: 'ended',
      heardSamples: 2000 * PER_MS,
    });
    expect(simulation.of('b').at(-1)).toMatchObject({ phase: 'ended', heardSamples: 700 * PER_MS });
  });

  it('[RP6] a response whose end arrives before its announcement', () => {
    const simulation = listening(400);
    simulation.play('a', 300, AT_MS, { prints: false });
    simulation.fingerprint('a', 0, AT_MS + 300);
    simulation.run(3000);

    expect(simulation.of('a').at(-1)).toMatchObject({ phase: 'ended', heardSamples: 300 * PER_MS });
  });
});
