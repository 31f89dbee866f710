/** One response as the scripted model writes it. */
export interface ResponsePlan {
  /** The text, in the pieces in which the model gives it. */
  readonly chunks: readonly Chunk[];
  /** A state queued before the response, where the agent can declare. */
  readonly stateBefore?: 'thinking';
}

/** A piece of text, and how long the model takes before it gives it. */
export interface Chunk {
  readonly text: string;
  /** Default 0. */
  readonly afterMs?: number;
  /** The model breaks off after it. */
  readonly thenFails?: boolean;
}

/** One answer of the agent: one or more responses, or a tool call and the answer after it. */
export interface TurnPlan {
  readonly responses: readonly ResponsePlan[];
  /** The tool that the model calls once it has said `responses`; the next turn of the plan answers the result. */
  readonly tool?: string;
  /** What the tool says while it runs, by `session.say`. */
  readonly toolSays?: string;
  /** The tool makes the agent answer by `session.generateReply` while it runs. */
  readonly toolReplies?: boolean;
  /** What an `AgentTask` says that the tool runs. */
  readonly taskSays?: string;
  /** The tool does its work when what was said before it has been heard. */
  readonly toolWaits?: boolean;
  /** The tool hands the user over to another agent. */
  readonly toolHandsOff?: boolean;
}

/**
 * How the application writes its agent. Every form says the same words.
 *
 * - `declares`: an `llmNode` that declares each response to Oncue; on plain LiveKit it only flushes between them.
 * - `flushes`: an `llmNode` that puts a `FlushSentinel` between the responses and knows nothing of Oncue.
 * - `create`: `Agent.create({ llmNode })`, an async generator.
 * - `llm`: no node is overridden; the session's LLM speaks.
 * - `transcriptionNode`: as `flushes`, and the captions are in upper case.
 * - `ttsNode`: as `flushes`, with a `ttsNode` of the application around the default one.
 */
export const AGENT_FORMS = [
  'declares',
  'flushes',
  'create',
  'llm',
  'transcriptionNode',
  'ttsNode',
] as const;
/** @see AGENT_FORMS */
export type AgentForm = (typeof AGENT_FORMS)[number];

/** How the voice speaks. */
export interface VoicePlan {
  /** Whether it gives word times. Default `true`. */
  readonly wordTimes?: boolean;
  /**
   * What is odd about them. `late`: the time of a word comes with the sound of the next, and that of the last one never.
   * `partly`: only the first three words of a response have one. `other_words`: in lower case, and without punctuation.
   */
  readonly oddTimes?: 'late' | 'partly' | 'other_words';
  /** From the first text to the first sound, ms. Default 0. */
  readonly firstSoundMs?: number;
  /** It fails before this word, counted from 0 over the whole run. */
  readonly failsAtWord?: number;
  /** It gives no sound for texts that contain this. */
  readonly silentFor?: string;
  /** How long each word sounds, ms. Default 100. */
  readonly wordMs?: number;
  /** Seconds of sound a second: `Infinity` (default) gives all at once. */
  readonly speed?: number;
  /** No voice at all: the session has no TTS. */
  readonly absent?: boolean;
  /** It is the second voice of a `tts.FallbackAdapter` whose first always fails. */
  readonly isFallback?: boolean;
  /** It is the first voice of a `tts.FallbackAdapter`, and breaks off at `failsAtWord`; the second takes over if it can. */
  readonly hasFallback?: boolean;
}

/**
 * What happens, at an instant counted from the start of the run, in ms. `pause`: the user makes a sound, and LiveKit
 * pauses the output if it can; `resume`: it was no word. `words`: the user's words are known, and he may go on, so LiveKit
 * makes an answer in advance; `turn_ends`: his turn is over, with these words. `types`: he has typed a message, for which
 * the application interrupts. `talks_over`: he has said a sentence while the agent spoke. `presses`: he presses the button of
 * a push-to-talk application. `shut_down`: the session ends when what is being said has been said.
 */
export type Step =
  | { readonly atMs: number; readonly do: 'ask'; readonly text?: string }
  | { readonly atMs: number; readonly do: 'say'; readonly text: string; readonly how?: SaidHow }
  | { readonly atMs: number; readonly do: 'types'; readonly text: string }
  | { readonly atMs: number; readonly do: 'talks_over'; readonly text: string }
  | { readonly atMs: number; readonly do: 'presses' }
  | { readonly atMs: number; readonly do: 'force_interrupt' }
  | { readonly atMs: number; readonly do: 'shut_down' }
  | { readonly atMs: number; readonly do: 'words'; readonly text: string }
  | { readonly atMs: number; readonly do: 'turn_ends'; readonly text: string }
  | { readonly atMs: number; readonly do: 'interrupt' }
  | { readonly atMs: number; readonly do: 'pause' }
  | { readonly atMs: number; readonly do: 'resume' }
  | { readonly atMs: number; readonly do: 'audio'; readonly enabled: boolean }
  | { readonly atMs: number; readonly do: 'other_output'; readonly kind?: OtherOutputKind }
  | { readonly atMs: number; readonly do: 'hand_off' }
  | { readonly atMs: number; readonly do: 'close' }
  | ListenerStep;

/** `fixed`: it may not be interrupted. `recorded`: the sound was made before, and the text only says what it is. */
export type SaidHow = 'fixed' | 'recorded';

/** The default is LiveKit's room output. `console`: what `lk agent console` sets, which also takes away the captions. `own`: the one it began with. */
export type OtherOutputKind = 'avatar' | 'console' | 'own';

/**
 * What the listener does. `leaves`: without a word. `network_goes`: nothing gets through in either direction, and nobody
 * tells the agent. `visits_anew`: his page in a room says `bye` and `hello`, and he stays. `closes_reporter`: it only says
 * `bye`, and plays on. `worker_dies`: that of an avatar, which neither plays nor reports any more.
 */
export interface ListenerStep {
  readonly atMs: number;
  readonly do:
    | 'comes'
    | 'leaves'
    | 'reloads'
    | 'mutes'
    | 'unmutes'
    | 'companion_leaves'
    | 'companion_mutes'
    | 'companion_unmutes'
    | 'network_goes'
    | 'network_returns'
    | 'visits_anew'
    | 'closes_reporter'
    | 'worker_dies';
}

/**
 * Who listens on Oncue's side. On the other side it is LiveKit's own room output, and for `avatar` the same avatar.
 *
 * - `device`: the sound device of the agent's own machine (`LocalDevice`).
 * - `page`: a page with a player on a WebSocket (`SocketListener`).
 * - `room`: a participant of a LiveKit room whose page has a reporter.
 * - `room_without_reporter`: a participant who reports nothing.
 * - `avatar`: an avatar worker that tells when it starts and ends (`OutputListener`).
 */
export const LISTENER_KINDS = [
  'device',
  'page',
  'room',
  'room_without_reporter',
  'avatar',
] as const;
/** @see LISTENER_KINDS */
export type ListenerKind = (typeof LISTENER_KINDS)[number];

/** Somebody else who listens. What counts, and is judged, is the user: the first to hear if `any` counts, the last if `all` do. */
export interface Companion {
  readonly audience: 'any' | 'all';
  /** From leaving the agent to his ear, ms. */
  readonly pathMs: number;
}

/** Where the sound goes. */
export interface EarPlan {
  /** From leaving the agent to the ear, ms. Default 60. */
  readonly pathMs?: number;
  /** Default `device`. */
  readonly listener?: ListenerKind;
  /** When the listener comes, ms after the start; `Infinity`: never. Default 0: before the start. */
  readonly comesAtMs?: number;
  /** In a room: a second participant with a reporter. */
  readonly companion?: Companion;
  /** The avatar tells `synchronized_transcript`. */
  readonly tellsTranscript?: boolean;
}

/**
 * A voice without word times, at the pace of natural speech: what was heard can then only be estimated, from the pace
 * among others. `NATURAL_PACE` times as slow as the voices with word times.
 */
export const UNTIMED_VOICE: VoicePlan = { wordTimes: false, wordMs: 350 };
/** @see UNTIMED_VOICE */
export const NATURAL_PACE = 3.5;

/** One situation, run on plain LiveKit and on Oncue with the same fakes and the same clock. */
export interface Scenario {
  readonly name: string;
  readonly form: AgentForm;
  readonly turns: readonly TurnPlan[];
  readonly voice?: VoicePlan;
  readonly ear?: EarPlan;
  readonly steps: readonly Step[];
  /** LiveKit's preemptive generation is on, with the voice in advance or not. */
  readonly answersInAdvance?: { readonly enabled: true; readonly preemptiveTts: boolean };
  /** LiveKit's background audio has a sound for `thinking`. */
  readonly hasThinkingSound?: boolean;
  /** LiveKit's recorder runs. */
  readonly records?: boolean;
  /** A wrapper of the application around the session's output makes frames of its own. */
  readonly isWrapped?: boolean;
  /** The model is a realtime model, which makes the sound itself. */
  readonly isRealtime?: boolean;
}

/** A response given as one piece. */
export function response(text: string, stateBefore?: 'thinking'): ResponsePlan {
  return { chunks: [{ text }], ...(stateBefore ? { stateBefore } : {}) };
}

/** A response given word by word. */
export function slowly(text: string, everyMs: number): ResponsePlan {
  const words = text.match(/\S+\s*/g) ?? [];
  return { chunks: words.map((word) => ({ text: word, afterMs: everyMs })) };
}
