import { initializeLogger, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import type { OncueEventOf } from '@oncue/core';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { attachOncue } from '@oncue/livekit';
import { joinToken, type LivekitServer } from '@oncue/testbed';

initializeLogger({ pretty: false, level: 'silent' });

/** An agent in a room that tells one story, and what it knows of how much was heard. */
export class StoryAgent {
  readonly ends: OncueEventOf<'response_playback_finished'>[] = [];
  readonly session: voice.AgentSession;
  readonly #room: Room;
  readonly #tts: FliteTTS;
  isListenedTo = false;
  /** How much of the story was heard by the last word on it. */
  heardMs = 0;

  private constructor(room: Room, story: string) {
    this.#room = room;
    this.#tts = new FliteTTS();
    this.session = new voice.AgentSession({
      llm: new ScriptedLLM({ script: () => story, firstTokenMs: 0, tokensPerSecond: 1000 }),
      tts: this.#tts,
      vad: null,
      useTtsAlignedTranscript: true,
    });
    const oncue = attachOncue(this.session, { room, shareWithPage: { text: true } });
    oncue.on('listener_changed', ({ listening }) => {
      this.isListenedTo = listening;
    });
    oncue.on('response_playback_progressed', ({ heardMs }) => {
      this.heardMs = heardMs;
    });
    oncue.on('response_playback_finished', (event) => this.ends.push(event));
  }

  static async join(
    server: LivekitServer,
    of: { readonly room: string; readonly story: string },
  ): Promise<StoryAgent> {
    const room = new Room();
    const token = await joinToken(server, { room: of.room, identity: 'agent', kind: 'agent' });
    await room.connect(server.url, token, { autoSubscribe: true, dynacast: false });
    const agent = new StoryAgent(room, of.story);
    await agent.session.start({
      agent: new voice.Agent({ instructions: 'You tell a story.' }),
      room,
      inputOptions: { audioEnabled: false, closeOnDisconnect: false },
    });
    return agent;
  }

  tell(): voice.SpeechHandle {
    return this.session.generateReply({ userInput: 'Tell me a story.' });
  }

  async leave(): Promise<void> {
    await this.session.close();
    await this.#tts.close();
    await this.#room.disconnect();
  }
}
