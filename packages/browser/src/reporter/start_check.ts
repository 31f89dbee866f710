import { pitchAutocorrelation } from '@oncue/core/wire';
import type { SearchWindow } from './fingerprint_search.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';

/** Of a steady vowel; other speech looks less like itself a pitch period on. */
const STEADY = 0.8;

/** Two pieces so near to each other that the jitter buffer hardly moved between them. */
const NEAR_MS = 500;

/** Further off than a pitch period is no mistaken period; so near is none either. */
const PERIOD_MS = 20;
const AGREES_MS = 1.5;

/** By so much less alike it may be where the second piece says that it is. */
const NEARLY = 0.06;

/** What the second piece says of where the first was found. */
export type StartVerdict =
  | 'agrees'
  | 'says_nothing'
  /** The first is to be compared there, too. */
  | SearchWindow;

/** Whether what is rendered of a piece may well be taken for a pitch period before or behind. Pure. */
export function isSteady(sound: Int8Array): boolean {
  return pitchAutocorrelation(sound, 0, sound.length) > STEADY;
}

/**
 * The second piece lies where sounds change if there is such a place, so it is mostly found in its own. Where that makes the first lie a period from
 * where it was found, one of both moved. Pure.
 *
 * @param firstFrame, secondFrame - where they were found.
 * @param apartMs - from the beginning of the first to that of the second, in the response.
 */
export function checkStart(firstFrame: number, secondFrame: number, apartMs: number): StartVerdict {
  const frame = secondFrame - apartMs * FRAMES_PER_MS;
  const offMs = Math.abs(frame - firstFrame) / FRAMES_PER_MS;
  if (apartMs > NEAR_MS || offMs > PERIOD_MS) return 'says_nothing';
  if (offMs <= AGREES_MS) return 'agrees';
  const aside = AGREES_MS * FRAMES_PER_MS;
  return { fromFrame: frame - aside, toFrame: frame + aside };
}

/** Whether the first piece was rather there, where it was compared once more. Pure. */
export function isRather(likeness: number, before: number): boolean {
  return likeness >= before - NEARLY;
}
