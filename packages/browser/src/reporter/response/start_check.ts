import { pitchAutocorrelation } from '@oncue/core/wire';
import { FRAMES_PER_MS } from '../frame_rate.ts';
import type { SearchWindow } from '../search_windows.ts';
import { AGREES_MS, CORRELATION_TOLERANCE, NEAR_MS, PERIOD_MS, PERIODIC } from '../tuning.ts';

/** What the second piece says about where the first was found. */
export type StartVerdict =
  | 'agrees'
  /** It says nothing about the first. */
  | undefined
  /** Compare the first piece in this window, too. */
  | SearchWindow;

/** Whether a piece may be found a pitch period too early or too late. Pure. */
export function isPeriodic(sound: Int8Array): boolean {
  return pitchAutocorrelation(sound, 0, sound.length) > PERIODIC;
}

/**
 * Checks where the first piece was found against the second piece. Pure.
 *
 * The agent chooses the second piece where the sound changes, if there is such a place, so it is mostly found correctly. If
 * it implies that the first piece is a pitch period away from where it was found, one of the two is wrong.
 *
 * @param firstFrame Where the first piece was found.
 * @param secondFrame Where the second piece was found.
 * @param apartMs From the beginning of the first piece to that of the second, in the response.
 */
export function checkStart(firstFrame: number, secondFrame: number, apartMs: number): StartVerdict {
  const frame = secondFrame - apartMs * FRAMES_PER_MS;
  const offMs = Math.abs(frame - firstFrame) / FRAMES_PER_MS;
  if (apartMs > NEAR_MS || offMs > PERIOD_MS) return undefined;
  if (offMs <= AGREES_MS) return 'agrees';
  const margin = AGREES_MS * FRAMES_PER_MS;
  return { fromFrame: frame - margin, toFrame: frame + margin };
}

/** Whether the new place of the first piece is to be preferred to the old one. Pure. */
export function isPreferred(newCorrelation: number, oldCorrelation: number): boolean {
  return newCorrelation >= oldCorrelation - CORRELATION_TOLERANCE;
}
