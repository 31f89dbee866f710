import { voice } from '@livekit/agents';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { attachOncue, LocalDevice } from '@oncue/livekit';
import { BenchAgent, type ResponseKey } from '../shared/bench_agent.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';
import { DeviceRecording, type Recording, TapRecording } from './recording.ts';
import { roomWithTap } from './stub_room.ts';

/** A reported start, with the instant at which the handler ran. */
export interface Start extends Partial<ResponseKey> {
  readonly firedAtMs: number;
  /** The instant that was reported, where there was one. */
  readonly startedAtMs?: number;
}

/** One of the two that are compared: a session, what it reported, and a recording of what really sounded. */
export interface Side {
  readonly name: 'oncue' | 'stock';
  readonly session: voice.AgentSession;
  readonly agent: BenchAgent;
  readonly recording: Recording;
  /** Oncue's start events; for the stock side `playbackStarted` of the output. */
  readonly starts: Start[];
  readonly tasks: Start[];
  /** Each time the plain `agent_state_changed` handler saw `speaking`. */
  readonly speaking: Start[];
  /** What was heard of a response, as the finish event says. */
  readonly heardTexts: (ResponseKey & { readonly heardText: string })[];
  /** The voice of both sides. It knows when each sentence was ready. */
  readonly speaker: ReplayTTS;
  close(): Promise<void>;
}

function followSpeaking(session: voice.AgentSession): Start[] {
  const speaking: Start[] = [];
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, (event) => {
    if (event.newState === 'speaking') speaking.push({ firedAtMs: performance.now() });
  });
  return speaking;
}

/** With Oncue and the local device, as in the terminal. */
export async function startOncue(
  speaker: ReplayTTS,
): Promise<Side & { readonly recording: DeviceRecording }> {
  const session = newSession(speaker);
  const recording = new DeviceRecording(SAMPLE_RATE_HZ);
  const listener = new LocalDevice({ sampleRateHz: SAMPLE_RATE_HZ, onRendered: recording.add });
  const oncue = attachOncue(session, { listener });
  const starts: Start[] = [];
  const tasks: Start[] = [];
  const heardTexts: Side['heardTexts'] = [];
  oncue.on('response_playback_started', (event) => {
    const firedAtMs = performance.now();
    const { speechId = '', index, startedAtMs } = event;
    starts.push({ speechId, index, startedAtMs, firedAtMs });
  });
  oncue.on('response_playback_finished', ({ speechId = '', index, heardText }) => {
    heardTexts.push({ speechId, index, heardText });
  });
  const agent = new BenchAgent((key, firedAtMs) => tasks.push({ ...key, firedAtMs }));
  const speaking = followSpeaking(session);
  await session.start({ agent });
  const close = (): Promise<void> => session.close();
  const reported = { starts, tasks, speaking, heardTexts };
  return { name: 'oncue', speaker, session, agent, recording, ...reported, close };
}

/** LiveKit alone: everything that `session.start` with a room sets up, its output and its transcript synchronizer. */
export async function startStock(
  speaker: ReplayTTS,
): Promise<Side & { readonly recording: TapRecording }> {
  const session = newSession(speaker);
  const recording = new TapRecording(SAMPLE_RATE_HZ);
  const { room, close: closeTap } = roomWithTap(recording, SAMPLE_RATE_HZ);
  const agent = new BenchAgent();
  const speaking = followSpeaking(session);
  await session.start({
    agent,
    room,
    inputOptions: { audioEnabled: false },
    // The rate of the speech, so that the samples come through unchanged and can be found exactly.
    outputOptions: { audioSampleRate: SAMPLE_RATE_HZ },
  });
  const starts: Start[] = [];
  const output = session.output.audio;
  if (!output) throw new Error('the session has no audio output; RoomIO should have made one');
  output.on(voice.AudioOutput.EVENT_PLAYBACK_STARTED, () => {
    starts.push({ firedAtMs: performance.now() });
  });
  const close = async (): Promise<void> => {
    await session.close();
    await closeTap();
  };
  const reported = { starts, tasks: [], speaking, heardTexts: [] };
  return { name: 'stock', speaker, session, agent, recording, ...reported, close };
}
