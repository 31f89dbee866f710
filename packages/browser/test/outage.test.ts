// What a page says of a response that a network took away.
import type { ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { Page } from './support/captions_page.ts';
import { CONTEXT_MS, PER_MS, Simulation } from './support/tracker_simulation.ts';

/** When the response leaves, how long it is, and after how much of it the network goes away. */
const AT_MS = CONTEXT_MS + 1000;
const LONG_MS = 16_000;
const HEARD_MS = 1500;

interface Outage {
  readonly simulation: Simulation;
  /** The farthest position that a caption could show. */
  readonly mostMs: () => number;
}

/** The length of the response was told before: its voice was faster than playback. */
function outage(forMs: number, lengthMs = LONG_MS): Outage {
  const simulation = new Simulation(1);
  simulation.tracker.setPlayedBy('graph');
  simulation.play('a', lengthMs, AT_MS);
  simulation.say(AT_MS, {
    type: 'end',
    responseId: 'a' as ResponseId,
    totalSamples: lengthMs * PER_MS,
  });
  let mostMs = 0;
  for (let atMs = AT_MS; atMs < AT_MS + lengthMs + forMs; atMs += 50)
    simulation.at(atMs, () => {
      const { responseId, heardMs = 0 } = simulation.tracker.playhead() ?? {};
      if (responseId === 'a') mostMs = Math.max(mostMs, heardMs);
    });
  simulation.awayFor(AT_MS + HEARD_MS, forMs);
  return { simulation, mostMs: () => mostMs };
}

const endsOf = (simulation: Simulation): number =>
  simulation.of('a').filter(({ phase }) => phase !== 'playing').length;

describe('a network that goes away in the middle of a response', () => {
  it('[RP23] no end is reported of which nothing was found, and the playhead stops where the sound stopped', () => {
    const { simulation, mostMs } = outage(30_000);
    simulation.run(45_000);

    expect(endsOf(simulation)).toBe(0);
    expect(mostMs()).toBeGreaterThan(HEARD_MS - 50);
    expect(mostMs()).toBeLessThan(HEARD_MS + 100);
    expect(simulation.tracker.playhead(), 'nothing sounds').toBeUndefined();
  });

  it('[RP23] neither a fingerprint near the end that arrives late nor a later response changes that', () => {
    const { simulation, mostMs } = outage(30_000);
    const backMs = AT_MS + HEARD_MS + 30_000;
    simulation.at(backMs, () => {
      simulation.fingerprint('a', LONG_MS - 200, AT_MS + LONG_MS - 200);
      simulation.play('b', 900, backMs + 500);
    });
    simulation.run(45_000);

    expect(simulation.of('b').at(-1)?.phase).toBe('ended');
    expect(endsOf(simulation)).toBe(0);
    expect(mostMs()).toBeLessThan(HEARD_MS + 100);
  });

  it('[RP23] nor is it reported if the network goes away shortly before it', () => {
    const { simulation, mostMs } = outage(30_000, HEARD_MS + 1000);
    const backMs = AT_MS + HEARD_MS + 30_000;
    simulation.at(backMs, () => simulation.play('b', 900, backMs + 500));
    simulation.run(45_000);

    expect(simulation.of('b').at(-1)?.phase).toBe('ended');
    expect(endsOf(simulation)).toBe(0);
    expect(mostMs()).toBeLessThan(HEARD_MS + 100);
  });

  it('[RP23] a response that lies wholly in the outage has no start, though its messages arrive and another one sounds', () => {
    const { simulation } = outage(30_000, HEARD_MS);
    const backMs = AT_MS + HEARD_MS + 30_000;
    simulation.at(backMs, () => {
      simulation.announce('b', backMs);
      simulation.play('c', 3000, backMs + 500);
    });
    // When the next one already sounds, and nothing of it has been found.
    simulation.at(backMs + 640, () => {
      for (const atMs of [0, 100]) simulation.fingerprint('b', atMs, AT_MS + 10_000 + atMs);
    });
    simulation.run(45_000);

    expect(simulation.of('c').at(-1)?.phase).toBe('ended');
    expect(simulation.of('b').filter(({ heardSamples }) => heardSamples > 0)).toEqual([]);
  });

  it.each([
    ['late', 0],
    ['in time', 1],
  ] as const)(
    '[RP23] shortly before the end it goes away for a second: a fingerprint that arrives %s shows the end %s times',
    (when, ends) => {
      const lengthMs = HEARD_MS + 800;
      const { simulation } = outage(1000, lengthMs);
      const nearMs = lengthMs - 250;
      const arrivesMs = AT_MS + (when === 'late' ? HEARD_MS + 1001 : nearMs);
      simulation.at(arrivesMs, () => simulation.fingerprint('a', nearMs, AT_MS + nearMs));
      simulation.run(10_000);

      expect(endsOf(simulation)).toBe(3 * ends);
      // Nor does any other report say that the page has heard all of it.
      const most = Math.max(...simulation.of('a').map(({ heardSamples }) => heardSamples));
      expect(most === lengthMs * PER_MS).toBe(ends === 1);
    },
  );

  it('[RP23] what comes after an outage is found again, and then the end is reported', () => {
    const { simulation } = outage(5000);
    simulation.run(30_000);

    expect(simulation.of('a').at(-1)).toMatchObject({
      phase: 'ended',
      heardSamples: LONG_MS * PER_MS,
    });
  });

  it('[RP23] an end that is quiet is reported, since the fingerprint near it arrived', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.play('a', 3000, AT_MS, { prints: false });
    for (const atMs of [0, 200, 800]) simulation.fingerprint('a', atMs, AT_MS + atMs);
    for (const atMs of [1500, 2100, 2800]) simulation.unlike('a', atMs, AT_MS + atMs);
    simulation.cutAt(AT_MS + 1400);
    simulation.run(6000);

    expect(simulation.of('a').at(-1)).toMatchObject({
      phase: 'ended',
      heardSamples: 3000 * PER_MS,
      evidence: 'estimate',
    });
  });
});

describe('a track that is replaced by another one', () => {
  it('[RP3] a piece that was looked for in the old one does not keep its response open for ever', () => {
    const simulation = new Simulation(1);
    simulation.tracker.setPlayedBy('graph');
    simulation.announce('a', AT_MS);
    simulation.fingerprint('a', 0, AT_MS);
    simulation.at(AT_MS + 60, () => simulation.tracker.restarted());
    simulation.run(40_000);
    // Nothing of this one is found either: its start is where sound begins, if no other response may begin there.
    const laterMs = simulation.nowMs + 1000;
    simulation.play('b', 3000, laterMs, { prints: false });
    simulation.unlike('b', 0, laterMs);
    simulation.run(5000);

    expect(simulation.of('b')[0]).toMatchObject({ evidence: 'estimate', phase: 'playing' });
  });
});

describe('the captions of such a page', () => {
  it('[RP24] words pass as far as there was sound, whatever a report says of the position', () => {
    const page = new Page();
    page.shareResponse();
    page.shareMarks([0, 900], [1, 1900]);
    page.hear(1200);
    page.report(2500);
    expect(page.response).toMatchObject({ heardWords: 1, heardText: 'One' });
    expect(page.marks).toEqual(['mark m0']);
    page.move(2000);
    expect(page.response?.heardWords).toBe(2);
  });

  it('[RP24] the agent is not `speaking` in the page while nothing sounds there, though no end is known', () => {
    const page = new Page();
    page.say('speaking');
    page.shareResponse();
    page.hear(1200);
    page.position = undefined;
    page.say('listening');

    expect(page.captions.agentState).toBe('listening');
    expect(page.response?.status).toBe('playing');
  });
});
