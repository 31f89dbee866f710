import { initializeLogger, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import type { HeardInstant, OncueEvent } from '@oncue/core';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { attachOncue, type ListenerDevice, type RoomOptions } from '@oncue/livekit';
import { joinToken, type LivekitServer } from '@oncue/testbed';
import { TalkingAgent } from './talking_agent.ts';

initializeLogger({ pretty: false, level: 'silent' });

/** What `RoomOptions.awayAfterMs` is if nobody sets it. */
const DEFAULT_AWAY_AFTER_MS = 5000;

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
export class RoomAgent extends TalkingAgent {
  /** States of the plain handler, starts and ends, in the order in which they came. */
  readonly story: string[] = [];
  readonly room: Room;
  readonly #tts: FliteTTS;

  private constructor(room: Room, of: RoomAgentOptions) {
    const tts = new FliteTTS();
    const session = new voice.AgentSession({
      // It is asked for nothing: the agent writes its own answers.
      llm: new ScriptedLLM({ script: [] }),
      tts,
      vad: null,
      useTtsAlignedTranscript: true,
    });
    const { audience, awayAfterMs, closeDeadlineMs, shareWithPage, listener } = of;
    const oncue = attachOncue(
      session,
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
    super({ session, oncue, awayAfterMs: awayAfterMs ?? DEFAULT_AWAY_AFTER_MS });
    this.room = room;
    this.#tts = tts;
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
    await agent.session.start({ agent: agent.agent, room, inputOptions });
    agent.story.length = 0;
    return agent;
  }

  /** Who is in the room besides. */
  get others(): string[] {
    return [...this.room.remoteParticipants.values()].map(({ identity }) => identity);
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
    if (event.type === 'response_playback_started') this.story.push(`start ${event.index}`);
    if (event.type === 'response_playback_finished')
      this.story.push(`${event.outcome} ${event.index}`);
    if (event.type === 'response_skipped') this.story.push(`skipped ${event.index}`);
  }
}
