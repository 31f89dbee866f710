import type { Happening, History, ListenerSetup } from './history.ts';
import { Random } from './random.ts';

/** Not of the same numbers as the rest of the history, and none with which a seed of an older regression would mean something else. */
const OTHER_SEED = 0x9b05688c;

/** What can happen to an output of LiveKit too. It is part of the agent's process: its clock is the agent's. */
const HAPPENS_TO_CARRIERS: readonly Happening['do'][] = [
  'turn',
  'cut',
  'pause',
  'close',
  'path_told',
  'agent_stalls',
  'stall',
  'sleep',
  'partition',
  'latency',
];

/** Puts an output of LiveKit in the place of the listeners, or changes in the middle what is thought of what is unreported. */
export function withCarrier(history: History): History {
  const random = new Random(history.seed ^ OTHER_SEED);
  const share = random.share();
  if (share < 0.08) return playedByCarrier(history, random);
  if (share < 0.12) return toldUnreported(history, random);
  return history;
}

function playedByCarrier(history: History, random: Random): History {
  const { setup } = history;
  const happenings = history.happenings.filter(
    (one) => HAPPENS_TO_CARRIERS.includes(one.do) && (!('listener' in one) || one.listener === 0),
  );
  const drawn: Happening[] = [];
  if (random.chance(0.5)) drawn.push({ atMs: soon(random), do: 'carrier_dies' });
  if (random.chance(0.3))
    drawn.push({ atMs: soon(random), do: 'carrier_refuses', forMs: random.pick([50, 500, 1e6]) });
  return {
    ...history,
    setup: {
      ...setup,
      transport: 'socket',
      listeners: [drawListener(random)],
      awayAfterMs: 0,
      faults: [...setup.faults.filter((fault) => fault !== 'lies'), 'carrier'],
      carrier: { reportsStarts: random.chance(0.7) },
    },
    happenings: [...happenings.map(inTurn), ...drawn],
  };
}

/** An output gets one speech after the other. */
function inTurn(one: Happening): Happening {
  return one.do === 'turn' ? { ...one, turn: { ...one.turn, floor: 'waits' } } : one;
}

function drawListener(random: Random): ListenerSetup {
  return {
    reports: true,
    evidence: 'transport',
    errorBoundMs: random.pick([0, 20, 200]),
    reportEveryMs: Number.POSITIVE_INFINITY,
    pathMs: random.pick([0, 40, 400]),
    clockOffsetMs: 0,
    clockDriftPpm: 0,
    deviceDriftPpm: random.pick([0, -90, 90]),
    joinsAtMs: 0,
  };
}

function toldUnreported(history: History, random: Random): History {
  const { setup, happenings } = history;
  const drawn: Happening[] = [];
  for (let left = random.whole(1, 3); left > 0; left -= 1)
    drawn.push({
      atMs: soon(random),
      do: 'unreported',
      unreported: random.pick(['not_known', 'not_known', 'estimated'] as const),
    });
  for (let left = random.whole(0, 2); left > 0; left -= 1) {
    const givenUp = {
      atMs: soon(random),
      do: 'given_up',
      back: random.pick([0, 0, 1, 2]),
    } as const;
    // What is given up has not left. In a room it would leave all the same, and so would what comes after it, later.
    if (setup.transport === 'socket') drawn.push(givenUp);
  }
  return {
    ...history,
    setup: { ...setup, faults: [...setup.faults, 'unreported'] },
    happenings: [...happenings, ...drawn],
  };
}

function soon(random: Random): number {
  return random.between(500, 5000);
}
