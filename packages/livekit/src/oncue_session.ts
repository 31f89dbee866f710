import type {
  AgentMs,
  AgentStateName,
  Audibility,
  MarkOptions,
  OncueEvent,
  OncueEventOf,
  TimelineView,
} from '@oncue/core';
import type {
  AfterHeard,
  AfterHeardFunction,
  AfterHeardOptions,
  SpokenSpeech,
} from './after_heard.ts';

/** Oncue in one session, as `attachOncue` returns it. */
export interface OncueSession {
  /** What was said, sent and heard in this session, to read and to listen to. */
  readonly timeline: TimelineView;

  /** Who can hear the agent now [AU1]. `audibility_changed` tells each change. */
  readonly audibility: Audibility;

  /**
   * Listens to one type of event.
   *
   * @returns A function that removes the handler.
   * @throws OncueError `ONCUE_BAD_OPTION` for a name that no event has, and for a handler that is no function [RS11].
   */
  on<T extends OncueEvent['type']>(type: T, listener: (event: OncueEventOf<T>) => void): () => void;

  /**
   * Listens to every event.
   *
   * @returns A function that removes the handler.
   * @throws OncueError `ONCUE_BAD_OPTION` for a handler that is no function.
   */
  onAny(listener: (event: OncueEvent) => void): () => void;

  /** The current instant on the clock of the events. */
  nowMs(): AgentMs;

  /**
   * The wall-clock time of an instant of an event, in ms since 1970 as `Date.now()` gives it. Steps of the system clock
   * after the process began are not in it.
   */
  toEpochMs(instantMs: AgentMs): number;

  /**
   * LiveKit's span `agent_turn` of a speech, for spans of your own below it: a `Context` of `@opentelemetry/api`. In a tool
   * loop, that of the step that runs now. `@oncue/otel` uses it.
   *
   * @returns `undefined` if the speech is not known or over, before its reply begins, and with Oncue switched off.
   */
  agentTurnContextOf(speechId: string): object | undefined;

  /**
   * Queues a state in the turn that is being generated. It takes effect when the listener has heard everything that was
   * yielded before [SQ1].
   *
   * @throws OncueError `ONCUE_NO_TURN` outside an `llmNode` of this session, `ONCUE_UNKNOWN_STATE`, `ONCUE_TURN_ENDED`.
   */
  queueAgentState(state: AgentStateName): void;

  /**
   * Places a mark in what `session.say()` speaks, as `turn.mark` does in an answer [MK1]. Call it right after `say`, before
   * an `await`: later, the mark may already have been passed, and a text that has been read to its end takes none.
   *
   * @param speech - what `session.say()` returned.
   * @param name - any text that is not empty.
   * @param options - `textOffset`, from the start of the text that is shown for the speech, is required.
   * @throws OncueError `ONCUE_BAD_OPTION` for an argument of the wrong type or range, for an answer of an `llmNode` and for a
   *   speech of another session with Oncue,
   *   `ONCUE_TURN_ENDED` if the text of the speech has been read to its end.
   */
  markSpeech(
    speech: SpokenSpeech,
    name: string,
    options: MarkOptions & { readonly textOffset: number },
  ): void;

  /**
   * Runs a function once, after a speech was heard: when the speech is over and each of its responses has ended. If that
   * does not come in time, it runs when the time is over. It does not run after a cut, unless `onCut` is `'run'`, and the
   * close of the session is a cut [AH4]. Switched off, Oncue goes by LiveKit's word that the speech is over.
   *
   * Do not await this inside a function tool about the tool's own speech: that speech waits for the tool.
   *
   * @param speech - what `session.say()` or `session.generateReply()` returned, or the speech of a tool's context.
   * @returns A promise that never rejects: what became of it.
   * @throws OncueError `ONCUE_BAD_OPTION` for an argument of the wrong type or range, and for a speech of another session with
   *   Oncue. A speech of a session without Oncue is not followed: LiveKit's word counts, as with Oncue switched off.
   */
  afterHeard(
    speech: SpokenSpeech,
    fn: AfterHeardFunction,
    options?: AfterHeardOptions,
  ): Promise<AfterHeard>;

  /**
   * Ends Oncue for the application: it is told that what plays is cut and what waits is skipped, and nothing after that.
   * Fulfilled when its tasks have ended. Runs by itself when the session closes, and closes the listener then.
   *
   * While the session runs, the agent speaks on as before, also the answer that plays [CL2]. To stop the answer, call
   * `session.interrupt()`. Before the first start, the session then plays as LiveKit does alone [CL3].
   */
  close(): Promise<void>;
}
