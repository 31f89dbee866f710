import type { voice } from '@livekit/agents';
import type { OncueEvent } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import type { Ear } from '../fakes/ear.ts';
import type { MadeWord } from '../fakes/words_tts.ts';
import type { EarPlan } from '../scenario.ts';

/** What a listener works with. */
export interface ListeningPort {
  readonly session: voice.AgentSession;
  readonly clock: ManualClock;
  readonly ear: Ear;
  readonly plan: EarPlan;
  readonly made: readonly MadeWord[];
  readonly onEvent: (event: OncueEvent) => void;
}

/** Whoever listens to the agent, beside the innermost output of the session. What he can hear, the ear is told by the run. */
export interface Listening {
  readonly output: voice.AudioOutput;
  comes?(): void;
  /** He is gone without a word. */
  leaves?(): void;
  /** Somebody else who listens is gone without a word. */
  companionLeaves?(): void;
  /** @returns In how many ms that can be heard; nothing: at once. */
  setMuted?(isMuted: boolean): number | undefined;
  setCompanionMuted?(isMuted: boolean): void;
  networkGoes?(): void;
  networkReturns?(): void;
  /** His page begins a new visit, and he stays in the room. */
  visitsAnew?(): void;
  /** His page does not report any more, and plays on. */
  closesReporter?(): void;
  /** The worker of the avatar neither plays nor reports any more. */
  workerDies?(): void;
}

/** From leaving the agent, or the page, to the ear, ms. */
export const USUAL_PATH_MS = 60;
