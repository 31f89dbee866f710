import type { Playhead } from '@oncue/core/wire';

/** Where a reporter stands. */
export type ReporterState =
  /** No agent of Oncue has a track in the room yet. */
  | 'waiting'
  /** The browser does not let the page make sound: call `start` in a click. Elements play until then, if they may. */
  | 'blocked'
  /** The agent's track is heard, and the agent knows that it is reported. */
  | 'listening'
  /** The application has muted the agent's track, or has not attached it. */
  | 'muted'
  /** The device stands still or the room is not connected. Goes on by itself. */
  | 'away'
  /** `close` was called. Final. */
  | 'closed';

/** How a reporter listens. */
export interface ReporterOptions {
  /**
   * The application's own, running at 48 kHz. Default: that of a room with `webAudioMix: { audioContext }` if it runs at
   * 48 kHz, else one that the reporter makes.
   */
  readonly audioContext?: AudioContext;
  /** Of `@oncue/browser/reporter.worklet.js` as served to the page. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /**
   * Who plays the agent's track. `graph`, the default: the reporter's audio graph, while the elements that the application
   * attaches stay silent; their `volume` and `muted` hold for the graph. `element`: the application, as before; then the
   * distance between what is measured and what is heard is only known to some 25 ms.
   */
  readonly playback?: 'graph' | 'element';
}

/** What a reporter has counted. */
export interface ReporterStats {
  /** Pieces of the agent's sound that were found in what the page rendered, and that were not. */
  readonly foundCount: number;
  readonly missedCount: number;
  /** Of instants in the reports, ms; `undefined` before the browser told of its output. */
  readonly errorBoundMs: number | undefined;
}

/** What a reporter tells. */
export interface ReporterEvents {
  readonly state: (state: ReporterState) => void;
  /** A report as it was sent to the agent, on the page's clock (`performance.now()`). */
  readonly report: (report: Playhead) => void;
  /** Something is wrong that the user must know: no worklet, no audio device. Sound goes on without reports. */
  readonly error: (error: Error) => void;
}

/** Tells the agents of a room what of their responses was heard in this page. */
export interface Reporter {
  readonly state: ReporterState;
  /** Asks the browser for sound. Call it in a click if `state` is `blocked`. Resolves when it was granted or not. */
  start(): Promise<void>;
  /** Leaves for good and gives the sound back to the elements. May be called twice. */
  close(): void;
  /** @returns A function that removes the listener. */
  on<T extends keyof ReporterEvents>(type: T, listener: ReporterEvents[T]): () => void;
  stats(): ReporterStats;
  /** In which the agent's track plays. */
  readonly context: AudioContext;
}
