import { initializeLogger, voice } from '@livekit/agents';
import { type FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { attachOncue, SocketListener } from '@oncue/livekit';
import { TalkingAgent } from '../../test-room/support/talking_agent.ts';

initializeLogger({ pretty: false, level: 'silent' });

interface SocketAgentOptions {
  /** Stays open when the agent closes, so that several agents can share it. */
  readonly tts: FliteTTS;
  readonly awayAfterMs: number;
  readonly closeDeadlineMs: number;
}

/** A real session that plays to the pages of a site, and what it reported. */
export class SocketAgent extends TalkingAgent {
  readonly listener: SocketListener;

  private constructor(of: SocketAgentOptions) {
    const { tts, awayAfterMs, closeDeadlineMs } = of;
    const listener = new SocketListener({ sampleRateHz: tts.sampleRate, awayAfterMs });
    const session = new voice.AgentSession({
      // It is asked for nothing: the agent writes its own answers.
      llm: new ScriptedLLM({ script: [] }),
      tts,
      vad: null,
      useTtsAlignedTranscript: true,
    });
    super({ session, oncue: attachOncue(session, { listener, closeDeadlineMs }), awayAfterMs });
    this.listener = listener;
  }

  static async start(of: SocketAgentOptions): Promise<SocketAgent> {
    const agent = new SocketAgent(of);
    await agent.session.start({ agent: agent.agent });
    return agent;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.oncue.close();
  }
}
