import { type AgentMs, addMs, earlierOf, type ResponseId } from '../../units.ts';
import { leftSamplesBy } from '../claims/leaving.ts';
import { MAX_PATH_MS } from '../claims/physics.ts';
import { leftByModel } from '../estimated_playhead.ts';
import { joinSpans, type SampleSpan } from '../inaudible_spans.ts';
import type { Listeners } from '../inputs.ts';
import type { PathDelay } from '../path/path_delay.ts';
import type { Draft } from '../state/draft.ts';
import type { ResponseState, TimelineState } from '../state/state.ts';

/**
 * What had left while somebody was there who may have heard it, and who then muted the agent or went before a report said so. It
 * is sent again to the next listener, or to nobody; that says nothing of what the first one heard.
 */

/** A time in which somebody may have heard: all but those in which nobody was there, or all were known to be muted. */
interface HearingTime {
  /** `undefined`: since ever. */
  readonly fromMs: AgentMs | undefined;
  readonly toMs: AgentMs;
  /** It ended with an answer: what was on its way to the listener then had not sounded. */
  readonly answered: boolean;
}

/**
 * The listener is gone, or is muted now. What it had not reported it may have heard: all that had left, or of one that answered, what
 * had come to it. What one of several reports says nothing of what another heard before [AU22].
 */
export function noteLeftToHearers(draft: Draft, sinceMs: AgentMs): void {
  for (const id of draft.state.playout) noteLeft(draft, id, sinceMs);
}

/** How much of a response was reported by all who may have heard it, in samples. Of several, the others may have heard what one did not. */
export function reportedByAll({
  reported,
  listeners,
}: Pick<ResponseState, 'reported' | 'listeners'>): number {
  return listeners === 'several' ? 0 : (reported?.samples ?? 0);
}

/** Keeps what of a response had left by an instant to somebody who may have heard it. */
export function noteLeft(draft: Draft, id: ResponseId, atMs: AgentMs): void {
  const response = draft.response(id);
  if (!response) return;
  const left = leftToHearers(draft, response, atMs);
  if (left.length === 0) return;
  const inOrder = [...response.leftToGone, ...left].sort((a, b) => a.fromSamples - b.fromSamples);
  draft.patchResponse(id, { leftToGone: joinSpans([], inOrder) });
}

/** Where the last of what may have been heard ends, in samples. */
export function leftToGoneSamples({ leftToGone }: ResponseState): number {
  return leftToGone.at(-1)?.toSamples ?? 0;
}

/**
 * Why nobody is known to have heard parts of a response, as events state it: of what had left before its listener went, and was not
 * reported, nobody knows whether it was heard.
 */
export function toldSpans(
  response: Pick<ResponseState, 'inaudible' | 'leftToGone' | 'reported' | 'listeners'>,
): readonly SampleSpan[] {
  const { inaudible, leftToGone } = response;
  if (leftToGone.length === 0) return inaudible;
  const knownSamples = reportedByAll(response);
  return joinSpans(
    [],
    inaudible.flatMap((span) => withUnknown(span, leftToGone, knownSamples)),
  );
}

/** A part of which nobody was known to hear it, without what may have been heard beyond `knownSamples`. */
function withUnknown(
  span: SampleSpan,
  unknown: readonly SampleSpan[],
  knownSamples: number,
): readonly SampleSpan[] {
  const parts: SampleSpan[] = [];
  let { fromSamples } = span;
  for (const one of unknown) {
    const unknownFrom = Math.max(fromSamples, one.fromSamples, knownSamples);
    const toSamples = Math.min(one.toSamples, span.toSamples);
    if (unknownFrom >= toSamples) continue;
    parts.push({ ...span, fromSamples, toSamples: unknownFrom });
    parts.push({ ...one, fromSamples: unknownFrom, toSamples });
    fromSamples = toSamples;
  }
  parts.push({ ...span, fromSamples });
  return parts.filter((part) => part.toSamples > part.fromSamples);
}

/** What of a response had left by an instant so that somebody may have heard it. */
function leftToHearers(
  { state, atMs: nowMs }: Draft,
  { audio, cut, listeners }: ResponseState,
  atMs: AgentMs,
): readonly SampleSpan[] {
  if (!audio) return [];
  const { shortestMs, longestMs } = pathsTo(listeners, state.path);
  // A pause may not have reached a page that holds the buffer.
  const pausedMs = state.pauseReaches === 'queue' ? state.pausedAtMs : undefined;
  const stoppedMs = cut?.leftUntilMs ?? cut?.stoppedAtMs ?? pausedMs ?? atMs;
  return hearingTimes(state, atMs, nowMs).flatMap(({ fromMs, toMs, answered }) => {
    const onItsWayMs = answered ? shortestMs : 0;
    // All that can have left. The model of the queue forgets what had left before the queue moved.
    const toSamples = leftSamplesBy(audio, earlierOf(stoppedMs, addMs(toMs, -onItsWayMs)));
    const fromSamples = fromMs === undefined ? 0 : leftByModel(audio, addMs(fromMs, -longestMs));
    return toSamples > fromSamples ? [{ why: 'silent', fromSamples, toSamples }] : [];
  });
}

/**
 * How long audio may be on its way. A path was measured to one listener, and says nothing of those to the others. What the transport
 * says of a path that was never measured is an estimate: it may be wrong, and no path is shorter than nothing.
 */
function pathsTo(
  listeners: Listeners,
  { delayMs, errorBoundMs, observedMs }: PathDelay,
): { readonly shortestMs: number; readonly longestMs: number } {
  if (listeners === 'several' || observedMs.length === 0)
    return { shortestMs: 0, longestMs: MAX_PATH_MS };
  return { shortestMs: Math.max(0, delayMs - errorBoundMs), longestMs: delayMs + errorBoundMs };
}

/** When somebody may have heard until an instant, in order. */
function hearingTimes(
  { inaudibleTimes }: TimelineState,
  untilMs: AgentMs,
  nowMs: AgentMs,
): readonly HearingTime[] {
  const times: HearingTime[] = [];
  let fromMs: AgentMs | undefined;
  let silentUntilMs = Number.NEGATIVE_INFINITY;
  const end = (toMs: AgentMs, saidSo: boolean): void => {
    const answered = saidSo || silentUntilMs < earlierOf(toMs, nowMs);
    if (fromMs === undefined || fromMs < toMs) times.push({ fromMs, toMs, answered });
  };
  for (const {
    why,
    fromMs: sinceMs,
    toMs = Number.POSITIVE_INFINITY as AgentMs,
  } of inaudibleTimes) {
    if (why === 'silent') {
      silentUntilMs = toMs;
      continue;
    }
    end(earlierOf(sinceMs, untilMs), why === 'muted');
    fromMs = toMs;
  }
  end(untilMs, false);
  return times;
}
