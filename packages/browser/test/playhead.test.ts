import { expect, it } from 'vitest';
import { CONTEXT_MS, Simulation } from './support/tracker_simulation.ts';

/** When the response leaves. */
const AT_MS = CONTEXT_MS + 1000;

it('[CP7] the playhead is computed for the instant at which it is asked, also between two reports', () => {
  const simulation = new Simulation(1);
  simulation.tracker.setPlayedBy('graph');
  simulation.play('a', 2000, AT_MS);
  const errorsMs: number[] = [];
  for (let atMs = AT_MS + 400; atMs < AT_MS + 2110; atMs += 7)
    simulation.at(atMs, () => {
      const { heardSamples = 0 } = simulation.tracker.playhead() ?? {};
      const soundsAtMs = simulation.soundsAt('a', heardSamples) ?? 0;
      errorsMs.push(Math.abs(soundsAtMs - simulation.nowMs));
    });
  simulation.run(2000);
  expect(simulation.tracker.playhead()).toMatchObject({ responseId: 'a', sampleRateHz: 24_000 });
  simulation.run(4000);

  expect(errorsMs.length).toBeGreaterThan(200);
  expect(Math.max(...errorsMs)).toBeLessThan(2);
  expect(simulation.tracker.playhead()).toBeUndefined();
});
