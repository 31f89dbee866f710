import type { LoadKind } from './load_session.ts';

/** The arguments of a process that holds sessions. */
export interface LoadArgs {
  readonly kind: LoadKind;
  readonly frameMs: number;
}

/** What the benchmark tells a process that holds sessions. Each order is answered once. */
export type Order =
  /** Opens or closes sessions until there are so many. */
  | { readonly type: 'hold'; readonly count: number }
  /** Measures for so long. */
  | { readonly type: 'measure'; readonly forMs: number };

/** What a process measured while it held `count` sessions. */
export interface Window {
  readonly count: number;
  readonly lastedMs: number;
  /** Processor time of the process, all threads. */
  readonly cpuMs: number;
  /** How late the application learned of starts and ends, ms. */
  readonly lateMs: readonly number[];
  /** Delay of the event loop beyond its timers, ms. */
  readonly loopP99Ms: number;
  readonly rssBytes: number;
}

/** Memory after a full collection. */
export interface Held {
  readonly count: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export type Answer =
  | { readonly type: 'held'; readonly held: Held }
  | { readonly type: 'measured'; readonly window: Window };
