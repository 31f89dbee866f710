import type {
  OncueEvent,
  ResponsePlaybackFinished,
  ResponsePlaybackStarted,
  ResponseSkipped,
} from '@oncue/core';
import type { Attributes, HrTime } from '@opentelemetry/api';

/** An event that belongs to a response. */
type OfResponse = Extract<OncueEvent, { readonly responseId: unknown }>;

/**
 * The ids of an event under the names that the spans use, so that a log line with these fields joins them:
 * `logger.info({ ...idsOf(event) }, event.type)`. Empty for an event that is about no turn.
 */
export function idsOf(event: OncueEvent): Attributes {
  return {
    ...('turnId' in event ? { 'oncue.turn.id': event.turnId } : {}),
    ...('responseId' in event ? responseIds(event) : {}),
    ...('taskId' in event ? { 'oncue.task.id': event.taskId } : {}),
  };
}

function responseIds({ responseId, index, speechId }: OfResponse): Attributes {
  return {
    'oncue.response.id': responseId,
    'oncue.response.index': index,
    // The name of LiveKit's own spans.
    ...(speechId === undefined ? {} : { 'lk.speech_id': speechId }),
  };
}

/** What the span of a response says, besides its ids. Durations are in ms, as their names say. */
export function heardAttributes(
  end: ResponsePlaybackFinished,
  start: Pick<ResponsePlaybackStarted, 'evidence' | 'errorBoundMs'>,
): Attributes {
  return {
    'oncue.outcome': end.outcome,
    ...(end.cutBy === undefined ? {} : { 'oncue.cut_by': end.cutBy }),
    'oncue.evidence': start.evidence,
    'oncue.error_bound_ms': start.errorBoundMs,
    'oncue.end.evidence': end.evidence,
    'oncue.end.error_bound_ms': end.errorBoundMs,
    'oncue.heard_ms': end.heardMs,
    'oncue.sent_ms': end.sentMs,
    'oncue.heard_ratio': end.sentMs > 0 ? end.heardMs / end.sentMs : 0,
    'oncue.heard_text_source': end.heardTextSource,
    'oncue.heard_text_max_error_words': end.heardTextMaxErrorWords,
  };
}

/** What the span of a skipped response says, besides its ids. */
export function skippedAttributes({ reason }: ResponseSkipped): Attributes {
  return { 'oncue.outcome': 'skipped', 'oncue.skip_reason': reason };
}

/** The text. LiveKit's own filter removes every attribute with a `pii` segment where the project asked for that. */
export function textAttributes(end: ResponsePlaybackFinished): Attributes {
  return { 'oncue.pii.heard_text': end.heardText, 'oncue.pii.full_text': end.fullText };
}

/** A wall-clock instant in the form that no SDK mistakes for one of another clock. */
export function hrTimeOf(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  const nanoseconds = Math.round((epochMs - seconds * 1000) * 1e6);
  return nanoseconds < 1e9 ? [seconds, nanoseconds] : [seconds + 1, 0];
}
