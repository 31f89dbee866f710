import type { voice } from '@livekit/agents';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { attachOncue } from '@oncue/livekit';
import { BenchAgent } from '../shared/bench_agent.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';
import { PlainOutput } from './plain_output.ts';
import { WatchedDevice } from './watched_device.ts';

/** A session that speaks to a device of its own, with Oncue or without. */
export interface Speaking {
  readonly session: voice.AgentSession;
  readonly device: WatchedDevice;
  /** Says one turn to its end. @returns From the call to the device's first samples, ms. */
  speak(responses: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

export type With = 'oncue' | 'plain';

/** One number with Oncue, and one without. */
export type Pair = Readonly<Record<With, number>>;

export async function startSpeaking(kind: With, speaker: ReplayTTS): Promise<Speaking> {
  const session = newSession(speaker);
  const device = new WatchedDevice(SAMPLE_RATE_HZ);
  if (kind === 'oncue') attachOncue(session, { listener: device });
  else session.output.audio = new PlainOutput(device);
  const agent = kind === 'oncue' ? new BenchAgent(() => {}) : new BenchAgent();
  await session.start({ agent });
  return {
    session,
    device,
    speak: async (responses) => {
      agent.script = responses;
      device.firstWriteMs = undefined;
      const fromMs = performance.now();
      await session.generateReply({ userInput: 'go on' }).waitForPlayout();
      return (device.firstWriteMs ?? Number.NaN) - fromMs;
    },
    close: async () => {
      await session.close();
      device.close();
    },
  };
}

/** The order of the two sides in a round. It alternates, so that neither always comes first. */
export function orderOf(round: number): readonly With[] {
  return round % 2 === 0 ? ['oncue', 'plain'] : ['plain', 'oncue'];
}
