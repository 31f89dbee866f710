import { type Clock, systemClock, wait } from './clock.ts';

/** How fast a model seems to write. */
export interface TextPace {
  /** Words a second after the first; default 50. More than 0; `Infinity` writes all at once. */
  readonly tokensPerSecond?: number;
  /** Delay before the first word, in ms; default 150. */
  readonly firstTokenMs?: number;
  /** Default `systemClock`. */
  readonly clock?: Clock;
}

/** A pace and what may end it early. */
export interface StreamTextOptions extends TextPace {
  /** Ends the text early, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a text word by word at a steady pace, as a model would.
 *
 * For an `llmNode` that gives several responses in a turn: one call each. The parts, joined, are
 * `text`. A late reader does not slow it down: each word has its own due time, counted from the
 * first `next()`.
 */
export async function* streamText(
  text: string,
  options: StreamTextOptions = {},
): AsyncGenerator<string, void, void> {
  const { tokensPerSecond = 50, firstTokenMs = 150, clock = systemClock, signal } = options;
  const startMs = clock.nowMs();
  for (const [index, token] of tokensOf(text).entries()) {
    const dueMs = startMs + firstTokenMs + (index * 1000) / tokensPerSecond;
    const delayMs = dueMs - clock.nowMs();
    if (signal?.aborted || (delayMs > 0 && !(await wait(clock, delayMs, signal)))) return;
    yield token;
  }
}

/** Words with the white space before them, as models cut text. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
