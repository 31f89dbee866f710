import { initializeLogger, voice } from '@livekit/agents';
import { ScriptedLLM } from '@oncue/embedded';
import { attachOncue, SocketListener } from '@oncue/livekit';
import { ToneTTS } from '../../../livekit/test/support/tone_tts.ts';
import { TalkingAgent } from '../../test-room/support/talking_agent.ts';

initializeLogger({ pretty: false, level: 'silent' });

/** A real session that plays to the pages of a site, and what it reported. */
export class SocketAgent extends TalkingAgent {
  readonly listener: SocketListener;

  private constructor(of: {
    readonly awayAfterMs: number;
    readonly closeDeadlineMs: number;
  }) {
    const { awayAfterMs, closeDeadlineMs } = of;
    // A voice without a worker of its own, so that many agents start at once on a busy machine.
    const tts = new ToneTTS();
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

  static async start(of: {
    readonly awayAfterMs: number;
    readonly closeDeadlineMs: number;
  }): Promise<SocketAgent> {
    const agent = new SocketAgent(of);
    await agent.session.start({ agent: agent.agent });
    return agent;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.oncue.close();
  }
}
