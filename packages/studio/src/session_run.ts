import { voice } from '@livekit/agents';
import { messageOf } from '@oncue/core/internal';
import {
  attachOncue,
  type ListenerSocket,
  type OncueSession,
  SocketListener,
} from '@oncue/livekit';
import { createAgentOf, type StudioAgentModule } from './agent/agent_module.ts';
import { observeLlmNode, skipWordlessTurns } from './agent/observe_agent.ts';
import type { PageMessage, RoomTicket } from './protocol/control_messages.ts';
import { TraceLog } from './server/trace_log.ts';
import { MicInput } from './speech/mic_input.ts';
import type { SpeechParts } from './speech/speech_parts.ts';
import { type RoomServer, StudioRoom } from './studio_room.ts';

/** What a run needs of the studio around it. */
export interface RunSetup {
  readonly module: StudioAgentModule;
  readonly parts: SpeechParts;
  /** The listeners are in a LiveKit room. Left out: on a socket of the studio. */
  readonly room?: RoomServer | undefined;
  readonly onLine: (line: string) => void;
  /** Something of the agent's own broke while it ran. */
  readonly onError: (error: unknown) => void;
}

/** One session with one agent, from its start to its end, and its trace. */
export class SessionRun {
  readonly trace: TraceLog;
  readonly mic: MicInput = new MicInput();
  readonly #session: voice.AgentSession;
  readonly #oncue: OncueSession;
  readonly #place: SocketListener | StudioRoom;
  #closed = false;

  private constructor(
    setup: RunSetup,
    session: voice.AgentSession,
    place: SocketListener | StudioRoom,
  ) {
    this.trace = new TraceLog(setup.onLine);
    this.#session = session;
    this.#place = place;
    const common = { trace: this.trace.write, closeDeadlineMs: 0 };
    this.#oncue = attachOncue(
      session,
      // Every page of the studio counts, whichever LiveKit has linked the session to.
      place instanceof StudioRoom
        ? { ...common, room: place.room, audience: 'any' }
        : { ...common, listener: place },
    );
    this.#follow(setup.onError);
  }

  /** @throws What the module throws while it makes its agent and session, and what the session throws at its start. */
  static async start(setup: RunSetup): Promise<SessionRun> {
    const { module, parts } = setup;
    const agent = await createAgentOf(module);
    const session = module.createSession
      ? await module.createSession(parts.options)
      : new voice.AgentSession(parts.options);
    observeLlmNode(agent, setup.onError);
    if (!session.stt && !agent.stt) skipWordlessTurns(agent);
    const place = setup.room
      ? await StudioRoom.join(setup.room)
      : new SocketListener({ sampleRateHz: sampleRateOf(agent.tts ?? session.tts) });
    const run = new SessionRun(setup, session, place);
    try {
      if (place instanceof StudioRoom) {
        // A page that reloads comes back.
        const inputOptions = { closeOnDisconnect: false };
        await session.start({ agent, room: place.room, inputOptions });
      } else {
        session.input.audio = run.mic;
        await session.start({ agent });
      }
    } catch (error) {
      await run.close();
      throw error;
    }
    return run;
  }

  /** The agent's clock. */
  nowMs(): number {
    return this.#oncue.nowMs();
  }

  /** A page that hears and reports. */
  addListener(socket: ListenerSocket): void {
    if (this.#place instanceof SocketListener) this.#place.attachSocket(socket);
    else socket.close(1013, 'this run is in a room');
  }

  /** For a page that joins; `undefined` for a run that is in no room. */
  async ticket(): Promise<RoomTicket | undefined> {
    return this.#place instanceof StudioRoom ? await this.#place.ticket() : undefined;
  }

  /** Says something to the agent as if the user had, as LiveKit's own text input does: what it says now is cut. */
  ask(text: string): void {
    this.#note('user_said', { text, by: 'typing' });
    this.interrupt();
    this.#session.generateReply({ userInput: text });
  }

  interrupt(): void {
    // A speech that forbids interruptions rejects; then there is nothing to do.
    this.#session.interrupt().await.catch(() => undefined);
  }

  /** Keeps what the page's own audio graph says of a start, on the agent's clock. */
  takeTruth({ responseId, soundedAtEpochMs }: Extract<PageMessage, { type: 'truth' }>): void {
    const soundedAtMs = soundedAtEpochMs - performance.timeOrigin;
    this.#note('listener_truth', { responseId, soundedAtMs });
  }

  /** Ends the run. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.close().catch(() => undefined);
    await this.#oncue.close();
    await this.mic.close();
    if (this.#place instanceof StudioRoom) await this.#place.leave();
  }

  #note(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.trace.note({ type, atMs: this.#oncue.nowMs(), ...fields });
  }

  /** What the timeline's own events do not tell: LiveKit's state machine, the user, and failures of its parts. */
  #follow(onError: (error: unknown) => void): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#session.on(Events.AgentStateChanged, ({ newState }) =>
      this.#note('agent_state', { state: newState }),
    );
    this.#session.on(Events.UserStateChanged, ({ newState }) =>
      this.#note('user_state', { state: newState }),
    );
    this.#session.on(Events.UserInputTranscribed, ({ transcript, isFinal }) => {
      if (isFinal) this.#note('user_said', { text: transcript, by: 'voice' });
    });
    this.#session.on(Events.Error, ({ error }) => {
      this.#note('part_failed', { part: error.type, message: messageOf(causeOf(error)) });
    });
    this.#session.on(Events.Close, ({ error }) => {
      if (!this.#closed && error) onError(causeOf(error));
    });
  }
}

/** LiveKit's error events wrap what was thrown, all but one. */
function causeOf(error: object): unknown {
  return 'error' in error ? error.error : error;
}

/** The rate of the voice itself, so that nothing is resampled on the way; every browser plays these. */
function sampleRateOf(voice: { readonly sampleRate: number } | undefined): number {
  const { sampleRate } = voice ?? { sampleRate: 24_000 };
  return sampleRate >= 8000 && sampleRate <= 96_000 ? sampleRate : 24_000;
}
