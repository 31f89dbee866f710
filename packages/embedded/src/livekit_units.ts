/**
 * LiveKit states times of a transcript in seconds; everything else here is in milliseconds or
 * samples.
 * @internal
 */
export function secondsFromMs(durationMs: number): number {
  return Math.round(durationMs) / 1000;
}
