import { DEFAULT_TIMELINE_OPTIONS, type OncueEvent, type TimelineInput } from '@oncue/core';
import { HearingRules } from './check/hearing_rules.ts';
import { Physics } from './check/physics.ts';
import { Rules } from './check/rules.ts';
import { Truth, TruthInTheEnd } from './check/truth.ts';
import { UnreportedRules } from './check/unreported_rules.ts';
import { hold, Violation } from './check/violation.ts';
import type { History } from './history/history.ts';
import { World } from './world/world.ts';

/** Whatever happened has ended by then: the longest absence, the longest response, the longest wait. */
const LONGEST_MS = 300_000;
/** Promises settle between two steps of this. */
const STEP_MS = 100;

export interface Outcome {
  readonly violation: Violation | undefined;
  /** Of the timeline. */
  readonly inputs: number;
  readonly events: number;
}

export interface Watch {
  readonly follow: (input: TimelineInput, events: readonly OncueEvent[]) => void;
}

/** Plays one history and checks every step. What throws is a violation too. */
export async function runHistory(history: History, watch?: Watch): Promise<Outcome> {
  let violation: Violation | undefined;
  let inputs = 0;
  let eventCount = 0;
  const { faults } = history.setup;
  const isHonest = !faults.includes('lies');
  const rules = new Rules();
  const options = { ...DEFAULT_TIMELINE_OPTIONS, ...history.setup.options };
  // Since when a listener is muted is known by its clock.
  const isJudged = history.setup.hearing && !faults.includes('clock_jump');
  const hearing = isJudged ? new HearingRules(rules.inputs) : undefined;
  const unreported = new UnreportedRules(rules.inputs, options);
  const inTheEnd = new TruthInTheEnd(history);
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      violation ??=
        error instanceof Violation ? error : new Violation('nothing throws', stackOf(error));
    }
  };
  const world = new World({
    history,
    follow: (input, events) => {
      inputs += 1;
      eventCount += events.length;
      watch?.follow(input, events);
      if (violation) return;
      attempt(() => {
        rules.follow(input, events);
        unreported.follow(input, events);
        hearing?.follow(input, events);
        for (const event of events) {
          physics.check(event);
          if (isHonest) truth.check(event);
          if (isHonest && !faults.includes('clock_jump')) {
            hearing?.checkMuted(event, world.listeners);
            hearing?.checkUnheard(event, world.listeners);
          }
          inTheEnd.note(event);
        }
      });
    },
    hear: (listener, report) => {
      truth.hear(listener, report);
      physics.hear(report);
    },
  });
  const physics = new Physics(world, isHonest && !faults.includes('clock_jump'));
  const truth = new Truth(world, rules.inputs);
  await play(world, history, attempt);
  if (!violation) {
    attempt(() => {
      const { state } = world.timeline;
      rules.checkAllOver(world.taskCalls);
      hold(
        'nothing of what has ended is kept [MM1]',
        state.turns.length + state.playout.length + state.runningTasks.length === 0,
      );
      hold('no timer is left', world.clock.pendingCount === 0, () => `${world.clock.pendingCount}`);
      const [only] = world.listeners;
      if (only) inTheEnd.check(only);
    });
  }
  return { violation, inputs, events: eventCount };
}

async function play(
  world: World,
  history: History,
  attempt: (run: () => void) => void,
): Promise<void> {
  const lastMs = Math.max(0, ...history.happenings.map(({ atMs }) => atMs));
  while (world.clock.nowMs() < LONGEST_MS && world.clock.pendingCount > 0) {
    attempt(() => world.clock.advance(STEP_MS));
    for (let turn = 0; world.taskCalls > 0 && turn < 4; turn += 1) await undefined;
    if (world.clock.nowMs() > lastMs && world.isQuiet) attempt(() => world.finish());
  }
  for (let turn = 0; turn < 8; turn += 1) await undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
