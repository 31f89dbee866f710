import type { SearchWindow } from '../search_windows.ts';
import {
  CERTAIN_BOUND_MS,
  CONFIRMED_PERIOD_BOUND_MS,
  LIKELY_BOUND_MS,
  PERIOD_BOUND_MS,
} from '../tuning.ts';

/** Where a piece was found. */
export interface Match {
  readonly frame: number;
  /** From -1 to 1. */
  readonly correlation: number;
  /** The correlation is so high that it could be nothing else. */
  readonly isCertain: boolean;
  /** It may as well lie so far away, since what is rendered there resembles it as much. */
  readonly spreadMs: number;
}

/** A section of a response whose sound is known from a fingerprint. */
export interface Piece {
  readonly atSample: number;
  /** When it leaves the agent, on the agent's clock. */
  readonly leavesAtMs: number;
  readonly sound: Int8Array;
  /** What had been rendered when its fingerprint arrived. */
  readonly arrivedFrame: number;
  /** It resembles itself a pitch period earlier or later, so it may be found there. */
  readonly isPeriodic: boolean;
  /** What the search for it has come to. */
  match: Match | 'sought' | 'missed';
  /** A later piece that confirms the match of a periodic one. */
  confirmedBy?: Piece | undefined;
}

/** A piece that has been found. */
export type FoundPiece = Piece & { match: Match };

/** A request to compare a piece once more, in another window. */
export interface Recheck {
  readonly piece: Piece;
  readonly window: SearchWindow;
}

export function isFound(piece: Piece): piece is FoundPiece {
  return typeof piece.match === 'object';
}

/** By how much the instant of a found piece may be off, besides the clock. */
export function boundMsOf({ match, isPeriodic, confirmedBy }: FoundPiece): number {
  const boundMs = match.isCertain ? CERTAIN_BOUND_MS : LIKELY_BOUND_MS;
  if (!confirmedBy) return boundMs + Math.max(isPeriodic ? PERIOD_BOUND_MS : 0, match.spreadMs);
  return confirmedBy.isPeriodic ? boundMs + CONFIRMED_PERIOD_BOUND_MS : boundMs;
}
