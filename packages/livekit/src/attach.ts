import { voice } from '@livekit/agents';
import {
  type AgentMs,
  type Clock,
  type CutBy,
  OncueError,
  type OncueEvent,
  type OncueEventOf,
  type ResponseId,
  Timeline,
  type TimelineOptions,
  type TimelineView,
} from '@oncue/core';
import { TraceRecorder } from '@oncue/core/trace';
import { hookAgent } from './agent/agent_hooks.ts';
import type { AgentTurn } from './agent/declaring_turn.ts';
import { currentSpeech, currentTurn, partStorage, Speech, speechStorage } from './agent/speech.ts';
import type { ListenerDevice } from './listeners/listener_device.ts';
import { ListenerLink } from './listeners/listener_link.ts';
import { PlayoutHolds } from './listeners/playout_holds.ts';
import { ROOM_TIMELINE, type RoomOptions, roomListener } from './listeners/room/room_options.ts';
import { applyAgentState, assertStateOwner } from './livekit_internals/session_state.ts';
import { NodeClock } from './node_clock.ts';
import { ChatCorrection, removeMessage } from './output/chat_correction.ts';
import { OncueOutput } from './output/oncue_output.ts';

/** How Oncue is attached to a session: to a listener of its own, or to a LiveKit room. */
export type AttachOptions = CommonOptions & (ListenerOptions | RoomOptions);

/** A listener without a room. */
export interface ListenerOptions {
  /** Where the audio goes and who hears it. Closed with the session. */
  readonly listener: ListenerDevice;
}

/** What holds wherever the listener is. */
export interface CommonOptions {
  /** How missing reports are treated. */
  readonly timeline?: Partial<TimelineOptions>;
  /** Gets the trace, line by line with line ends. */
  readonly trace?: (line: string) => void;
  /** How long running tasks get when the session closes, ms ≥ 0 [TK4]. Default 5000. */
  readonly closeDeadlineMs?: number;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
}

const attached = new WeakSet<voice.AgentSession>();

/**
 * Attaches Oncue to a session. Call it before `session.start`.
 *
 * @throws OncueError `ONCUE_ALREADY_ATTACHED` for a second call, `ONCUE_ATTACHED_TOO_LATE` after the start,
 *   `ONCUE_BAD_OPTION` without a listener or for an option out of its range, `ONCUE_LIVEKIT_CHANGED` with a version of agents that it cannot work with.
 */
export function attachOncue(session: voice.AgentSession, options: AttachOptions): OncueSession {
  if (attached.has(session)) {
    throw new OncueError(
      'ONCUE_ALREADY_ATTACHED',
      'attachOncue was already called on this session; keep what it returned',
    );
  }
  if (hasStarted(session)) {
    throw new OncueError(
      'ONCUE_ATTACHED_TOO_LATE',
      'the session has already started; call attachOncue before session.start()',
    );
  }
  checkOptions(options);
  assertStateOwner(session);
  const clock = options.clock ?? new NodeClock();
  const oncue =
    'room' in options
      ? attachToRoom(session, options, clock)
      : new OncueSession(session, { ...options, clock });
  // Not before: after an error the caller may try again.
  attached.add(session);
  return oncue;
}

function attachToRoom(
  session: voice.AgentSession,
  options: CommonOptions & RoomOptions,
  clock: Clock,
): OncueSession {
  const timeline = { ...ROOM_TIMELINE, ...options.timeline };
  const listener = roomListener(options, session, clock);
  try {
    return new OncueSession(session, { ...options, clock, timeline, listener });
  } catch (error) {
    // Else a second try would find a track of the first in the room.
    listener.close();
    throw error;
  }
}

function checkOptions(options: AttachOptions): void {
  const hasRoom = typeof options === 'object' && options !== null && 'room' in options;
  if (!hasRoom && typeof options?.listener?.open !== 'function') {
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'attachOncue needs to know who listens: { room }, or for example { listener: new LocalDevice() }',
    );
  }
  if (hasRoom && 'listener' in options)
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'attachOncue takes a room or a listener, not both: the audio goes to one of them',
    );
  const { trace, closeDeadlineMs = 0 } = options;
  if (trace !== undefined && typeof trace !== 'function') {
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'trace takes a function that gets each line, for example (line) => file.write(line)',
    );
  }
  if (!(closeDeadlineMs >= 0))
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `closeDeadlineMs is ${closeDeadlineMs}; give it ms ≥ 0`,
    );
}

/** `currentAgent` throws until the session runs (`voice/agent_session.ts`); it has no public flag that says so. */
function hasStarted(session: voice.AgentSession): boolean {
  try {
    return session.currentAgent !== undefined;
  } catch {
    return false;
  }
}

/** Oncue in one session. */
export class OncueSession {
  readonly #timeline: Timeline;
  readonly #session: voice.AgentSession;
  readonly #listener: ListenerDevice;
  readonly #link: ListenerLink;
  readonly #clock: Clock;
  readonly #output: OncueOutput;
  readonly #closeDeadlineMs: number | undefined;
  readonly #speeches = new Map<string, Speech>();
  readonly #chatCorrection = new ChatCorrection((message) => removeMessage(this.#session, message));

  /** @internal */
  constructor(
    session: voice.AgentSession,
    options: CommonOptions & ListenerOptions & { readonly clock: Clock },
  ) {
    this.#session = session;
    this.#listener = options.listener;
    this.#clock = options.clock;
    this.#closeDeadlineMs = options.closeDeadlineMs;
    const recorder =
      options.trace &&
      new TraceRecorder(options.trace, options.timeline ? { options: options.timeline } : {});
    this.#timeline = new Timeline({
      clock: this.#clock,
      ...(options.timeline ? { options: options.timeline } : {}),
      ...(recorder ? { record: recorder.record } : {}),
      applyState: (event) => this.#applyState(event),
    });
    this.#timeline.onAny((event) => this.#chatCorrection.follow(event));
    const holds = new PlayoutHolds(this.#timeline);
    this.#link = new ListenerLink({
      listener: this.#listener,
      timeline: this.#timeline,
      clock: this.#clock,
      holds,
    });
    this.#output = new OncueOutput({
      timeline: this.#timeline,
      clock: this.#clock,
      listener: this.#listener,
      holds,
      heardCaption: (event) =>
        this.#chatCorrection.heardCaption(event, this.#captionOf(event.responseId, event.speechId)),
      sessionOutput: () => session.output,
      cutBy: () => this.#interrupter(),
    });
    session.output.audio = this.#output;
    this.#followSession();
  }

  /** What was said, sent and heard in this session, to read and to listen to. */
  get timeline(): TimelineView {
    return this.#timeline.view;
  }

  /** Listens to one type of event. @returns A function that removes the listener. */
  on<T extends OncueEvent['type']>(
    type: T,
    listener: (event: OncueEventOf<T>) => void,
  ): () => void {
    return this.#timeline.on(type, listener);
  }

  /** Listens to every event. @returns A function that removes the listener. */
  onAny(listener: (event: OncueEvent) => void): () => void {
    return this.#timeline.onAny(listener);
  }

  /** The instant on the clock of the events. */
  nowMs(): AgentMs {
    return this.#clock.nowMs();
  }

  /**
   * Queues a state in the turn that is being generated; it takes effect when playback gets there.
   *
   * @throws OncueError `ONCUE_NO_TURN` outside an `llmNode` of this session, `ONCUE_UNKNOWN_STATE`, `ONCUE_TURN_ENDED`.
   */
  queueAgentState(...[state]: Parameters<AgentTurn['queueAgentState']>): void {
    const turn = currentTurn();
    if (currentSpeech()?.timeline !== this.#timeline) {
      throw new OncueError(
        'ONCUE_NO_TURN',
        'the turn being generated here belongs to another session; call currentTurn().queueAgentState() instead',
      );
    }
    turn.queueAgentState(state);
  }

  /** Ends what plays, waits for running tasks, closes the listener. Runs by itself when the session closes. */
  async close(): Promise<void> {
    const closed = this.#timeline.close(this.#closeDeadlineMs);
    // Tasks may run on for a while; the sound does not.
    this.#listener.send({ type: 'clear' });
    await closed;
    this.#link.close();
    this.#listener.close();
  }

  #followSession(): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#session.on(Events.SpeechCreated, ({ speechHandle }) => this.#beginSpeech(speechHandle));
    this.#session.on(Events.ConversationItemAdded, ({ item }) => {
      const speech = speechStorage.getStore();
      if (!speech || item.type !== 'message') return;
      this.#chatCorrection.correct(item, speech);
    });
    this.#session.on(Events.Error, ({ error }) => {
      if (error.type === 'tts_error' && !error.recoverable)
        this.#failSynthesis(error.error.message);
    });
    this.#session.on(Events.Close, () => void this.close());
  }

  /** Emitted in the very run of code that then starts the speech's task, so the task inherits what is stored here. */
  #beginSpeech(handle: voice.SpeechHandle): void {
    hookAgent(this.#session.currentAgent);
    const { sampleRateHz } = this.#listener;
    const audioMade = (id: ResponseId): void => this.#output.audioMade(id);
    const speech = new Speech({ timeline: this.#timeline, sampleRateHz, audioMade }, handle);
    this.#speeches.set(handle.id, speech);
    speechStorage.enterWith(speech);
    handle.addDoneCallback(() => {
      // An interruption that met the pipeline between two responses has not stopped the one before.
      if (handle.interrupted && speech.isAudible) this.#output.clearBuffer();
      // One that was never scheduled, made ahead of the user's last word, was thrown away and cut nothing.
      speech.end(handle.interrupted && handle.scheduled ? this.#interrupter() : undefined);
      this.#speeches.delete(handle.id);
    });
  }

  #interrupter(): CutBy {
    return this.#session.userState === 'speaking' ? 'user' : 'agent';
  }

  /** A synthesis tells of its failure by an event and ends its audio as if nothing were wrong (`tts/tts.ts`). */
  #failSynthesis(detail: string): void {
    const part = partStorage.getStore();
    if (part) {
      this.#timeline.responseFailed(part.response.id, detail);
      return;
    }
    const making = [...this.#speeches.values()].flatMap((speech) => [...speech.synthesizing]);
    // Told from nowhere in particular, it can be pinned on a response only when there is but one.
    if (making.length === 1 && making[0] !== undefined)
      this.#timeline.responseFailed(making[0], detail);
  }

  #applyState(event: OncueEventOf<'agent_state_applied'>): void {
    const speech = [...this.#speeches.values()].find((one) => one.hasTurn(event.turnId));
    if (!speech) return;
    const isFirstStart = event.source === 'playback' && speech.noteStart(event.turnId);
    applyAgentState(this.#session, event, { handle: speech.handle, isFirstStart });
  }

  #captionOf(id: ResponseId, speechId: string | undefined): string {
    const parts = this.#speeches.get(speechId ?? '')?.parts ?? [];
    return parts.find((part) => part.response.id === id)?.caption ?? '';
  }
}
