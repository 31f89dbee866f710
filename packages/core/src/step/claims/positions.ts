import { type AgentMs, earlierOf, samplesToMs } from '../../units.ts';
import { firstAudibleSample, type SampleSpan } from '../inaudible_spans.ts';
import type { Playback } from '../state/state.ts';
import { DRIFT_SHARE, earliestPositionMs } from './physics.ts';

/** What a position of the playhead can mean, next to what is known of the response already. */

type Sounding = Exclude<Playback, { status: 'unheard' }>;

/** A position that is about to be recorded. */
interface At {
  readonly heardSamples: number;
  readonly atMs: AgentMs;
  readonly errorBoundMs: number;
}

/**
 * The earliest instant at which a position can have been reached, given the recorded start. A report may state an earlier
 * one: it may be another listener's, or the start was wrong. The events of one response describe what one ear can have heard [LW15].
 */
export function earliestAfterStart(
  { status, start }: Sounding,
  inaudible: readonly SampleSpan[],
  { heardSamples, errorBoundMs }: At,
  sampleRateHz: number,
): AgentMs {
  // A start in the middle of a response says nothing of the samples before it.
  const firstSample = status === 'playing' ? firstAudibleSample(inaudible) : 0;
  const soundedMs = samplesToMs(heardSamples - firstSample, sampleRateHz);
  return earliestPositionMs({ startedAtMs: start.startedAtMs, errorBoundMs }, soundedMs);
}

/**
 * The samples after a position sounded after this instant. A pause moves the position, but a page may have played on before
 * it got to know of the pause.
 */
export function nextSoundsFromMs({ knownAtMs, positionAtMs }: Sounding): AgentMs {
  return earlierOf(knownAtMs, positionAtMs);
}

/**
 * How long before `atMs` the last sample may have sounded. An unbroken run since the previous position would have ended
 * this much earlier. So the listener stalled in between, and it is unknown whether before that sample or after it.
 */
export function slackOf(
  before: Sounding,
  { heardSamples, atMs }: At,
  sampleRateHz: number,
): number {
  const runMs = samplesToMs(heardSamples - before.heardSamples, sampleRateHz);
  const stoodMs = Math.max(0, atMs - before.knownAtMs - runMs);
  // By so much a fast device may have been ahead of that when it stood still.
  const driftMs = DRIFT_SHARE * runMs;
  return stoodMs > driftMs ? stoodMs + driftMs : stoodMs;
}
