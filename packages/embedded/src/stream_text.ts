import { type Clock, systemClock, wait } from './clock.ts';
import { badOption } from './errors.ts';

/** How fast the simulated model writes. */
export interface TextPace {
  /** Words per second after the first one; default 50. More than 0; `Infinity` writes all at once. */
  readonly tokensPerSecond?: number;
  /** Delay before the first word, in ms; 0 or more, default 150. */
  readonly firstTokenMs?: number;
  /** For tests. Default: the process's monotonic clock. */
  readonly clock?: Clock;
}

/** A pace, and a signal that may end the text early. */
export interface StreamTextOptions extends TextPace {
  /** Ends the text early, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a text word by word at a steady pace, as a model would.
 *
 * In an `llmNode` that gives several responses in a turn, call it once for each. The parts, joined, are
 * `text`. A slow reader does not slow the text down: each word has its own due time, counted from the
 * first `next()`.
 *
 * @throws {EmbeddedError} `EMBEDDED_BAD_OPTION`, at the call.
 */
export function streamText(
  text: string,
  options: StreamTextOptions = {},
): AsyncGenerator<string, void, void> {
  checkPace(options);
  return pacedTokens(text, options);
}

async function* pacedTokens(
  text: string,
  options: StreamTextOptions,
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

/** @throws {EmbeddedError} `EMBEDDED_BAD_OPTION`. @internal */
export function checkPace({ tokensPerSecond = 50, firstTokenMs = 150 }: TextPace): void {
  if (!(tokensPerSecond > 0))
    badOption(
      `tokensPerSecond is ${tokensPerSecond}; use more than 0, or Infinity for all at once`,
    );
  if (!(firstTokenMs >= 0)) badOption(`firstTokenMs is ${firstTokenMs}; use 0 or more`);
}

/** Words with the white space before them, as models split text. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
