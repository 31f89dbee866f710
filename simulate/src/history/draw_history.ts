import { withCarrier } from './draw_carrier.ts';
import { withHearing } from './draw_hearing.ts';
import { withMarks } from './draw_marks.ts';
import { drawStandstills } from './draw_standstills.ts';
import { drawTurn } from './draw_turn.ts';
import {
  FAULTS,
  type Fault,
  type Happening,
  type History,
  type Lie,
  type ListenerSetup,
  type NetworkSetup,
  type Setup,
} from './history.ts';
import { Random } from './random.ts';

/** Listeners have joined and their clocks are mapped by then, unless one comes late. */
const BEGINS_AT_MS = 700;

/** Draws a history: a random subset of the faults (swarm testing), then who takes part, then what happens. */
export function drawHistory(seed: number): History {
  const random = new Random(seed);
  const faults = drawFaults(random);
  const setup = drawSetup(random, faults);
  const happenings = drawHappenings(random, setup)
    .sort((a, b) => a.atMs - b.atMs)
    .map((one, place) =>
      one.do === 'turn' ? { ...one, turn: withMarks(one.turn, seed, place) } : one,
    );
  // In the end, so that what came before keeps its place.
  const standstills = drawStandstills(seed, setup, happenings);
  return withHearing(withCarrier({ seed, setup, happenings: [...happenings, ...standstills] }));
}

/** Some have none, so that what is told can be held against the truth to the sample, and some only a silent listener. */
function drawFaults(random: Random): readonly Fault[] {
  const share = random.share();
  if (share < 0.15) return [];
  if (share < 0.3) return ['silent'];
  const often = random.pick([0.1, 0.3, 0.6]);
  return FAULTS.filter(() => random.chance(often));
}

function drawSetup(random: Random, faults: readonly Fault[]): Setup {
  const transport = random.pick(['socket', 'room'] as const);
  const has = (fault: Fault): boolean => faults.includes(fault);
  const count = transport === 'room' ? random.pick([1, 1, 2, 3]) : 1;
  const listeners = Array.from({ length: count }, () => drawListener(random, has));
  const odd = has('odd_options');
  return {
    transport,
    listeners,
    network: drawNetwork(random, has),
    gate: odd && random.chance(0.3) ? { maxMessagesPerSecond: 20 } : {},
    options: {
      estimateDelayMs: listeners[0]?.reports ? random.pick([0, 40]) : (listeners[0]?.pathMs ?? 0),
      ...(odd
        ? {
            reportTimeoutMs: random.pick([0, 120, 500]),
            cutReportTimeoutMs: random.pick([0, 250, 1000]),
            stallTimeoutMs: random.pick([0, 1000, 5000]),
            maxPathDriftMs: random.pick([0, 100]),
          }
        : { maxPathDriftMs: transport === 'room' ? 100 : 0 }),
    },
    awayAfterMs: transport === 'socket' ? random.pick([0, 800, 3000]) : 0,
    faults,
  };
}

function drawListener(random: Random, has: (fault: Fault) => boolean): ListenerSetup {
  return {
    reports: !(has('silent') && random.chance(0.8)),
    evidence: random.pick(['device', 'device', 'transport']),
    errorBoundMs: random.pick([0, 0, 2, 20]),
    reportEveryMs: random.pick([50, 100, 200]),
    pathMs: random.pick([0, 15, 40, 120]),
    clockOffsetMs: random.pick([0, -5000, 1e6, 12.25]),
    clockDriftPpm: random.pick([0, -80, 80]),
    deviceDriftPpm: random.pick([0, -90, 90]),
    joinsAtMs: has('late_join') ? random.between(0, 6000) : 0,
  };
}

function drawNetwork(random: Random, has: (fault: Fault) => boolean): NetworkSetup {
  const jitters = has('jitter');
  return {
    delayMs: random.pick([0, 5, 40]),
    jitterMs: jitters ? random.pick([5, 60, 300]) : 0,
    lostShare: has('loss') ? random.pick([0.02, 0.2, 0.6]) : 0,
    repeatedShare: has('repeats') ? random.pick([0.1, 0.5]) : 0,
    reorders: jitters && random.chance(0.7),
  };
}

function drawHappenings(random: Random, setup: Setup): Happening[] {
  const happenings: Happening[] = [];
  let atMs = BEGINS_AT_MS;
  const turns = random.pick([1, 1, 2, 3]);
  for (let turn = 0; turn < turns; turn += 1) {
    happenings.push({ atMs, do: 'turn', turn: drawTurn(random) });
    atMs += random.pick([0, 50, random.between(0, 2500), random.between(0, 2500)]);
  }
  const untilMs = atMs + 2500;
  const when = (): number => random.between(BEGINS_AT_MS, untilMs);
  for (let n = random.pick([0, 1, 1, 2]); n > 0; n -= 1)
    happenings.push({ atMs: when(), do: 'cut', by: random.pick(['user_speech', 'code'] as const) });
  for (let n = random.pick([0, 0, 1, 2]); n > 0; n -= 1)
    happenings.push({ atMs: when(), do: 'pause', forMs: random.pick([0, 100, 700, 2000]) });
  if (random.chance(0.2))
    happenings.push({ atMs: when(), do: 'close', deadlineMs: random.pick([0, 50, 1000]) });
  for (const fault of setup.faults) drawFault(random, { fault, setup, when }, happenings);
  return happenings;
}

interface FaultDraw {
  readonly fault: Fault;
  readonly setup: Setup;
  readonly when: () => number;
}

function drawFault(random: Random, { fault, setup, when }: FaultDraw, into: Happening[]): void {
  const listener = random.whole(0, setup.listeners.length - 1);
  switch (fault) {
    case 'reload':
      into.push({ atMs: when(), do: fault, listener, forMs: random.pick([0, 30, 400, 4000]) });
      return;
    case 'leave':
    case 'sleep':
    case 'partition':
    case 'stall':
      for (let n = random.whole(1, 2); n > 0; n -= 1)
        into.push({
          atMs: when(),
          do: fault,
          listener,
          forMs: random.pick([20, 200, 1500, 8000]),
        });
      return;
    case 'latency':
      into.push({ atMs: when(), do: fault, listener, byMs: random.pick([-30, 60, 250]) });
      return;
    case 'clock_jump':
      into.push({ atMs: when(), do: fault, listener, byMs: random.pick([-20_000, -90, 90, 3e6]) });
      return;
    case 'queue_slips':
      if (setup.transport !== 'room') return;
      into.push({ atMs: when(), do: fault, byMs: random.pick([10, 40, 300]) });
      return;
    case 'path_told':
      into.push({
        atMs: when(),
        do: fault,
        delayMs: random.pick([0, 30, 200, -5]),
        errorBoundMs: random.pick([10, 100, -1]),
      });
      return;
    case 'lies':
      for (let n = random.whole(1, 8); n > 0; n -= 1)
        into.push({ atMs: when(), do: 'lie', listener, lie: drawLie(random) });
      return;
    default:
      return;
  }
}

function drawLie(random: Random): Lie {
  return {
    what: random.pick([
      'playhead',
      'playhead',
      'playhead',
      'playhead',
      'hello',
      'pong',
      'bye',
      'garbage',
    ]),
    times: random.pick([1, 1, 1, 1, 1, 3, 150]),
    back: random.pick([0, 0, 0, 1, 2, 5]),
    share: random.pick([0, 1e-4, 0.1, 0.5, 1, 1, 1, 1.2]),
    startedAgoMs: random.pick([0, 5, 100, 900, 1100, 9900, 20_000, -500, -1500]),
    positionAgoMs: random.pick([0, 0, 5, 100, -500, -990, -1500]),
    phase: random.pick(['playing', 'playing', 'ended', 'cut'] as const),
    evidence: random.pick(['device', 'device', 'device', 'transport', 'estimate'] as const),
    errorBoundMs: random.pick([0, 0, 5, 200, 990, 1500, 9950, 1e6, Number.NaN]),
  };
}
