import type { AgentMs, OncueEventOf, TaskStarted } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  heardAttributes,
  hrTimeOf,
  idsOf,
  refinedAttributes,
  skippedAttributes,
  type TaskEnd,
  taskAttributes,
  textAttributes,
} from './attributes.ts';

/** The start of a response, as well as it is known. */
export type Start = OncueEventOf<'response_playback_started' | 'response_playback_refined'>;

/** What the spans need of the application. */
export interface SpansPort {
  readonly tracer: () => Tracer;
  readonly toEpochMs: (instantMs: AgentMs) => number;
  readonly includeText: boolean;
  /** May throw. */
  readonly metadataAttributes: (metadata: unknown) => Attributes;
}

/** What the application made of the metadata of a response. */
interface Mapped {
  readonly attributes: Attributes;
  readonly failure?: string;
}

/** The end of a response, with what was found out on the way. */
export interface HeardSpan {
  readonly start: Start;
  /** What was first reported, if the start was refined since. */
  readonly firstStart: Start;
  readonly timeToHeardMs: number | undefined;
}

/**
 * Makes spans of responses and tasks when they have ended: a start is known some 100 ms after the sound, may get better
 * later, and a span that was started cannot change it.
 */
export class ResponseSpans {
  readonly #port: SpansPort;

  constructor(port: SpansPort) {
    this.#port = port;
  }

  /** @returns The context for the spans of its tasks. */
  heard(
    end: OncueEventOf<'response_playback_finished'>,
    { start, firstStart, timeToHeardMs }: HeardSpan,
    parent: Context,
  ): Context {
    const mapped = this.#map(end.metadata);
    const span = this.#open('oncue.response', start.startedAtMs, parent, {
      ...mapped.attributes,
      ...idsOf(end),
      ...heardAttributes(end, start, timeToHeardMs),
      ...(this.#port.includeText ? textAttributes(end) : {}),
    });
    if (firstStart !== start)
      span.addEvent('oncue.refined', refinedAttributes(firstStart, start), this.#time(start.atMs));
    if (end.outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
    this.#noteFailure(span, mapped, end.endedAtMs);
    span.end(this.#time(end.endedAtMs));
    return trace.setSpan(parent, span);
  }

  /** A span without length, at the instant at which it was certain. */
  skipped(end: OncueEventOf<'response_skipped'>, parent: Context): Context {
    const mapped = this.#map(end.metadata);
    const span = this.#open('oncue.response', end.atMs, parent, {
      ...mapped.attributes,
      ...idsOf(end),
      ...skippedAttributes(end),
    });
    if (end.reason === 'failed') {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (end.detail !== undefined) span.recordException(end.detail, this.#time(end.atMs));
    }
    this.#noteFailure(span, mapped, end.atMs);
    span.end(this.#time(end.atMs));
    return trace.setSpan(parent, span);
  }

  /** The application's own function makes the attributes. If it fails, the response has its span all the same. */
  #map(metadata: unknown): Mapped {
    try {
      return { attributes: this.#port.metadataAttributes(metadata) };
    } catch (error) {
      return { attributes: {}, failure: `metadataAttributes: ${messageOf(error)}` };
    }
  }

  #noteFailure(span: Span, { failure }: Mapped, atMs: AgentMs): void {
    if (failure !== undefined) span.recordException(failure, this.#time(atMs));
  }

  task(start: TaskStarted, end: TaskEnd, parent: Context): void {
    const span = this.#open('oncue.task', start.atMs, parent, {
      ...idsOf(start),
      ...taskAttributes(start, end),
    });
    if (end.type === 'task_failed') {
      span.recordException(end.message, this.#time(end.atMs));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(this.#time(end.atMs));
  }

  #open(name: string, startMs: AgentMs, parent: Context, attributes: Attributes): Span {
    const options = { kind: SpanKind.INTERNAL, startTime: this.#time(startMs), attributes };
    return this.#port.tracer().startSpan(name, options, parent);
  }

  #time(instantMs: AgentMs): ReturnType<typeof hrTimeOf> {
    return hrTimeOf(this.#port.toEpochMs(instantMs));
  }
}
