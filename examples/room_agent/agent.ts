import { fileURLToPath } from 'node:url';
import { cli, defineAgent, type llm, ServerOptions, voice } from '@livekit/agents';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { type AgentTurn, attachOncue, OncueAgent } from '@oncue/livekit';

type Publish = (message: object) => void;

/** Answers at once, then looks up the way. It shows a thing on the page when the guest hears about it. */
class Concierge extends OncueAgent {
  readonly #publish: Publish;

  constructor(publish: Publish) {
    super({ instructions: 'You show the way.' });
    this.#publish = publish;
  }

  protected override async *respond(turn: AgentTurn) {
    turn.begin({
      onPlaybackStarted: () => this.#publish({ type: 'task', text: 'look up the way' }),
    });
    yield 'One moment please, I am looking that up for you. ';
    turn.queueAgentState('thinking');
    turn.begin({ onPlaybackStarted: () => this.#publish({ type: 'task', text: 'open the map' }) });
    yield 'It is right behind you, on the other side of the square, next to the old clock.';
  }

  /** This example has no speech recognition: speaking interrupts the agent, and typed text is answered. */
  override async onUserTurnCompleted(_chatCtx: llm.ChatContext, message: llm.ChatMessage) {
    if (!message.textContent?.trim()) throw new voice.StopResponse();
  }
}

// biome-ignore lint/style/noDefaultExport: a LiveKit worker loads the default export.
export default defineAgent({
  entry: async (ctx) => {
    await ctx.connect();
    const publish: Publish = (message) => {
      const data = new TextEncoder().encode(JSON.stringify(message));
      // The page may have left.
      ctx.room.localParticipant
        ?.publishData(data, { reliable: true, topic: 'room_agent' })
        ?.catch(() => {});
    };
    // LiveKit needs an LLM even if the agent writes its own answers.
    const session = new voice.AgentSession({
      llm: new ScriptedLLM({ script: [] }),
      tts: new FliteTTS(),
      useTtsAlignedTranscript: true,
    });
    // Before session.start. The page shows captions, so it is told the text and where its words end.
    const oncue = attachOncue(session, { room: ctx.room, shareWithPage: { text: true } });
    oncue.on('response_playback_started', publish);
    oncue.on('response_playback_refined', publish);
    oncue.on('response_playback_finished', publish);
    await session.start({
      agent: new Concierge(publish),
      room: ctx.room,
      // So that a guest who reloads the page hears the rest.
      inputOptions: { closeOnDisconnect: false },
    });
  },
});

// The worker's job processes load this file too, and must not start a worker.
const file = fileURLToPath(import.meta.url);
if (process.argv[1] === file) {
  // The port of the worker's health check. LiveKit chooses one if `HEALTH_PORT` is not set.
  const port = Number(process.env['HEALTH_PORT'] ?? 0);
  // Page and server also run on this machine and keep it busy. LiveKit's server skips a worker whose load is above 0.7
  // and does not ask again, so the room would never get an agent.
  const loadFunc = async (): Promise<number> => 0;
  cli.runApp(
    new ServerOptions({
      agent: file,
      host: '127.0.0.1',
      port,
      loadFunc,
      // A job's process loads TypeScript sources. On a busy machine that takes longer than LiveKit's 10 s, and then the
      // room would get no agent.
      initializeProcessTimeout: 60_000,
    }),
  );
}
