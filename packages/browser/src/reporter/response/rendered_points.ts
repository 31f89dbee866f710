import { FRAMES_PER_MS } from '../frame_rate.ts';
import { LONGEST_UNKNOWN_MS } from '../tuning.ts';
import { isFound, type Piece } from './piece.ts';

/** A sample of a response, and the frame in which it is rendered. */
export interface Point {
  readonly sample: number;
  readonly frame: number;
}

/**
 * Points of the line from samples to frames: those that are known, then those expected from when pieces leave the agent. Pure.
 *
 * @param pieces In the order of their samples.
 * @param releases Where playout went on after pauses.
 * @param guessFrame Where the response probably began. Used if no piece was found.
 */
export function renderedPoints(
  pieces: readonly Piece[],
  releases: readonly Point[],
  guessFrame: number | undefined,
  framesPerSample: number,
): readonly Point[] {
  const known = pieces.filter(isFound).map(({ atSample, leavesAtMs, match }) => ({
    sample: atSample,
    frame: match.frame,
    leavesAtMs,
  }));
  if (known.length === 0 && guessFrame !== undefined) {
    const { atSample = 0, leavesAtMs = 0 } = pieces[0] ?? {};
    const startLeavesAtMs = leavesAtMs - (atSample * framesPerSample) / FRAMES_PER_MS;
    known.push({ sample: 0, frame: guessFrame, leavesAtMs: startLeavesAtMs });
  }
  const anchor = known.at(-1);
  if (!anchor) return [];
  const points = [...known, ...releases]
    .sort((one, other) => one.sample - other.sample || one.frame - other.frame)
    // A point whose frame lies before that of its predecessor was found in the wrong place.
    .reduce<Point[]>((line, one) => {
      if (one.frame >= (line.at(-1)?.frame ?? one.frame)) line.push(one);
      return line;
    }, []);
  let before = points.at(-1) as Point;
  const lastKnown = before.sample;
  for (const piece of pieces) {
    if (piece.atSample <= lastKnown || isFound(piece)) continue;
    // What was announced in between did not arrive: the network may have been away, so nothing is known of this piece.
    const apartFrames = (piece.atSample - before.sample) * framesPerSample;
    if (apartFrames > LONGEST_UNKNOWN_MS * FRAMES_PER_MS) break;
    const earliest = before.frame + apartFrames;
    // Audio that leaves the agent late is rendered late by as much.
    const byAgent = anchor.frame + (piece.leavesAtMs - anchor.leavesAtMs) * FRAMES_PER_MS;
    before = { sample: piece.atSample, frame: Math.max(earliest, byAgent) };
    points.push(before);
  }
  return points;
}
