import type { Playhead } from '@oncue/core/wire';
import type { AudioError } from '../shared/audio_error.ts';
import type { PlayerState } from './player_state.ts';

/** Options of `connectPlayer`. */
export interface PlayerOptions {
  /** URL of the agent's WebSocket. May be relative to the page; `http` becomes `ws`. */
  readonly url: string | URL;
  /** URL at which the page serves `@oncue/browser/player.worklet.js`. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /**
   * URL at which the page serves `@oncue/browser/player.worker.js`, from its own origin. Default: beside the module that runs.
   */
  readonly workerUrl?: string | URL;
  /**
   * Latency between rendering and output, as of `AudioContext`; a number is in seconds. An interruption cannot stop audio that
   * is already rendered. Default `interactive`: 32 ms in Chromium on Linux. 0.005 makes it 16 to 24 ms at the sample rates of
   * speech, but on a busy machine the output then has gaps about three times as often.
   */
  readonly latencyHint?: AudioContextLatencyCategory | number;
}

/** The current playhead, for drawing. */
export interface PlayerPosition {
  readonly responseId: string;
  /** Samples that have sounded, fractional. */
  readonly heardSamples: number;
  readonly heardMs: number;
  readonly sampleRateHz: number;
}

/** Figures of a player. */
export interface PlayerStats {
  /** How often the buffer ran dry inside a response, since the player was created. */
  readonly underrunCount: number;
  /** Audio that has arrived and has not been rendered, in ms. */
  readonly bufferedMs: number;
  /** From the worklet to the ear in ms, as the browser reports it; `undefined` while it does not. */
  readonly outputLatencyMs: number | undefined;
  /** Error bound of the instants in the reports, in ms; `undefined` before the browser has reported its output. */
  readonly errorBoundMs: number | undefined;
  /** Render quanta of 128 frames since the audio context was created. */
  readonly quantumCount: number;
  /** Connections that were lost. */
  readonly reconnectCount: number;
}

/** Events of a player. */
export interface PlayerEvents {
  readonly state: (state: PlayerState) => void;
  /** A report was sent to the agent. Its instants are on the page's clock (`performance.now()`). */
  readonly report: (report: Playhead) => void;
  /**
   * The audio cannot be played: `worker_not_started`, `worklet_not_loaded`, `worklet_failed` or `no_output`. The state becomes
   * `idle`, and `start` tries again.
   */
  readonly error: (error: AudioError) => void;
}

/** Plays an agent's audio in a page and reports to the agent what was heard. */
export interface Player {
  readonly state: PlayerState;
  /** Starts to play. Call it in a click, because browsers allow sound only then. Watch `state` for the result. */
  start(): void;
  /**
   * Mutes the player, or lets it be heard again. Playback goes on and the agent is told: what sounds while muted does not
   * count as heard. Muting in another way, such as a gain of the application's own, is not seen.
   */
  setMuted(isMuted: boolean): void;
  /** Stops for good and releases the audio device and the socket. May be called twice. */
  close(): void;
  /** @returns A function that removes the handler. */
  on<T extends keyof PlayerEvents>(type: T, listener: PlayerEvents[T]): () => void;
  /** The response that sounds now, and its playhead; `undefined` in silence. Cheap enough for every animation frame. */
  position(): PlayerPosition | undefined;
  stats(): PlayerStats;
  /** For a level meter or a recorder; `undefined` before the agent has announced its sample rate. */
  readonly context: AudioContext | undefined;
  /** The node that plays. Its output has one channel and is connected to the context's destination. */
  readonly node: AudioWorkletNode | undefined;
}
