import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { FakeSource } from './fake_source.ts';

/** What RoomIO builds around the outputs of a session (`voice/room_io/room_io.ts`); LiveKit exports none of these parts. */
export type Synchronizer = new (
  audio: voice.AudioOutput,
  text: unknown,
) => { readonly audioOutput: voice.AudioOutput; readonly textOutput: never };

type RoomOutput = new (
  room: unknown,
  options: {
    readonly sampleRate: number;
    readonly numChannels: number;
    readonly queueSizeMs: number;
  },
) => voice.AudioOutput;

/** LiveKit's recorder, `voice/recorder_io/recorder_io.ts`. */
export interface Recorder {
  started: boolean;
  enqueue: (item: RecordedItem) => void;
  recordOutput(output: voice.AudioOutput): voice.AudioOutput;
}

/** What the recorder hands to its encoder. */
export type RecordedItem =
  | { readonly kind: 'captured'; readonly startedAt: number; readonly frame: AudioFrame }
  | { readonly kind: 'flush' };

/** One channel of a recording: LiveKit's own placement. */
export interface RecorderTrack {
  push(startedAt: number, frame: AudioFrame): void;
  take(start: number, end: number): Float32Array;
}

interface RecorderParts {
  readonly RecorderIO: new (options: {
    readonly agentSession: unknown;
    readonly sampleRate: number;
  }) => Recorder;
  readonly Track: new (sampleRate: number, t0: number) => RecorderTrack;
}

const folder = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(folder, file)).href)) as T;
}

export const { TranscriptionSynchronizer } = await load<{
  TranscriptionSynchronizer: Synchronizer;
}>('voice/transcription/synchronizer.js');

export const { RecorderIO, Track } = await load<RecorderParts>('voice/recorder_io/recorder_io.js');

/** What LiveKit does when a voice activity detector hears the user (`voice/agent_activity.ts`). */
interface Activity {
  interruptByAudioActivity(): void;
  startFalseInterruptionTimer(timeoutMs: number): void;
  onPreemptiveGeneration(info: UserWords): void;
  userTurnCompleted(info: UserWords): Promise<void>;
}

/** What speech recognition has understood. */
interface UserWords {
  readonly newTranscript: string;
  readonly transcriptConfidence: number;
}

function wordsOfUser(text: string): UserWords {
  return { newTranscript: text, transcriptConfidence: 1 };
}

/** The user's words are known, and the end of his turn is not: LiveKit makes the answer and keeps it. */
export function answersInAdvance(session: voice.AgentSession, text: string): void {
  activityOf(session)?.onPreemptiveGeneration(wordsOfUser(text));
}

/** The user's turn has ended with these words: an answer that was made for them is said, else another is made. */
export function userTurnEnds(session: voice.AgentSession, text: string): void {
  void activityOf(session)?.userTurnCompleted(wordsOfUser(text));
}

function activityOf(session: voice.AgentSession): Activity | undefined {
  return (session as unknown as { readonly activity?: Activity }).activity;
}

/** The user makes a sound. LiveKit pauses the output if it can, and else interrupts. */
export function userMakesSound(session: voice.AgentSession): void {
  activityOf(session)?.interruptByAudioActivity();
}

/** It was no word: LiveKit lets a paused output go on. */
export function soundWasNoWord(session: voice.AgentSession): void {
  activityOf(session)?.startFalseInterruptionTimer(0);
}

const { ParticipantAudioOutput } = await load<{ ParticipantAudioOutput: RoomOutput }>(
  'voice/room_io/_output.js',
);

/** LiveKit's own room output, with its real code, on a source that the test's clock drives. */
export interface StockOutput {
  readonly output: voice.AudioOutput;
  /** Somebody has subscribed to its track; nothing leaves before. */
  readonly subscribed: () => void;
}

/** LiveKit's output in console mode, and the part of it that the console calls. */
interface ConsoleOutput extends voice.AudioOutput {
  notifyPlayoutFinished(): void;
}

interface ConsoleParts {
  readonly TcpAudioOutput: new (transport: {
    sendMessage(message: { readonly message: { readonly case: string } }): Promise<void>;
  }) => ConsoleOutput;
}

export const { TcpAudioOutput } = await load<ConsoleParts>('voice/console_io.js');

/** @see StockOutput */
export function stockOutput(
  source: FakeSource,
  sampleRate: number,
  queueSizeMs: number,
): StockOutput {
  const output = new ParticipantAudioOutput({}, { sampleRate, numChannels: 1, queueSizeMs });
  const inner = output as unknown as {
    audioSource: FakeSource | { close(): Promise<void> };
    readonly startedFuture: { readonly done: boolean; resolve(): void };
  };
  void inner.audioSource.close();
  inner.audioSource = source;
  return {
    output,
    subscribed: () => {
      if (!inner.startedFuture.done) inner.startedFuture.resolve();
    },
  };
}
