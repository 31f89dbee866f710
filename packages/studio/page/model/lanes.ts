import type { TraceLine } from '@oncue/core/trace';
import type { ResponseView } from './response_view.ts';
import { modelOf, type TraceModel } from './trace_model.ts';
import type { WordView } from './word_views.ts';

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

/** Space for the title of a short response, so that the titles of a row do not overlap. */
const MIN_LENGTH_MS = 1600;

/** How much of the unheard rest is drawn after a cut: enough to see that there was more. */
const SHOWN_AFTER_CUT_MS = 1500;

/** The end of the drawn sound: the end of the response, or shortly after a cut. */
export function drawnSoundEndMs(response: ResponseView): number | undefined {
  const { outcome, soundEndMs, endedAtMs, start } = response;
  if (!start || soundEndMs === undefined) return undefined;
  const endMs = Math.max(soundEndMs, endedAtMs ?? 0);
  return outcome === 'cut' && endedAtMs !== undefined
    ? Math.min(endMs, endedAtMs + SHOWN_AFTER_CUT_MS)
    : endMs;
}

/** A report is due four times a second: a bar that goes on this long without one would show what is not known. */
const MAX_UNREPORTED_MS = 500;

/** The bar's end moves in steps, so that not every report repaints it. */
const REPORTED_STEP_MS = 500;

/**
 * Until when a response that plays may be drawn as heard: up to 1 s after its last reported position. While nobody can hear,
 * it ends at that position.
 */
export function heardLimitMs({ start, headAtMs, inaudibleNow }: ResponseView): number {
  const reportedMs = headAtMs ?? start?.startedAtMs ?? Number.NEGATIVE_INFINITY;
  if (inaudibleNow !== undefined) return reportedMs;
  return Math.ceil((reportedMs + MAX_UNREPORTED_MS) / REPORTED_STEP_MS) * REPORTED_STEP_MS;
}

/**
 * The words as the bar shows them. While somebody hears a response that plays, a word after its last report is drawn as one
 * that will be heard: the layer that shows it ends at the playhead.
 */
export function drawnWords({
  words,
  outcome,
  inaudibleNow,
  headAtMs = 0,
}: ResponseView): readonly WordView[] {
  if (outcome !== 'playing' || inaudibleNow !== undefined) return words;
  return words.map((word) => ({ ...word, heard: word.heard || word.endMs > headAtMs }));
}

/** The rows of a trace. */
export function lanesOf(lines: readonly TraceLine[]): Lanes {
  return layOut(modelOf(lines));
}

/**
 * Puts each response in the highest row that is free from its declaration to its end, drawn sound and tasks included.
 * Responses of a turn overlap, because the next one is written while one plays, so each gets a lower row. The next turn
 * begins at the top again.
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

/** Until when a response occupies its row: for ever while it is not over. */
export function lifeEndMs(response: ResponseView): number {
  const { declaredAtMs, endedAtMs, outcome } = response;
  if (outcome === 'waiting' || outcome === 'playing') return Number.POSITIVE_INFINITY;
  const taskEnds = response.tasks.map(({ endedAtMs: taskMs }) => taskMs ?? 0);
  return Math.max(
    declaredAtMs + MIN_LENGTH_MS,
    endedAtMs ?? 0,
    drawnSoundEndMs(response) ?? 0,
    ...taskEnds,
  );
}
