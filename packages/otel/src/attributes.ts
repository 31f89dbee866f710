import type {
  OncueEvent,
  OncueEventOf,
  ResponsePlaybackFinished,
  ResponsePlaybackStarted,
  ResponseSkipped,
  TaskStarted,
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

/** What is known of a start. */
type KnownStart = Pick<ResponsePlaybackStarted, 'startedAtMs' | 'evidence' | 'errorBoundMs'>;

/**
 * What the span of a response says, besides its ids. Durations are in ms, as their names say.
 *
 * @param timeToHeardMs - `undefined` for a response that is not the first one after the user spoke.
 */
export function heardAttributes(
  end: ResponsePlaybackFinished,
  start: Pick<KnownStart, 'evidence' | 'errorBoundMs'>,
  timeToHeardMs: number | undefined,
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
    ...(timeToHeardMs === undefined ? {} : { 'oncue.time_to_heard_ms': timeToHeardMs }),
  };
}

/** What the span event `oncue.refined` says: the start that was reported first, and how far the better one is from it. */
export function refinedAttributes(before: KnownStart, after: KnownStart): Attributes {
  return {
    'oncue.before.error_bound_ms': before.errorBoundMs,
    'oncue.before.evidence': before.evidence,
    'oncue.moved_ms': after.startedAtMs - before.startedAtMs,
  };
}

/** What the span of a skipped response says, besides its ids. */
export function skippedAttributes({ reason }: ResponseSkipped): Attributes {
  return { 'oncue.outcome': 'skipped', 'oncue.skip_reason': reason };
}

/** How a task ended. */
export type TaskEnd = OncueEventOf<'task_finished' | 'task_failed' | 'task_aborted'>;

/** What the span of a task says, besides its ids. */
export function taskAttributes({ timing }: TaskStarted, end: TaskEnd): Attributes {
  return {
    'oncue.task.timing': timing,
    'oncue.task.result': end.type.replace('task_', ''),
    ...(end.type === 'task_aborted' ? { 'oncue.task.abort_reason': end.reason } : {}),
  };
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
