import { voice } from '@livekit/agents';
import type { Room } from '@livekit/rtc-node';
import { attachOncue } from '@oncue/livekit';
import { BenchAgent, type ResponseKey } from '../shared/bench_agent.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { LISTENER } from '../shared/room/join_room.ts';
import { newSession } from '../shared/session.ts';
import { TimeToHeard } from './time_to_heard.ts';
import type { Speaking } from './trials.ts';

/** LiveKit alone. */
export interface StockSide extends Speaking {
  /** When its innermost output said `playbackStarted`. */
  readonly startedAtMs: readonly number[];
  close(): Promise<void>;
}

/** With Oncue. */
export interface OncueSide extends Speaking {
  /** Lines of the trace. */
  readonly trace: readonly string[];
  /** When the predicted task of each response ran. */
  readonly timeToHeard: TimeToHeard;
  readonly predicted: readonly (ResponseKey & { readonly firedAtMs: number })[];
  close(): Promise<void>;
}

/** There are two agents in the room, and neither is the other's listener. */
const INPUT = { audioEnabled: false, participantIdentity: LISTENER } as const;

/** @param share What it shares with the page; by default nothing. */
export async function startOncue(
  room: Room,
  speaker: ReplayTTS,
  share: { readonly text: boolean } = { text: false },
): Promise<OncueSide> {
  const session = newSession(speaker);
  const trace: string[] = [];
  const predicted: (ResponseKey & { firedAtMs: number })[] = [];
  const oncue = attachOncue(session, {
    room,
    audience: { identity: LISTENER },
    ...(share.text && { shareWithPage: share }),
    trace: (line) => trace.push(line),
  });
  const timeToHeard = new TimeToHeard(oncue, session);
  const agent = new BenchAgent(
    (key, firedAtMs) => predicted.push({ ...key, firedAtMs }),
    'predicted',
  );
  await session.start({ agent, room, inputOptions: INPUT });
  const close = async (): Promise<void> => {
    await session.close();
    await room.disconnect();
  };
  const userStopped = (atMs: number): void => timeToHeard.userStopped(atMs);
  return { session, agent, trace, predicted, timeToHeard, userStopped, close };
}

export async function startStock(room: Room, speaker: ReplayTTS): Promise<StockSide> {
  const session = newSession(speaker);
  const agent = new BenchAgent();
  await session.start({ agent, room, inputOptions: INPUT });
  const startedAtMs: number[] = [];
  innermost(session).on(voice.AudioOutput.EVENT_PLAYBACK_STARTED, () => {
    startedAtMs.push(performance.now());
  });
  const close = async (): Promise<void> => {
    await session.close();
    await room.disconnect();
  };
  return { session, agent, startedAtMs, close };
}

function innermost(session: voice.AgentSession): voice.AudioOutput {
  let output = session.output.audio as (voice.AudioOutput & Chained) | null;
  if (!output) throw new Error('the session has no audio output; RoomIO should have made one');
  while (output.nextInChain) output = output.nextInChain as voice.AudioOutput & Chained;
  return output;
}

interface Chained {
  readonly nextInChain?: voice.AudioOutput;
}
