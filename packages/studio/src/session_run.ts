import { voice } from '@livekit/agents';
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

/** What a run needs from the studio. */
export interface RunSetup {
  readonly module: StudioAgentModule;
  readonly parts: SpeechParts;
  /** The LiveKit server whose room the listeners are in. Default: listeners use a socket of the studio. */
  readonly room?: RoomServer | undefined;
  readonly onLine: (line: string) => void;
  /** The agent's own code failed while it ran. */
  readonly onError: (error: unknown) => void;
}

/** One session of one agent from start to end, and its trace. */
export class SessionRun {
  readonly trace: TraceLog;
  readonly mic: MicInput = new MicInput();
  readonly #session: voice.AgentSession;
  readonly #oncue: OncueSession;
  readonly #place: SocketListener | StudioRoom;
  /** The responses whose start no page has measured yet. */
  readonly #unmeasured = new Set<string>();
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
      // Every page counts, not only the participant that LiveKit has linked the session to.
      place instanceof StudioRoom
        ? { ...common, room: place.room, audience: 'any' }
        : { ...common, listener: place },
    );
    this.#follow(setup);
  }

  /** @throws What the module throws when it makes agent and session, and what the session throws at its start. */
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
        // A page that reloads disconnects and comes back.
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

  /** Adds a page that plays and reports. */
  addListener(socket: ListenerSocket): void {
    if (this.#place instanceof SocketListener) this.#place.attachSocket(socket);
    else socket.close(1013, 'this run is in a room');
  }

  /** The address and token of the room for a page; `undefined` for a run without a room. */
  async ticket(): Promise<RoomTicket | undefined> {
    return this.#place instanceof StudioRoom ? await this.#place.ticket() : undefined;
  }

  /** Asks the agent as LiveKit's own text input does: what the agent says now is cut. */
  ask(text: string): void {
    this.#note('user_said', { text, by: 'typing' });
    this.#cut();
    this.#session.generateReply({ userInput: text });
  }

  /** The user pressed the button or the key. The note tells this cut from one by the application. */
  interrupt(): void {
    this.#note('user_interrupted', {});
    this.#cut();
  }

  #cut(): void {
    // A speech that does not allow interruptions rejects. It then goes on.
    this.#session.interrupt().await.catch(() => undefined);
  }

  /** Writes the first measurement of each start by a page into the trace, on the agent's clock. */
  takeTruth({ responseId, soundedAtEpochMs }: Extract<PageMessage, { type: 'truth' }>): void {
    // A page can send it for anything, and as often as it likes.
    if (!this.#unmeasured.delete(responseId)) return;
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

  /** Writes what Oncue's events do not contain: LiveKit's agent state, the user, and failures of parts. */
  #follow({ onError, parts }: RunSetup): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#oncue.on('response_declared', ({ responseId }) => this.#unmeasured.add(responseId));
    this.#oncue.on('response_skipped', ({ responseId }) => this.#unmeasured.delete(responseId));
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
      const message = parts.failureText(error.type, causeOf(error));
      this.#note('part_failed', { part: error.type, message });
    });
    this.#session.on(Events.Close, ({ error }) => {
      if (!this.#closed && error) onError(causeOf(error));
    });
  }
}

/** All but one of LiveKit's error events wrap the thrown error. */
function causeOf(error: object): unknown {
  return 'error' in error ? error.error : error;
}

/** The sample rate of the voice, so that nothing is resampled; every browser plays 8 to 96 kHz. */
function sampleRateOf(voice: { readonly sampleRate: number } | undefined): number {
  const { sampleRate } = voice ?? { sampleRate: 24_000 };
  return sampleRate >= 8000 && sampleRate <= 96_000 ? sampleRate : 24_000;
}
