import type { Playhead } from '@oncue/core/wire';

/** Where a player stands. */
export type PlayerState =
  /** `start` was not called yet. The socket may already be open. */
  | 'idle'
  /** Waits for the agent; after a lost connection it tries again by itself. */
  | 'connecting'
  /** The browser does not let the page make sound: call `start` again in a click. */
  | 'blocked'
  /** Connected and audible: the agent knows that somebody listens. */
  | 'listening'
  /** Connected, but the device stands still: a call, a sleeping laptop. Goes on by itself. */
  | 'away'
  /** Another page listens now. `start` takes the place back. */
  | 'replaced'
  /** `close` was called, or the agent's session is over. Final. */
  | 'closed';

/** How a player connects. */
export interface PlayerOptions {
  /** Of the agent's socket; relative to the page, `http` counts as `ws`. */
  readonly url: string | URL;
  /** Of `@oncue/browser/player.worklet.js` as served to the page. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /**
   * Of `@oncue/browser/player.worker.js` as served to the page, from its own origin. Default: beside the module that runs.
   */
  readonly workerUrl?: string | URL;
  /**
   * How soon the browser is to play what was rendered, as of `AudioContext`; a number is in seconds. What was rendered is
   * out of reach for an interruption. Default `interactive`: 32 ms in Chromium on Linux. 0.005 makes it 16 to 24 ms at the
   * rates of speech, but a machine that is busy then serves its output late three times as often, which is heard.
   */
  readonly latencyHint?: AudioContextLatencyCategory | number;
}

/** The playhead as of now, for drawing. */
export interface PlayerPosition {
  readonly responseId: string;
  /** Samples that have sounded, in fractions. */
  readonly heardSamples: number;
  readonly heardMs: number;
  readonly sampleRateHz: number;
}

/** What a player has counted. */
export interface PlayerStats {
  /** Times the buffer ran dry inside a response, over the player's life. */
  readonly underrunCount: number;
  /** Audio in the page that has not been rendered. */
  readonly bufferedMs: number;
  /** From the worklet to the ear, as the browser says; `undefined` while it does not. */
  readonly outputLatencyMs: number | undefined;
  /** Of the instants in the reports, ms. */
  readonly errorBoundMs: number | undefined;
  /** Render quanta of 128 frames since the context was made. */
  readonly quantumCount: number;
  /** Connections lost and made again. */
  readonly reconnectCount: number;
}

/** What a player tells. */
export interface PlayerEvents {
  readonly state: (state: PlayerState) => void;
  /** A report as it was sent to the agent, on the page's clock (`performance.now()`). */
  readonly report: (report: Playhead) => void;
  /** Something is wrong that the user must know: no worker, no worklet, no audio device. */
  readonly error: (error: Error) => void;
}

/** Plays an agent's audio in a page and tells the agent what was heard. */
export interface Player {
  readonly state: PlayerState;
  /** Begins to play. Call it in a click: browsers allow sound only then. Resolves at once; watch `state`. */
  start(): void;
  /** Leaves for good and lets go of everything. May be called twice. */
  close(): void;
  /** @returns A function that removes the listener. */
  on<T extends keyof PlayerEvents>(type: T, listener: PlayerEvents[T]): () => void;
  /** The response that sounds now, and how far it is. `undefined` in silence. Cheap enough for every frame. */
  position(): PlayerPosition | undefined;
  stats(): PlayerStats;
  /** For a meter or a recorder; `undefined` before the agent said its sample rate. */
  readonly context: AudioContext | undefined;
  /** What plays: its one output has one channel, connected to the context's destination. */
  readonly node: AudioWorkletNode | undefined;
}
