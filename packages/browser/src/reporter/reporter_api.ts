import type { Playhead } from '@oncue/core/wire';
import type { AudioError } from '../shared/audio_error.ts';
import type { HeardPosition } from './heard_position.ts';

/** The state of a reporter. */
export type ReporterState =
  /** No agent with Oncue has a track in the room yet. */
  | 'waiting'
  /** The browser does not let the page make sound: call `start` in a click. Until then elements play, if they may. */
  | 'blocked'
  /** The agent's track is heard, and the agent knows that this page reports. */
  | 'listening'
  /** The application has muted the agent's track, or has attached it to no element. */
  | 'muted'
  /** The audio device stands still, or the room is not connected. Resumes by itself. */
  | 'away'
  /** `close` was called. Final. */
  | 'closed';

/** Options of `attachReporter`. */
export interface ReporterOptions {
  /**
   * The application's own context, which must run at 48 kHz. Default: that of a room with `webAudioMix: { audioContext }` if
   * it runs at 48 kHz, else one that the reporter creates.
   */
  readonly audioContext?: AudioContext;
  /** URL at which the page serves `@oncue/browser/reporter.worklet.js`. Default: beside the module that runs. */
  readonly workletUrl?: string | URL;
  /**
   * What plays the agent's track. `graph`: the reporter's audio graph. The elements that the application attaches stay silent,
   * and their `volume` and `muted` apply to the graph. `element`: the application's elements, as without the reporter. The
   * instants in the reports then have an error bound of at least 25 ms. Default: `graph`, but `element` where a page cannot set
   * the volume of an element, as on iPhones.
   */
  readonly playback?: 'graph' | 'element';
}

/** Figures of a reporter. */
export interface ReporterStats {
  /** Sections of the agent's sound that were found in what the page rendered. */
  readonly foundCount: number;
  /** Sections of the agent's sound that were not found. */
  readonly missedCount: number;
  /** Error bound of the instants in the reports, in ms; `undefined` before the browser has reported its output. */
  readonly errorBoundMs: number | undefined;
}

/** Events of a reporter. */
export interface ReporterEvents {
  readonly state: (state: ReporterState) => void;
  /** A report was sent to the agent. Its instants are on the page's clock (`performance.now()`). */
  readonly report: (report: Playhead) => void;
  /**
   * A response begins to sound in this page. `report` follows once the start was measured, often 100 ms later: until then the
   * position is the expected one.
   */
  readonly begin: (position: HeardPosition) => void;
  /**
   * Something is wrong that the user must know. `worklet_not_loaded` and `worklet_failed` end the reports, and the elements
   * play on. After `device_not_used`, `track_not_playing` and `livekit_changed` the reports go on.
   */
  readonly error: (error: AudioError) => void;
}

/** Reports to the agents of a room what of their responses is heard in this page. */
export interface Reporter {
  readonly state: ReporterState;
  /**
   * Asks the browser for sound. Call it in a click if `state` is `blocked`. Resolves when the browser has allowed sound, or
   * after 300 ms; watch `state`.
   */
  start(): Promise<void>;
  /** Stops reporting for good and lets the elements play again. May be called twice. */
  close(): void;
  /** @returns A function that removes the handler. */
  on<T extends keyof ReporterEvents>(type: T, listener: ReporterEvents[T]): () => void;
  stats(): ReporterStats;
  /**
   * How far the response that sounds now has come, by this page's own measurement. Computed when it is called: call it in an
   * animation frame. It stands still while there is no sound. `undefined` while no response sounds, before the start of one
   * is known or expected, and if for 2 s nothing has been found of it.
   */
  playhead(): HeardPosition | undefined;
  /** The context in which the agent's track plays. */
  readonly context: AudioContext;
}
