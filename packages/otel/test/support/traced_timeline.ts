import { EventEmitter } from 'node:events';
import { Timeline, type Turn } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { type TracedOncue, type TraceOptions, traceOncue } from '../../src/index.ts';

/** Where the process of a test began, in ms since 1970: with a fraction, as `performance.timeOrigin` has. */
const EPOCH_AT_ZERO_MS = 1_800_000_000_000.25;

/** A number that a metric reported, with its attributes. */
export interface Measured {
  readonly attributes: object;
  /** Of a counter its value, of a histogram its sum. */
  readonly value: number;
  readonly count: number;
}

/** A timeline on a manual clock whose spans and metrics are kept, and a stand-in for LiveKit's session. */
export class TracedTimeline {
  readonly clock: ManualClock = new ManualClock();
  readonly timeline: Timeline = new Timeline({ clock: this.clock });
  readonly session: EventEmitter = new EventEmitter();
  /** What `attachOncue` returns, as far as it is used. */
  readonly oncue: TracedOncue;
  readonly stop: () => void;
  readonly tracerProvider: NodeTracerProvider;
  readonly #agentTurns = new Map<string, Context>();
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #reader = new PeriodicExportingMetricReader({ exporter: this.#metrics });

  constructor(options: TraceOptions = {}) {
    this.tracerProvider = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(this.#spans)],
    });
    this.oncue = {
      timeline: this.timeline,
      onAny: this.timeline.onAny.bind(this.timeline),
      toEpochMs: (instantMs: number): number => EPOCH_AT_ZERO_MS + instantMs,
      agentTurnContextOf: (speechId: string) => this.#agentTurns.get(speechId),
    };
    this.stop = traceOncue(this.oncue, this.session, {
      tracerProvider: this.tracerProvider,
      meterProvider: new MeterProvider({ readers: [this.#reader] }),
      ...options,
    });
  }

  /** LiveKit makes a speech, which belongs to a span. */
  speech(id: string, agentTurn: Context = ROOT_CONTEXT): void {
    this.#agentTurns.set(id, agentTurn);
  }

  /** The user stopped speaking at an instant of the agent's clock. */
  userStopped(atMs: number): void {
    const metrics = { stoppedSpeakingAt: (EPOCH_AT_ZERO_MS + atMs) / 1000 };
    this.session.emit('conversation_item_added', {
      item: { type: 'message', role: 'user', metrics },
    });
  }

  /** Declares a response and sends its audio in one piece. */
  say(turn: Turn, ms: number, begin: Parameters<Turn['begin']>[0] = {}): string {
    const { id } = turn.begin(begin);
    turn.addText('One two.');
    turn.endResponse();
    this.timeline.audioSent(id, ms * 16, 16_000);
    this.timeline.audioEnded(id);
    return id;
  }

  openTurn(speechId = 'speech_1'): Turn {
    const turn = this.timeline.openTurn({ speechId });
    turn.goLive();
    return turn;
  }

  /** A listener measured where the playhead of a response is. */
  heard(
    responseId: string,
    startedAtMs: number,
    heardMs: number,
    phase: 'playing' | 'ended',
  ): void {
    this.timeline.playhead({
      responseId,
      startedAtMs,
      heardSamples: heardMs * 16,
      positionAtMs: startedAtMs + heardMs,
      phase,
      evidence: 'device',
      errorBoundMs: 2,
    } as Parameters<Timeline['playhead']>[0]);
  }

  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** Start and end of a span in ms of the agent's clock. */
  lifeOf({ startTime, endTime }: ReadableSpan): readonly number[] {
    return [startTime, endTime].map(
      ([seconds, nanoseconds]) => seconds * 1000 - EPOCH_AT_ZERO_MS + nanoseconds / 1e6,
    );
  }

  async measured(name: string): Promise<Measured[]> {
    await this.#reader.forceFlush();
    const latest = this.#metrics.getMetrics().at(-1);
    const metric = latest?.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find(({ descriptor }) => descriptor.name === name);
    return (metric?.dataPoints ?? []).map(({ attributes, value }) => {
      if (typeof value === 'number') return { attributes, value, count: value };
      const { sum = 0, count } = value as { sum?: number; count: number };
      return { attributes, value: sum, count };
    });
  }
}
