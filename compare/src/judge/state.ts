import type { Ear } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import type { Aspect } from './truth.ts';

/** How long the state may differ from the sound, in ms. Allows for the run's time steps and the delay of an avatar's report. */
export const STATE_TOLERANCE_MS = 60;

/** How long after a network has gone away an end that nobody reports may be waited for, in ms: pings tell it no sooner. */
const NOTICED_WITHIN_MS = 500;

/** An end that sounded so long before the network went was reported, in ms. */
const REPORTED_WITHIN_MS = 160;

const SAMPLE_EVERY_MS = 5;

/** Tells something of an instant. */
type At = (atMs: number) => boolean;

/**
 * Counts the ms in which the state contradicts what was audible: `speaking` in silence, or another state during sound. A
 * shift of the state causes both, so they are added. While it plays to somebody who has muted it, or whose network is gone, either
 * state is right. No side can be right about both at once, so the errors are also counted for each that may be true: that of what
 * left meanwhile he heard nothing, and that he heard all.
 */
export function stateAspect(scenario: Scenario, run: Observed, isCutting: At): Aspect {
  const nothing = earOfStates(scenario, run);
  const all = nothing.ofOneWhoMayHear();
  const errorsOf = (heard: Ear, played: Ear): Errors => {
    const isAwaited = endIsAwaited(scenario, run, played);
    return errorsBeside(run, {
      isHeard: (atMs) => heard.isAudibleAt(atMs),
      isPlayed: (atMs) => played.isAudibleAt(atMs) || isAwaited(atMs),
      isCutting,
    });
  };
  const { deniedMs, claimedMs } = errorsOf(nothing, all.ofOneWhoMutesNothing());
  return {
    name: 'state (ms)',
    error: deniedMs + claimedMs,
    ifTrue: [nothing, all]
      .map((ear) => errorsOf(ear, ear.ofOneWhoMutesNothing()))
      .map((errors) => errors.deniedMs + errors.claimedMs),
    tolerance: STATE_TOLERANCE_MS,
    detail: `audible, but not "speaking": ${deniedMs} ms; silent, but "speaking": ${claimedMs} ms`,
  };
}

interface Errors {
  readonly deniedMs: number;
  readonly claimedMs: number;
}

function errorsBeside(
  run: Observed,
  { isHeard, isPlayed, isCutting }: Readonly<Record<'isHeard' | 'isPlayed' | 'isCutting', At>>,
): Errors {
  const isSpeaking = (atMs: number): boolean => stateAt(run, atMs)?.state === 'speaking';
  return {
    deniedMs: sumOver(run, (atMs) => !isCutting(atMs) && isHeard(atMs) && !isSpeaking(atMs)),
    claimedMs: sumOver(run, (atMs) => !isCutting(atMs) && !isPlayed(atMs) && isSpeaking(atMs)),
  };
}

/**
 * Tells whether the end of a sound is awaited that nobody can report, since the network has just gone, and nobody can know that. A
 * state that began in the silence after it has no such reason.
 */
function endIsAwaited({ steps }: Scenario, run: Observed, played: Ear): At {
  const gone = steps.filter((step) => step.do === 'network_goes');
  return (atMs) =>
    gone.some((step) => {
      const sinceMs = atMs - run.startedAtMs - step.atMs;
      if (sinceMs < 0 || sinceMs > NOTICED_WITHIN_MS) return false;
      const endedAtMs = played.soundedUntil(atMs);
      const isReported = endedAtMs < atMs - sinceMs - REPORTED_WITHIN_MS;
      return !isReported && (stateAt(run, atMs)?.atMs ?? 0) < endedAtMs;
    });
}

function stateAt({ states }: Observed, atMs: number): Observed['states'][number] | undefined {
  return states.findLast((one) => one.atMs <= atMs);
}

/**
 * The ear that the states are compared with. An avatar's worker reports what it plays, and the way from it to the user is
 * in no report: there it is an ear at the worker, on both sides.
 */
function earOfStates({ ear: { listener, pathMs = 60 } = {} }: Scenario, { ear }: Observed): Ear {
  return listener === 'avatar' ? ear.nearerBy(pathMs) : ear;
}

/** For how long a run was wrong, ms. */
export function sumOver(run: Observed, isWrong: At): number {
  const endMs = Math.max(0, ...run.states.map(({ atMs }) => atMs)) + 1000;
  let wrongMs = 0;
  for (let atMs = 0; atMs < endMs; atMs += SAMPLE_EVERY_MS)
    if (isWrong(atMs)) wrongMs += SAMPLE_EVERY_MS;
  return wrongMs;
}
