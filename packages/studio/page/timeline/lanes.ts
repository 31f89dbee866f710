import type { TraceLine } from '@oncue/core/trace';
import type { ResponseView } from '../model/response_view.ts';
import { modelOf, type TraceModel } from '../model/trace_model.ts';

/** A response and the row it is drawn in. */
export interface PlacedResponse {
  readonly row: number;
  readonly response: ResponseView;
}

/** The rows under the time axis. */
export interface Lanes {
  readonly model: TraceModel;
  readonly placed: readonly PlacedResponse[];
  readonly rowCount: number;
}

/** Room for a response's title, however short it is: titles in a row must not run into each other. */
const LEAST_LENGTH_MS = 1600;

/** How much is drawn of what was cut off: enough to see that there was more, and the row is free again. */
const CUT_OFF_SHOWN_MS = 1500;

/** Until when the sound of a response is drawn: to its end, or a little beyond a cut. */
export function drawnSoundEndMs(response: ResponseView): number | undefined {
  const { outcome, soundEndMs, endedAtMs, start } = response;
  if (!start || soundEndMs === undefined) return undefined;
  const endMs = Math.max(soundEndMs, endedAtMs ?? 0);
  return outcome === 'cut' && endedAtMs !== undefined
    ? Math.min(endMs, endedAtMs + CUT_OFF_SHOWN_MS)
    : endMs;
}

/** The rows of a trace. */
export function lanesOf(lines: readonly TraceLine[]): Lanes {
  return layOut(modelOf(lines));
}

/**
 * Puts each response in the highest row that is free while it lives: from its declaration until it ended, or until its
 * sound would have. Responses of a turn overlap, since the next is written while one plays, so they stand below one
 * another; the next turn begins at the top again.
 */
export function layOut(model: TraceModel): Lanes {
  const freeFromMs: number[] = [];
  const placed = model.responses.map((response) => {
    const found = freeFromMs.findIndex((freeMs) => freeMs <= response.declaredAtMs);
    const row = found < 0 ? freeFromMs.length : found;
    freeFromMs[row] = lifeEndMs(response);
    return { row, response };
  });
  return { model, placed, rowCount: freeFromMs.length };
}

/** Until when a response has its row; one that is not over keeps it. */
export function lifeEndMs(response: ResponseView): number {
  const { declaredAtMs, endedAtMs, outcome } = response;
  if (outcome === 'waiting' || outcome === 'playing') return Number.POSITIVE_INFINITY;
  const taskEnds = response.tasks.map(({ endedAtMs: taskMs }) => taskMs ?? 0);
  return Math.max(
    declaredAtMs + LEAST_LENGTH_MS,
    endedAtMs ?? 0,
    drawnSoundEndMs(response) ?? 0,
    ...taskEnds,
  );
}

/** A word and where its text is drawn. */
export interface PlacedWord {
  readonly text: string;
  readonly heard: boolean;
  readonly x: number;
}

/**
 * Places words at the instant they sound, pushed to the right where the one before still takes the room. In the pauses
 * of speech they catch up.
 */
export function placeWords(
  words: ResponseView['words'],
  toX: (atMs: number) => number,
  charWidth: number,
): PlacedWord[] {
  let freeX = Number.NEGATIVE_INFINITY;
  return words.map(({ text, heard, startMs }) => {
    const x = Math.max(toX(startMs), freeX);
    freeX = x + (text.length + 1) * charWidth;
    return { text, heard, x };
  });
}
