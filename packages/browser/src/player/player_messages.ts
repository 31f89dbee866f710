import type { Playhead } from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';
import type { PlayerState } from './player_api.ts';

/** What the browser said of its output: at `atMs` it plays `contextMs` of the context's timeline. */
export interface OutputReading {
  readonly contextMs: number;
  readonly atMs: PageMs;
  /** By how much it may be wrong besides: for a browser that tells latencies only. */
  readonly extraBoundMs: number;
}

/** How far the player has come, for drawing. All of it may be some 20 ms old. */
export interface PlayerProgress {
  readonly position: MovingPosition | undefined;
  readonly underrunCount: number;
  readonly bufferedSamples: number;
  readonly frames: number;
  readonly errorBoundMs: number | undefined;
  readonly reconnectCount: number;
}

/** A place of the playhead, and how far it moves on by itself from there. */
export interface MovingPosition {
  readonly responseId: string;
  readonly heardSamples: number;
  readonly atMs: PageMs;
  readonly untilSamples: number;
}

/** Page to worker. Each sentence is complete in itself; none is answered but `reading`, which is an answer. */
export type ToWorker =
  /** The first: where the agent is, and `performance.timeOrigin` of the page, on whose clock everything is told. */
  | { readonly type: 'connect'; readonly url: string; readonly pageOriginMs: number }
  /** The user wants to hear. */
  | { readonly type: 'start' }
  | { readonly type: 'close' }
  /** The page is being left or frozen; or it is back. */
  | { readonly type: 'page_gone' }
  | { readonly type: 'page_back' }
  /** There is an output; the port leads to its worklet, and to nowhere else. */
  | { readonly type: 'output'; readonly port: MessagePort; readonly sampleRateHz: number }
  | { readonly type: 'output_failed' }
  | { readonly type: 'output_runs'; readonly isRunning: boolean }
  /** It is another device now. */
  | { readonly type: 'output_changed' }
  | { readonly type: 'reading'; readonly reading: OutputReading | undefined };

/** Worker to page. */
export type ToPage =
  /** The worker is there. What it throws from now on is an error of ours, not one of how it is served. */
  | { readonly type: 'ready' }
  | { readonly type: 'state'; readonly state: PlayerState }
  /** The agent speaks at this rate: an output is wanted. */
  | { readonly type: 'rate'; readonly sampleRateHz: number }
  | { readonly type: 'report'; readonly report: Playhead }
  /** Wants a `reading`. Only the page can read its output. */
  | { readonly type: 'read_output'; readonly progress: PlayerProgress };
