import { fileURLToPath } from 'node:url';
import { cli, defineAgent, ServerOptions, voice } from '@livekit/agents';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { attachOncue } from '@oncue/livekit';
import { type AgentNote, EVENTS_TOPIC, LISTENER, SPEECH } from './agent_notes.ts';

/** An agent that a worker of LiveKit runs: it reads a text to the listener, and sends everybody in the room what happens. */
// biome-ignore lint/style/noDefaultExport: a LiveKit worker loads the default export.
export default defineAgent({
  entry: async (ctx) => {
    await ctx.connect();
    const send = (note: AgentNote): void => {
      const data = new TextEncoder().encode(JSON.stringify(note));
      // Nobody may be there any more.
      ctx.room.localParticipant
        ?.publishData(data, { reliable: true, topic: EVENTS_TOPIC })
        .catch(() => {});
    };
    const session = new voice.AgentSession({
      llm: new ScriptedLLM({ script: () => SPEECH }),
      tts: new FliteTTS(),
      vad: null,
      useTtsAlignedTranscript: true,
    });
    const oncue = attachOncue(session, { room: ctx.room, audience: { identity: LISTENER } });
    const { pid } = process;
    oncue.on('response_playback_started', ({ evidence }) =>
      send({ what: 'started', pid, evidence }),
    );
    oncue.on('response_playback_finished', ({ outcome, evidence }) =>
      send({ what: 'finished', pid, outcome, evidence }),
    );
    oncue.on('response_skipped', ({ reason }) => send({ what: 'skipped', pid, reason }));
    await session.start({
      agent: new voice.Agent({ instructions: 'Read.' }),
      room: ctx.room,
      inputOptions: { audioEnabled: false, participantIdentity: LISTENER },
    });
    await session.generateReply({ userInput: 'read' }).waitForPlayout();
    ctx.shutdown('read to the end');
  },
});

// The job's process loads this file too, and must not start a worker.
const file = fileURLToPath(import.meta.url);
if (process.argv[1] === file)
  cli.runApp(
    new ServerOptions({
      agent: file,
      host: '127.0.0.1',
      port: Number(process.env['HEALTH_PORT'] ?? 0),
      numIdleProcesses: 1,
      // A busy machine must not keep the room waiting.
      loadFunc: async () => 0,
      initializeProcessTimeout: 60_000,
    }),
  );
