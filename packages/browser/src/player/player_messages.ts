import type { Playhead } from '@oncue/core/wire';
import type { OutputReading } from '../shared/output_clock.ts';
import type { PageMs } from '../shared/page_clock.ts';
import type { PlayerState } from './player_state.ts';

/** The progress of the player, for drawing. It may be up to about 20 ms old. */
export interface PlayerProgress {
  readonly position: MovingPosition | undefined;
  readonly underrunCount: number;
  readonly bufferedSamples: number;
  readonly frames: number;
  readonly errorBoundMs: number | undefined;
  readonly reconnectCount: number;
}

/** Position of the playhead at `atMs`. It moves on by itself up to `untilSamples`. */
export interface MovingPosition {
  readonly responseId: string;
  readonly heardSamples: number;
  readonly atMs: PageMs;
  readonly untilSamples: number;
}

/** From the page to the worker. */
export type ToWorker =
  /** The first message: where the agent is, and `performance.timeOrigin` of the page, whose clock all instants use. */
  | { readonly type: 'connect'; readonly url: string; readonly pageOriginMs: number }
  /** The user wants to listen. */
  | { readonly type: 'start'; readonly maySound: boolean | undefined }
  | { readonly type: 'close' }
  /** The page muted or unmuted the player; it takes effect at `sinceMs`. */
  | { readonly type: 'muted'; readonly isMuted: boolean; readonly sinceMs: PageMs }
  /** The user leaves the page, or the browser freezes it. */
  | { readonly type: 'page_gone' }
  /** The page is back, or no longer frozen. */
  | { readonly type: 'page_back' }
  /** There is an output. The port leads to its worklet. */
  | { readonly type: 'output'; readonly port: MessagePort; readonly sampleRateHz: number }
  | { readonly type: 'output_failed' }
  | { readonly type: 'output_runs'; readonly isRunning: boolean }
  /** The output device has changed. */
  | { readonly type: 'output_changed' }
  /** The answer to `read_output`. */
  | { readonly type: 'reading'; readonly reading: OutputReading | undefined };

/** From the worker to the page. */
export type ToPage =
  /** The worker runs. Errors that it throws later are bugs, and not caused by how it is served. */
  | { readonly type: 'ready' }
  | { readonly type: 'state'; readonly state: PlayerState }
  /** The sample rate of the agent. The page opens an output at this rate. */
  | { readonly type: 'rate'; readonly sampleRateHz: number }
  | { readonly type: 'report'; readonly report: Playhead }
  /** Asks for a `reading`, because only the page can read its output. */
  | { readonly type: 'read_output'; readonly progress: PlayerProgress };
