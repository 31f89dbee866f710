import type {
  AgentMs,
  AgentStateName,
  Audibility,
  OncueEvent,
  OncueEventOf,
  TimelineView,
} from '@oncue/core';

/** Oncue in one session, as `attachOncue` returns it. */
export interface OncueSession {
  /** What was said, sent and heard in this session, to read and to listen to. */
  readonly timeline: TimelineView;

  /** Who can hear the agent now [AU1]. `audibility_changed` tells each change. */
  readonly audibility: Audibility;

  /** Listens to one type of event. @returns A function that removes the listener. */
  on<T extends OncueEvent['type']>(type: T, listener: (event: OncueEventOf<T>) => void): () => void;

  /** Listens to every event. @returns A function that removes the listener. */
  onAny(listener: (event: OncueEvent) => void): () => void;

  /** The current instant on the clock of the events. */
  nowMs(): AgentMs;

  /**
   * The wall-clock time of an instant of an event, in ms since 1970 as `Date.now()` gives it. Steps of the system clock
   * after the process began are not in it.
   */
  toEpochMs(instantMs: AgentMs): number;

  /**
   * Queues a state in the turn that is being generated. It takes effect when the listener has heard everything that was
   * yielded before [SQ1].
   *
   * @throws OncueError `ONCUE_NO_TURN` outside an `llmNode` of this session, `ONCUE_UNKNOWN_STATE`, `ONCUE_TURN_ENDED`.
   */
  queueAgentState(state: AgentStateName): void;

  /** Ends what plays, waits for running tasks, closes the listener. Runs by itself when the session closes. */
  close(): Promise<void>;
}
