/** What the model knows about one response. */
export interface NaiveResponse {
  readonly kind: 'response';
  readonly id: string;
  readonly turn: NaiveTurn | undefined;
  readonly index: number;
  readonly metadata: unknown;
  text: string;
  /** Cut before its audio was complete, so it gets no more text [HT5]. */
  textIsFinal: boolean;
  sent: number;
  sentFromMs: number;
  noMoreAudio: boolean;
  failed: boolean;
  heard: number;
  /** Names of the marks that were placed and not reached. */
  readonly marks: Set<string>;
  evidence?: string;
  end?: 'heard' | 'partly_heard' | 'cut' | 'failed' | 'skipped';
}

export interface NaiveState {
  readonly kind: 'state';
  readonly state: string;
  done: boolean;
  /** It became due in a pause. */
  held: boolean;
}

export interface NaiveTurn {
  readonly id: string;
  readonly items: Array<NaiveResponse | NaiveState>;
  live: boolean;
  closed: boolean;
  over?: 'cut' | 'ended' | 'closed';
}

export interface NaiveTask {
  readonly responseId: string;
  readonly predicted: boolean;
  /** It hangs on a mark, which need not be reached. */
  readonly ofMark?: boolean;
  status: 'bound' | 'running' | 'over';
}

export function isDone(item: NaiveResponse | NaiveState): boolean {
  return item.kind === 'state' ? item.done : item.end !== undefined;
}

export function isGone(turn: NaiveTurn): boolean {
  return (turn.closed || turn.over !== undefined) && turn.items.every(isDone);
}
