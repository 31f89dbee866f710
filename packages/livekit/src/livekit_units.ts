/** Milliseconds as LiveKit writes durations and positions: seconds. */
export function toSeconds(durationMs: number): number {
  return durationMs / 1000;
}

/** LiveKit's seconds in milliseconds. */
export function fromSeconds(durationS: number): number {
  return durationS * 1000;
}
