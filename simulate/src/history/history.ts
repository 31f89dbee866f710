import type { AgentStateName, CutBy, TaskTiming, TimelineOptions, Unreported } from '@oncue/core';
import type { GateOptions } from '@oncue/core/wire';

/** One conversation: who takes part, and what happens when. All of it follows from the seed. */
export interface History {
  readonly seed: number;
  readonly setup: Setup;
  readonly happenings: readonly Happening[];
}

export interface Setup {
  /** `socket`: the page holds the buffer. `room`: the agent's queue lets audio out in real time. */
  readonly transport: 'socket' | 'room';
  readonly options: Partial<TimelineOptions>;
  readonly gate: GateOptions;
  readonly listeners: readonly ListenerSetup[];
  readonly network: NetworkSetup;
  /** How long playout stands still while nobody is there; 0: it does not. */
  readonly awayAfterMs: number;
  /** The faults that were drawn for this history. */
  readonly faults: readonly Fault[];
  /** The only listener is an output of LiveKit, as that of an avatar: it reports starts and ends [AU17]. */
  readonly carrier?: CarrierSetup;
  /** The timeline is told who can hear. */
  readonly hearing?: HearingSetup;
}

export interface HearingSetup {
  /** Whether listeners answer is watched. */
  readonly asksForAnswers: boolean;
  /** What happens while nobody is there; `unsaid`: that is not told. */
  readonly nobody: 'unsaid' | 'plays' | 'skips';
}

export interface CarrierSetup {
  /** Some report only ends. */
  readonly reportsStarts: boolean;
}

export interface ListenerSetup {
  /** One that never reports hears all the same. */
  readonly reports: boolean;
  readonly evidence: 'device' | 'transport';
  /** Its measurements are off by up to this, and say so. */
  readonly errorBoundMs: number;
  readonly reportEveryMs: number;
  /** From the agent to the ear. */
  readonly pathMs: number;
  readonly clockOffsetMs: number;
  /** Its clock gains this many ms a second, divided by 1000. */
  readonly clockDriftPpm: number;
  readonly deviceDriftPpm: number;
  readonly joinsAtMs: number;
}

/** The way back to the agent. */
export interface NetworkSetup {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lostShare: number;
  readonly repeatedShare: number;
  /** What was sent later may arrive earlier. */
  readonly reorders: boolean;
}

export const FAULTS = [
  'loss',
  'jitter',
  'repeats',
  'reload',
  'leave',
  'sleep',
  'stall',
  'latency',
  'clock_jump',
  'partition',
  'late_join',
  'silent',
  'lies',
  'queue_slips',
  'path_told',
  'odd_options',
] as const;
/** Those of `draw_carrier.ts` and `draw_hearing.ts` are drawn apart from the others. */
export type Fault = (typeof FAULTS)[number] | 'carrier' | 'unreported' | 'hearing';

export type Happening = { readonly atMs: number } & (
  | { readonly do: 'turn'; readonly turn: TurnPlan }
  | { readonly do: 'cut'; readonly by: CutBy }
  | { readonly do: 'pause'; readonly forMs: number }
  | { readonly do: 'close'; readonly deadlineMs: number }
  | { readonly do: 'queue_slips'; readonly byMs: number }
  | { readonly do: 'path_told'; readonly delayMs: number; readonly errorBoundMs: number }
  | {
      readonly do: 'reload' | 'leave' | 'sleep' | 'stall' | 'partition' | 'mute';
      readonly listener: number;
      readonly forMs: number;
    }
  | { readonly do: 'latency' | 'clock_jump'; readonly listener: number; readonly byMs: number }
  | { readonly do: 'lie'; readonly listener: number; readonly lie: Lie }
  /** It hears nothing for a while, and then plays that much faster until it has caught up. */
  | {
      readonly do: 'falls_behind';
      readonly listener: number;
      readonly forMs: number;
      readonly rate: number;
    }
  /** What comes to the agent meanwhile, it takes all at once. */
  | { readonly do: 'agent_stalls'; readonly forMs: number }
  /** The worker behind an output is gone, and nothing says so. */
  | { readonly do: 'carrier_dies' }
  | { readonly do: 'carrier_refuses'; readonly forMs: number }
  /** What is thought from now on of audio that nobody reports. */
  | { readonly do: 'unreported'; readonly unreported: Unreported }
  /** No report will come of a response, so many back from the one sent last. */
  | { readonly do: 'given_up'; readonly back: number }
);

/** What a hostile listener says. Shares and ages are turned into a message when it is said. */
export interface Lie {
  readonly what: 'playhead' | 'hello' | 'pong' | 'bye' | 'garbage';
  readonly times: number;
  /** Responses back from the one declared last. */
  readonly back: number;
  /** Of what was sent. */
  readonly share: number;
  readonly startedAgoMs: number;
  readonly positionAgoMs: number;
  readonly phase: 'playing' | 'ended' | 'cut';
  readonly evidence: 'device' | 'transport' | 'estimate';
  readonly errorBoundMs: number;
}

export interface TurnPlan {
  /** LiveKit gives a speech the floor when the one before it has ended. `at_once`: a transport that does not wait. */
  readonly floor: 'waits' | 'at_once';
  readonly items: readonly ItemPlan[];
  /** How long the turn still declares after it was interrupted, ms. */
  readonly goesOnAfterCutMs: number;
  /** The turn ends without a cut after this long, whatever was sent; `undefined`: when all has ended. */
  readonly endsAfterMs: number | undefined;
}

export type ItemPlan = { readonly kind: 'state'; readonly state: AgentStateName } | ResponsePlan;

export interface ResponsePlan {
  readonly kind: 'response';
  readonly implicit: boolean;
  /** Pieces of text, and the time between two. */
  readonly texts: readonly string[];
  readonly textEveryMs: number;
  readonly chunks: number;
  readonly chunkMs: number;
  readonly firstChunkAfterMs: number;
  readonly chunkEveryMs: number;
  readonly wordTimes: boolean;
  /** The chunk at which the synthesis breaks off. */
  readonly failsAt: number | undefined;
  readonly task: TaskPlan | undefined;
  readonly marks?: readonly MarkPlan[];
}

export interface MarkPlan {
  /** How many pieces of text come before it. */
  readonly afterTexts: number;
  readonly hasTask: boolean;
  readonly abortOnCut: boolean;
}

export interface TaskPlan {
  readonly timing: TaskTiming;
  readonly abortOnCut: boolean;
  readonly takesMs: number;
  readonly throws: boolean;
}
