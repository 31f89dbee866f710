import type { AgentMs, OncueEvent, OncueEventOf, TaskStarted, TimelineView } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import {
  type Attributes,
  type Context,
  context,
  type MeterProvider,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { TaskEnd } from './attributes.ts';
import { checkCall } from './check_call.ts';
import { LiveKitSession, type TracedSession } from './livekit_session.ts';
import { OncueMetrics } from './metrics.ts';
import { ResponseSpans, type Start } from './response_spans.ts';
import { SCOPE } from './scope.ts';

/** What is used of what `attachOncue` returned. */
export interface TracedOncue {
  readonly timeline: TimelineView;
  onAny(listener: (event: OncueEvent) => void): () => void;
  toEpochMs(instantMs: AgentMs): number;
  agentTurnContextOf(speechId: string): object | undefined;
}

/** Where the telemetry goes, and what it may contain. */
export interface TraceOptions {
  /**
   * Default: the global provider, asked again for each span. If you gave LiveKit a provider that is not global, pass
   * `() => telemetry.tracer.getProvider()`.
   */
  readonly tracerProvider?: TracerProvider | (() => TracerProvider);
  /** Default: the global provider. */
  readonly meterProvider?: MeterProvider;
  /** Puts what was said into `oncue.pii.heard_text` and `oncue.pii.full_text`. Default `false`. */
  readonly includeText?: boolean;
  /** Span attributes of what was given to `begin({ metadata })`. Default: none. */
  readonly metadataAttributes?: (metadata: unknown) => Attributes;
}

/** A response that has not ended. */
interface Open {
  readonly parent: Context;
  firstStart?: Start;
  start?: Start;
  /** When its first sample left the agent's queue. */
  leftAtMs?: AgentMs | undefined;
  timeToHeardMs?: number | undefined;
  /** Tasks that ended before it. */
  readonly endedTasks: { readonly start: TaskStarted; readonly end: TaskEnd }[];
}

/**
 * Sends a span for each response and task, and metrics, to OpenTelemetry. Call it once a session, after `attachOncue` and
 * before `session.start`. Without a provider it does nothing [OT1].
 *
 * @returns A function that stops it.
 * @throws OncueError `ONCUE_BAD_OPTION` for an argument or option that is unknown or of the wrong type [OT10], and for a
 *   session that is not the one to which Oncue is attached.
 */
export function traceOncue(
  oncue: TracedOncue,
  session: TracedSession,
  options: TraceOptions = {},
): () => void {
  checkCall(oncue, session, options);
  const livekit = new LiveKitSession(session);
  const tracing = new SessionTracing(oncue, livekit, options);
  const stop = oncue.onAny((event) => tracing.follow(event));
  return () => {
    stop();
    livekit.close();
  };
}

class SessionTracing {
  readonly #oncue: TracedOncue;
  readonly #livekit: LiveKitSession;
  readonly #spans: ResponseSpans;
  readonly #metrics: OncueMetrics;
  readonly #open = new Map<string, Open>();
  /** Tasks that run, with the context of their response once that has ended. */
  readonly #tasks = new Map<string, { readonly start: TaskStarted; parent?: Context }>();
  #lastHeardSpeech: string | undefined;

  constructor(oncue: TracedOncue, livekit: LiveKitSession, options: TraceOptions) {
    this.#oncue = oncue;
    this.#livekit = livekit;
    this.#metrics = new OncueMetrics(options.meterProvider);
    const { tracerProvider } = options;
    const provider =
      typeof tracerProvider === 'function'
        ? tracerProvider
        : () => tracerProvider ?? trace.getTracerProvider();
    this.#spans = new ResponseSpans({
      tracer: () => provider().getTracer(SCOPE.name, SCOPE.version),
      toEpochMs: (instantMs) => oncue.toEpochMs(instantMs),
      includeText: options.includeText ?? false,
      metadataAttributes: options.metadataAttributes ?? (() => ({})),
    });
  }

  follow(event: OncueEvent): void {
    switch (event.type) {
      case 'response_declared':
        this.#open.set(event.responseId, {
          parent: this.#parentOf(event),
          endedTasks: [],
        });
        return;
      case 'response_playback_started':
        this.#started(event);
        return;
      case 'response_playback_refined': {
        const open = this.#open.get(event.responseId);
        if (open) open.start = event;
        return;
      }
      case 'response_playback_finished':
        this.#finished(event);
        return;
      case 'response_skipped':
        this.#skipped(event);
        return;
      case 'task_started':
        this.#tasks.set(event.taskId, { start: event });
        return;
      case 'task_finished':
      case 'task_failed':
      case 'task_aborted':
        this.#taskEnded(event);
        return;
      case 'prediction_checked':
        this.#metrics.predictionChecked(event);
        return;
      case 'response_outcome_corrected':
        this.#metrics.outcomeCorrected(event);
        return;
      case 'report_dropped':
        this.#metrics.reportsDropped(event);
        return;
      default:
    }
  }

  /** Asked when a response is declared: a tool loop gives its speech another span for each step. */
  #parentOf({ speechId }: OncueEventOf<'response_declared'>): Context {
    const agentTurn = speechId === undefined ? undefined : this.#oncue.agentTurnContextOf(speechId);
    return (agentTurn as Context | undefined) ?? context.active();
  }

  #started(event: OncueEventOf<'response_playback_started'>): void {
    const open = this.#open.get(event.responseId);
    if (!open) return;
    open.firstStart = event;
    open.start = event;
    const audio = responseOf(this.#oncue.timeline.state, event.responseId)?.audio;
    if (audio && !audio.startedInPause) open.leftAtMs = audio.modelStartMs;
    // The rest of a speech that was heard before the user spoke answers nothing.
    const isAnswer = event.speechId === undefined || event.speechId !== this.#lastHeardSpeech;
    this.#lastHeardSpeech = event.speechId;
    if (isAnswer)
      open.timeToHeardMs = this.#livekit.takeWaitMs(this.#oncue.toEpochMs(event.startedAtMs));
  }

  #finished(event: OncueEventOf<'response_playback_finished'>): void {
    const open = this.#open.get(event.responseId);
    if (!open?.start || !open.firstStart) return;
    const { start, firstStart, leftAtMs } = open;
    const movedMs = start.startedAtMs - firstStart.startedAtMs;
    const timeToHeardMs =
      open.timeToHeardMs === undefined ? undefined : open.timeToHeardMs + movedMs;
    const of = { start, firstStart, timeToHeardMs };
    this.#over(event.responseId, open, () => this.#spans.heard(event, of, open.parent));
    this.#metrics.ended({
      outcome: event.outcome,
      start,
      timeToHeardMs,
      deliveryDelayMs: leftAtMs === undefined ? undefined : start.startedAtMs - leftAtMs,
    });
  }

  #skipped(event: OncueEventOf<'response_skipped'>): void {
    const open = this.#open.get(event.responseId);
    if (!open) return;
    this.#over(event.responseId, open, () => this.#spans.skipped(event, open.parent));
    this.#metrics.ended({ outcome: 'skipped', skipReason: event.reason });
  }

  /** @param make - makes its span. A provider of the application that throws must not keep the response in memory. */
  #over(responseId: string, open: Open, make: () => Context): void {
    this.#open.delete(responseId);
    const context = make();
    for (const { start, end } of open.endedTasks) this.#spans.task(start, end, context);
    for (const task of this.#tasks.values())
      if (task.start.responseId === responseId) task.parent = context;
  }

  #taskEnded(end: TaskEnd): void {
    const task = this.#tasks.get(end.taskId);
    if (!task) return;
    this.#tasks.delete(end.taskId);
    const { start, parent } = task;
    if (parent) this.#spans.task(start, end, parent);
    else this.#open.get(end.responseId)?.endedTasks.push({ start, end });
  }
}
