import { FRAMES_PER_MS } from '../frame_rate.ts';
import type { SearchWindow } from '../search_windows.ts';
import {
  AGREES_MS,
  CORRELATION_TOLERANCE,
  LONGEST_PERIOD,
  NEAR_MS,
  PERIOD_MS,
  PERIODIC,
  SHORTEST_PERIOD,
} from '../tuning.ts';

/** What the second piece says about where the first was found. */
export type StartVerdict =
  | 'agrees'
  /** It says nothing about the first. */
  | undefined
  /** Compare the first piece in this window, too. */
  | SearchWindow;

/**
 * Whether a piece may be found a pitch period too early or too late. Pure.
 *
 * By the measure of `pitchAutocorrelation` of `@oncue/core/wire`. That one is faster, for agents, and takes a page three times
 * as many bytes.
 */
export function isPeriodic(sound: Int8Array): boolean {
  for (let period = SHORTEST_PERIOD; period <= LONGEST_PERIOD; period += 1) {
    let product = 0;
    let energy = 0;
    let laterEnergy = 0;
    // Every second product gives the same result at half the cost.
    for (let index = 0; index < sound.length; index += 2) {
      const here = sound[index] as number;
      const later = sound[index + period] ?? 0;
      product += here * later;
      energy += here * here;
      laterEnergy += later * later;
    }
    if (product > PERIODIC * Math.sqrt(energy * laterEnergy)) return true;
  }
  return false;
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
