/**
 * LiveKit gives the times of a transcript in seconds; this package uses milliseconds and samples.
 * @internal
 */
export function secondsFromMs(durationMs: number): number {
  return Math.round(durationMs) / 1000;
}
