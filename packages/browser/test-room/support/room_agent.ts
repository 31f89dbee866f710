import { initializeLogger, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import type { HeardInstant, OncueEvent, OncueEventOf, TaskTiming } from '@oncue/core';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import {
  type AgentTurn,
  attachOncue,
  type ListenerDevice,
  OncueAgent,
  type OncueSession,
  type RoomOptions,
} from '@oncue/livekit';
import { joinToken, type LivekitServer } from '@oncue/testbed';

initializeLogger({ pretty: false, level: 'silent' });

/** What `RoomOptions.awayAfterMs` is if nobody sets it. */
const DEFAULT_AWAY_AFTER_MS = 5000;

/** The responses of a turn; what comes piece by piece takes the time it takes. */
export type Script = readonly (string | AsyncIterable<string>)[];

/** Says what its script has, one response after the other. */
class ScriptedAgent extends OncueAgent {
  script: Script = [];
  timing: TaskTiming = 'confirmed';
  /** Called as the task of each response. */
  onTask: (index: number) => void | Promise<void> = () => {};

  protected override async *respond(turn: AgentTurn): AsyncGenerator<string> {
    const { script, timing = 'confirmed' } = this;
    for (const [index, text] of script.entries()) {
      if (index > 0) turn.queueAgentState('thinking');
      turn.begin({ task: { run: () => this.onTask(index), timing } });
      if (typeof text === 'string') yield text;
      else yield* text;
    }
  }
}

/** How an agent joins. */
export interface RoomAgentOptions {
  readonly room: string;
  readonly identity?: string;
  /** Default: the participant that the session is linked to. */
  readonly audience?: RoomOptions['audience'];
  readonly awayAfterMs?: number;
  readonly closeDeadlineMs?: number;
  readonly shareWithPage?: RoomOptions['shareWithPage'];
  readonly input?: Partial<voice.RoomInputOptions>;
  /** Where the audio goes instead of the room. */
  readonly listener?: (room: Room) => ListenerDevice;
}

/** A real session with Oncue in a room, and what it reported. */
export class RoomAgent {
  readonly session: voice.AgentSession;
  readonly oncue: OncueSession;
  readonly events: OncueEvent[] = [];
  /** States of the plain handler, starts and ends, in the order in which they came. */
  readonly story: string[] = [];
  /** Which response each task that ran belongs to, by its index. */
  readonly tasks: number[] = [];
  /** What a task waits for after that. */
  taskEnds: Promise<void> | undefined;
  readonly room: Room;
  /** How long playout waits for a listener that has gone, ms. */
  readonly awayAfterMs: number;
  readonly #agent = new ScriptedAgent({ instructions: '' });
  readonly #tts: FliteTTS;

  private constructor(room: Room, of: RoomAgentOptions) {
    this.room = room;
    this.#tts = new FliteTTS();
    this.session = new voice.AgentSession({
      // It is asked for nothing: the agent writes its own answers.
      llm: new ScriptedLLM({ script: [] }),
      tts: this.#tts,
      vad: null,
      useTtsAlignedTranscript: true,
    });
    const { audience, awayAfterMs, closeDeadlineMs, shareWithPage, listener } = of;
    this.awayAfterMs = awayAfterMs ?? DEFAULT_AWAY_AFTER_MS;
    this.oncue = attachOncue(
      this.session,
      listener
        ? { listener: listener(room) }
        : {
            room,
            ...(closeDeadlineMs === undefined ? {} : { closeDeadlineMs }),
            ...(audience === undefined ? {} : { audience }),
            ...(awayAfterMs === undefined ? {} : { awayAfterMs }),
            ...(shareWithPage === undefined ? {} : { shareWithPage }),
          },
    );
    this.#agent.onTask = (index) => {
      this.tasks.push(index);
      return this.taskEnds;
    };
    this.session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) =>
      this.story.push(newState),
    );
    this.oncue.onAny((event) => this.#note(event));
  }

  /** Joins and starts the session. */
  static async join(server: LivekitServer, of: RoomAgentOptions): Promise<RoomAgent> {
    const room = new Room();
    // What another agent says. Unhandled, each piece of it is a line of log.
    room.registerTextStreamHandler('lk.transcription', () => {});
    const { identity = 'agent' } = of;
    const token = await joinToken(server, { room: of.room, identity, kind: 'agent' });
    await room.connect(server.url, token, { autoSubscribe: true, dynacast: false });
    const agent = new RoomAgent(room, of);
    const inputOptions = { audioEnabled: false, ...of.input };
    await agent.session.start({ agent: agent.#agent, room, inputOptions });
    agent.story.length = 0;
    return agent;
  }

  /** Has the agent answer with these responses, in one turn. */
  ask(script: Script, timing: TaskTiming = 'confirmed'): voice.SpeechHandle {
    this.#agent.script = script;
    this.#agent.timing = timing;
    return this.session.generateReply({ userInput: 'Go on.' });
  }

  of<T extends OncueEvent['type']>(type: T): OncueEventOf<T>[] {
    return this.events.filter((event): event is OncueEventOf<T> => event.type === type);
  }

  /** Who is in the room besides. */
  get others(): string[] {
    return [...this.room.remoteParticipants.values()].map(({ identity }) => identity);
  }

  /** Whether a page reports. */
  get isListenedTo(): boolean {
    return this.of('listener_changed').at(-1)?.listening === true;
  }

  /** Whether it noticed once that nobody was there. */
  get hasMissedListener(): boolean {
    return this.of('audibility_changed').some(({ audibility }) => audibility === 'nobody');
  }

  /** What is known by now of when each response started, in their order. */
  get starts(): HeardInstant[] {
    return this.of('response_playback_started').map(
      (start) =>
        this.of('response_playback_refined').findLast(
          ({ responseId }) => responseId === start.responseId,
        ) ?? start,
    );
  }

  /** How much of the newest response was heard by the last word on it. */
  get heardMs(): number {
    return this.of('response_playback_progressed').at(-1)?.heardMs ?? 0;
  }

  /** What the agent said, by the chat context. */
  get messages(): (string | undefined)[] {
    return this.session.history.items.flatMap((item) =>
      item.type === 'message' && item.role === 'assistant' ? [item.textContent] : [],
    );
  }

  async leave(): Promise<void> {
    await this.session.close();
    await this.#tts.close();
    await this.room.disconnect();
  }

  #note(event: OncueEvent): void {
    this.events.push(event);
    if (event.type === 'response_playback_started') this.story.push(`start ${event.index}`);
    if (event.type === 'response_playback_finished')
      this.story.push(`${event.outcome} ${event.index}`);
    if (event.type === 'response_skipped') this.story.push(`skipped ${event.index}`);
  }
}
