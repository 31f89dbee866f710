import type { Found, Pattern, Searchable } from './align.ts';
import { COARSE_RATE_HZ, COARSE_STEP, correlation } from './signal.ts';

const PIECE_MS = 20;
const STEP_MS = 5;
const PIECE = (PIECE_MS * COARSE_RATE_HZ) / 1000;
const STEP = (STEP_MS * COARSE_RATE_HZ) / 1000;

/** Maximum distance of a piece from the shift of its window: a fraction of a pitch period. */
const BESIDE = 3;

/** Pieces quieter than the mean of a speech by more than this are pauses: 26 dB. */
const PAUSE_SHARE = 0.0025;

/** A piece with a lower correlation, or quieter than its pattern by more than 10 dB, was not heard. */
const ALIKE = 0.4;
const LOUD_SHARE = 0.1;

/** Packet loss removes single pieces. If pieces with sound are missing for this long, the speech has ended. */
const END_MS = 120;

/**
 * How much of a speech was rendered, in frames from its first: up to the last piece that is found. A pause in the speech
 * looks like silence after a cut, so a pause after the last sound counts as heard.
 */
export function heardUntil(recording: Searchable, pattern: Pattern, found: Found): number {
  const mean = pattern.coarseEnergies.of(0, pattern.coarse.length) / pattern.coarse.length;
  let goneSince: number | undefined;
  let goneCount = 0;
  for (let at = 0; at + PIECE <= pattern.coarse.length; at += STEP) {
    const energy = pattern.coarseEnergies.of(at, at + PIECE);
    if (energy < PAUSE_SHARE * mean * PIECE) continue;
    if (isHeard(recording, pattern, found, at, energy)) {
      goneSince = undefined;
      goneCount = 0;
      continue;
    }
    goneSince ??= at;
    goneCount += 1;
    if (goneCount * STEP_MS >= END_MS) break;
  }
  if (goneSince === undefined) return pattern.frames;
  // The correlation of a piece is the square root of the share of its energy that is present. So at most `ALIKE`² of the
  // first missing piece was heard.
  return (goneSince + PIECE * ALIKE ** 2) * COARSE_STEP;
}

function isHeard(
  recording: Searchable,
  pattern: Pattern,
  found: Found,
  at: number,
  energy: number,
): boolean {
  const shift = shiftAt(pattern, found, at) / COARSE_STEP;
  for (let by = -BESIDE; by <= BESIDE; by += 1) {
    const from = at + shift + by;
    const heard = recording.coarseEnergies.of(from, from + PIECE);
    if (heard < LOUD_SHARE * energy) continue;
    if (correlation(recording.coarse, from, heard, pattern.coarse, at, energy, PIECE) >= ALIKE)
      return true;
  }
  return false;
}

/** The shift, in frames, of the window whose middle is nearest, of those that were found. `at` is in coarse samples. */
export function shiftAt(pattern: Pattern, found: Found, at: number): number {
  let best = 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [index, window] of pattern.windows.entries()) {
    const apart = Math.abs(window.at + 320 - at - PIECE / 2);
    if ((found.way[index]?.correlation ?? 0) < ALIKE || apart >= nearest) continue;
    nearest = apart;
    best = found.way[index]?.shift ?? 0;
  }
  return best;
}
