import { describe, expect, it } from 'vitest';
import { CONTEXT_MS, PER_MS, Simulation } from './support/tracker_simulation.ts';

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

describe('a page that stood still is called before it gets what has come meanwhile', () => {
  const CUT_MS = AT_MS + 900;
  const STILL_MS = 500;

  /** The page stands still from shortly before a cut on. */
  function cutWhileStill(): { readonly simulation: Simulation; readonly saidMs: number } {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 2000, AT_MS);
    simulation.clearAt(CUT_MS);
    let saidMs = 0;
    const ask = (): void => {
      saidMs = (simulation.tracker.playhead()?.heardSamples ?? 0) / PER_MS;
    };
    simulation.standStill(CUT_MS - 50, STILL_MS, ask);
    simulation.run(4000);
    return { simulation, saidMs };
  }

  it('[RP22] its playhead does not pass what was rendered when it last learned of it: a cut may be among what waits', () => {
    const { simulation, saidMs } = cutWhileStill();

    expect(saidMs).toBeGreaterThan(700);
    expect(saidMs).toBeLessThanOrEqual(900);
    expect(simulation.of('a').at(-1)).toMatchObject({ phase: 'cut', heardSamples: 900 * PER_MS });
    for (const { heardSamples } of simulation.of('a'))
      expect(heardSamples).toBeLessThanOrEqual(900 * PER_MS);
  });

  it('[RP22] a position that it reports holds at the instant for which it is reported', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 2000, AT_MS);
    // A message comes first, and with it reports.
    simulation.standStill(AT_MS + 900, STILL_MS, () => void simulation.tracker.take('no message'));
    simulation.announce('b', AT_MS + 870);
    simulation.run(4000);

    const playing = simulation.of('a').filter(({ phase }) => phase === 'playing');
    expect(playing.length).toBeGreaterThan(4);
    for (const { heardSamples, positionAtMs } of playing) {
      const soundsAtMs = simulation.soundsAt('a', heardSamples - 1) ?? 0;
      expect(Math.abs(positionAtMs - soundsAtMs)).toBeLessThan(2);
    }
  });
});

describe('before a piece of a response has been found', () => {
  /** A first response, then a second one, asked for its playhead every 7 ms in its first 120 ms. */
  function ask(change: (simulation: Simulation) => void): {
    readonly simulation: Simulation;
    readonly errorsMs: readonly (number | undefined)[];
  } {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 900, AT_MS);
    change(simulation);
    const errorsMs: (number | undefined)[] = [];
    const startMs = AT_MS + 1500 + 120;
    for (let atMs = startMs + 25; atMs < startMs + 120; atMs += 7)
      simulation.at(atMs, () => {
        const position = simulation.tracker.playhead();
        const sounded = (simulation.nowMs - startMs) * PER_MS;
        errorsMs.push(position && (position.heardSamples - sounded) / PER_MS);
      });
    simulation.run(4500);
    return { simulation, errorsMs };
  }

  it('[CP11] a response has the position that is expected by how long earlier audio was on its way', () => {
    const { simulation, errorsMs } = ask((one) => one.play('b', 900, AT_MS + 1500));

    expect(errorsMs.length).toBeGreaterThan(10);
    for (const errorMs of errorsMs) expect(Math.abs(errorMs ?? 99)).toBeLessThan(2);
    const [report] = simulation.of('b');
    expect(report?.evidence).toBe('device');
    const reportedAtMs = simulation.sentAtMs[simulation.said.indexOf(report as never)] ?? 0;
    expect(simulation.begunAtMs.get('b')).toBeLessThan(reportedAtMs - 50);
  });

  it('[CP11] it has none while there is no sound where it is expected', () => {
    const { simulation, errorsMs } = ask((one) =>
      one.play('b', 900, AT_MS + 1500, { delayMs: 260 }),
    );

    expect(new Set(errorsMs)).toEqual(new Set([undefined]));
    expect(simulation.of('b').at(-1)?.phase).toBe('ended');
  });

  it('[CP11] it has none if nothing of it had left when it was cut', () => {
    const { errorsMs } = ask((one) => {
      one.play('b', 900, AT_MS + 1500);
      one.clearAt(AT_MS + 1490);
    });

    expect(new Set(errorsMs)).toEqual(new Set([undefined]));
  });

  it('[CP11] the first response of a session has none: how long audio is on its way is not known', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 900, AT_MS);
    simulation.run(1000 + 120 + 60);

    expect(simulation.tracker.playhead()).toBeUndefined();
  });
});
