// The browser fills gaps of the agent's audio with sound of its own.
import { describe, expect, it } from 'vitest';
import { CONTEXT_MS, PER_MS, Simulation } from './support/tracker_simulation.ts';

/** When the response leaves, and after how much of it the packets stay away. */
const AT_MS = CONTEXT_MS + 1000;
const GAP_AT_MS = 1000;
const GAP_MS = 300;
/** From leaving to being heard. */
const HEARD_MS = 120;
/** By so much the words may be ahead of what was heard, and behind. */
const AHEAD_MS = 60;
const BEHIND_MS = 20;

/** How far the playhead of the page was ahead of what had been heard, every 7 ms. The last pieces are found before the gap. */
function gap(packets: 'lost' | 'late', firstRtp: number | undefined): readonly number[] {
  const simulation = new Simulation(1, { firstRtp });
  simulation.tracker.setPlayedBy('graph');
  simulation.play('a', 3000, AT_MS, { prints: false });
  for (const atMs of [0, 200, 800]) simulation.fingerprint('a', atMs, AT_MS + atMs);
  simulation.conceal(AT_MS + GAP_AT_MS, GAP_MS, packets);
  const aheadMs: number[] = [];
  for (let atMs = AT_MS + 400; atMs < AT_MS + 2000; atMs += 7)
    simulation.at(atMs, () => {
      const saidMs = (simulation.tracker.playhead()?.heardSamples ?? 0) / PER_MS;
      const playedMs = simulation.nowMs - AT_MS - HEARD_MS;
      const sinceMs = Math.max(0, playedMs - GAP_AT_MS);
      const isLost = packets === 'lost' && sinceMs >= GAP_MS;
      // Lost packets have passed when the browser takes the next one, a little before it is heard.
      if (packets === 'lost' && Math.abs(sinceMs - GAP_MS) < 45) return;
      aheadMs.push(saidMs - playedMs + (isLost ? 0 : Math.min(sinceMs, GAP_MS)));
    });
  simulation.run(2900);
  return aheadMs;
}

describe.each(['lost', 'late'] as const)('a gap of which the packets are %s', (packets) => {
  it('[RP25] moves no word on, and what follows is where its packets say', () => {
    const aheadMs = gap(packets, 1000);

    expect(Math.max(...aheadMs)).toBeLessThan(AHEAD_MS);
    expect(Math.min(...aheadMs), 'nor does the playhead fall behind').toBeGreaterThan(-BEHIND_MS);
  });

  it('[RP25] of a browser that does not say which packets it plays the page counts the gap as heard', () => {
    expect(Math.max(...gap(packets, undefined))).toBeGreaterThan(GAP_MS - AHEAD_MS);
  });
});

it('[RP25] where the packets go on, the playhead is the same as without them, also when their timestamps begin again', () => {
  for (const firstRtp of [undefined, 0, 2 ** 32 - 2 * 48_000]) {
    const simulation = new Simulation(1, { firstRtp });
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 2000, AT_MS);
    const errorsMs: number[] = [];
    for (let atMs = AT_MS + 400; atMs < AT_MS + 2110; atMs += 7)
      simulation.at(atMs, () => {
        const { heardSamples = 0 } = simulation.tracker.playhead() ?? {};
        const soundsAtMs = simulation.soundsAt('a', heardSamples) ?? 0;
        errorsMs.push(Math.abs(soundsAtMs - simulation.nowMs));
      });
    simulation.run(4000);

    expect(errorsMs.length).toBeGreaterThan(200);
    expect(Math.max(...errorsMs)).toBeLessThan(2);
  }
});

it('[RP25] a track that is replaced has other timestamps, which are not compared with those before', () => {
  const firstRtp = 2 ** 31;
  const simulation = new Simulation(1, { firstRtp });
  simulation.tracker.setPlayedBy('graph');
  simulation.play('a', 3000, AT_MS, { prints: false });
  for (const atMs of [0, 200, 800]) simulation.fingerprint('a', atMs, AT_MS + atMs);
  simulation.at(AT_MS + HEARD_MS + 1100, () => {
    simulation.tracker.restarted();
    // Compared with those before, the packets would have brought 600 ms less than they have.
    simulation.restartPackets(firstRtp - 600 * 48);
  });
  // Since the last piece more than 600 ms have sounded, and the response goes on.
  simulation.run(AT_MS - CONTEXT_MS + HEARD_MS + 2000);

  const saidMs = (simulation.tracker.playhead()?.heardSamples ?? 0) / PER_MS;
  expect(Math.abs(saidMs - 2000)).toBeLessThan(25);
});
