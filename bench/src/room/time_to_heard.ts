import { voice } from '@livekit/agents';
import type { AgentMs } from '@oncue/core';
import { type OncueSession, toEpochMs } from '@oncue/livekit';
import { traceOncue } from '@oncue/otel';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** Exports the spans of a session to memory, as an application sends them to its collector. */
export class TimeToHeard {
  readonly #session: voice.AgentSession;
  readonly #exporter = new InMemorySpanExporter();

  constructor(oncue: OncueSession, session: voice.AgentSession) {
    this.#session = session;
    const spanProcessors = [new SimpleSpanProcessor(this.#exporter)];
    traceOncue(oncue, session, { tracerProvider: new NodeTracerProvider({ spanProcessors }) });
  }

  /** The user stops speaking, at an instant of this process. Stands for what LiveKit says of a user with a microphone. */
  userStopped(atMs: number): void {
    const metrics = { stoppedSpeakingAt: toEpochMs(atMs as AgentMs) / 1000 };
    const item = { role: 'user', metrics };
    this.#session.emit(voice.AgentSessionEventTypes.ConversationItemAdded, { item } as never);
  }

  /** How long the user waited for each speech, as it was exported: ms by the id of the speech. */
  get bySpeech(): Readonly<Record<string, number>> {
    const waits = this.#exporter.getFinishedSpans().flatMap(({ attributes }) => {
      const waitedMs = attributes['oncue.time_to_heard_ms'];
      return typeof waitedMs === 'number' ? [[attributes['lk.speech_id'], waitedMs] as const] : [];
    });
    return Object.fromEntries(waits) as Record<string, number>;
  }
}
