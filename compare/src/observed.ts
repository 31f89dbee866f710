import type { voice } from '@livekit/agents';
import type { OncueEvent } from '@oncue/core';
import type { AgentLog, SideName } from './agents.ts';
import type { Ear } from './fakes/ear.ts';
import type { SoundTime } from './fakes/thinking_sound.ts';
import type { MadeWord } from './fakes/words_tts.ts';

/** A message of the assistant, as it is in the history, or as a handler got it. */
export interface ChatMessage {
  readonly id: string;
  readonly text: string;
  readonly interrupted: boolean;
}

/** A message, and when a handler got it. */
export interface ToldMessage extends ChatMessage {
  readonly atMs: number;
}

/** The first word of a segment of audio, and when LiveKit's pipeline gave it to the session's output. */
export interface SaidSegment {
  readonly firstWord: Pick<MadeWord, 'text' | 'level'>;
  readonly atMs: number;
}

/** What one side did, and what was really audible. Instants are on the run's clock, ms. */
export interface Observed {
  readonly side: SideName;
  readonly ear: Ear;
  readonly made: readonly MadeWord[];
  readonly states: readonly { readonly state: voice.AgentState; readonly atMs: number }[];
  /** The assistant's messages in the chat history. */
  readonly history: readonly ChatMessage[];
  /** The same as `conversation_item_added` told them: to a handler that was there before Oncue, and to one after. */
  readonly itemsTold: {
    readonly before: readonly ToldMessage[];
    readonly after: readonly ToldMessage[];
  };
  /** What the pipeline said, in order. */
  readonly said: readonly SaidSegment[];
  /** The caption text, in the pieces in which it was shown. */
  readonly captions: readonly { readonly text: string; readonly atMs: number }[];
  readonly speeches: readonly { readonly interrupted: boolean; readonly done: boolean }[];
  /** What the outermost output told of playback, in order. */
  readonly finishes: readonly voice.PlaybackFinishedEvent[];
  /** Segments whose end was never told. */
  readonly unfinishedSegments: number;
  /** LiveKit's recording, played; `undefined` where the scenario records none. */
  readonly recording: Ear | undefined;
  /** When the sound for `thinking` played; `undefined` where the scenario has none. */
  readonly thinkingSound: readonly SoundTime[] | undefined;
  readonly log: AgentLog;
  readonly errors: readonly string[];
  readonly rejections: readonly string[];
  /** Oncue's events; none on plain LiveKit. */
  readonly events: readonly OncueEvent[];
  /** When the steps of the scenario began. */
  readonly startedAtMs: number;
  readonly closedInTime: boolean;
}
