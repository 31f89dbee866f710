import { expect, it } from 'vitest';
import { CONTEXT_MS, Simulation } from './support/tracker_simulation.ts';

/** When the page begins to listen. */
const AT_MS = CONTEXT_MS + 1000;

it('[AU10] a page that is muted stays here and says so, again after each hello', () => {
  const simulation = new Simulation(1);
  simulation.at(AT_MS, () => simulation.tracker.setPlayedBy('graph', true));
  simulation.at(AT_MS + 100, () => simulation.tracker.setPlayedBy('graph', true));
  simulation.say(AT_MS + 200, { type: 'welcome', sampleRateHz: 24_000 });
  simulation.at(AT_MS + 300, () => simulation.tracker.setPlayedBy('graph', false));
  simulation.run(2000);

  const said = simulation.said.map((one) =>
    one.type === 'audibility' ? `${one.audibility} ${one.sinceMs - AT_MS}` : one.type,
  );
  expect(said).toEqual(['hello', 'muted 0', 'hello', 'muted 215', 'listening 300']);
});
