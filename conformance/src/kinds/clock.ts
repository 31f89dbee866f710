import type { Kind } from '../kind.ts';

interface Expected {
  /** The instant on the agent's clock that is true; null before a round trip. */
  readonly trueAtMs: number | null;
  /** The bound may be as wide as this. */
  readonly mostBoundMs: number;
}

const ROUNDING_MS = 0.01;

/**
 * Round trips of pings, then instants of the listener's clock. Input: `trips`, each with `pingSentAtMs`, `pingReceivedAtMs`,
 * `pongSentAtMs`, `pongReceivedAtMs`, and `instants`. Output: for each instant `{ atMs, errorBoundMs }` on the agent's clock,
 * or null.
 */
export const clock: Kind = {
  input: (given) => given,
  problems: ({ expected }: { expected: readonly Expected[] }, output: readonly Mapped[]) =>
    expected.flatMap(({ trueAtMs, mostBoundMs }, index) => {
      const mapped = output[index];
      if (trueAtMs === null)
        return mapped === null ? [] : [`instant ${index} cannot be mapped yet`];
      if (!mapped) return [`instant ${index} is not mapped`];
      const offMs = Math.abs(mapped.atMs - trueAtMs);
      const isWide = mapped.errorBoundMs > mostBoundMs + ROUNDING_MS;
      return [
        ...(offMs > mapped.errorBoundMs + ROUNDING_MS
          ? [`instant ${index} is ${offMs} ms off, and its bound is ${mapped.errorBoundMs} ms`]
          : []),
        ...(isWide
          ? [`the bound of instant ${index} is ${mapped.errorBoundMs} ms; ${mostBoundMs} will do`]
          : []),
      ];
    }),
};

type Mapped = { readonly atMs: number; readonly errorBoundMs: number } | null;
