declare const clockName: unique symbol;
declare const idName: unique symbol;

/**
 * An instant in milliseconds on one named clock.
 *
 * Instants of two clocks never mix; the difference of two instants of one clock is a plain duration in ms.
 */
export type Instant<Name extends string> = number & { readonly [clockName]: Name };

/** Milliseconds on the agent process's monotonic clock (`performance.now()` in Node). */
export type AgentMs = Instant<'agent'>;

/** Milliseconds on the listener's own monotonic clock (`performance.now()` in a page). */
export type ListenerMs = Instant<'listener'>;

/** Identifies one response for the life of a timeline; stable across agent, listener and trace. */
export type ResponseId = string & { readonly [idName]: 'response' };

/** Identifies one turn, that is one `llmNode` run or one implicit turn. */
export type TurnId = string & { readonly [idName]: 'turn' };

/** Adds a duration to an instant of the same clock. */
export function addMs<Name extends string>(
  instant: Instant<Name>,
  durationMs: number,
): Instant<Name> {
  return (instant + durationMs) as Instant<Name>;
}

/** The later of two instants of one clock. */
export function laterOf<Name extends string>(a: Instant<Name>, b: Instant<Name>): Instant<Name> {
  return a > b ? a : b;
}

/** The earlier of two instants of one clock. */
export function earlierOf<Name extends string>(a: Instant<Name>, b: Instant<Name>): Instant<Name> {
  return a < b ? a : b;
}

/** Length of `samples` in milliseconds. */
export function samplesToMs(samples: number, sampleRateHz: number): number {
  return (samples * 1000) / sampleRateHz;
}

/** Whole samples in `durationMs`, rounded to the nearest. */
export function msToSamples(durationMs: number, sampleRateHz: number): number {
  return Math.round((durationMs * sampleRateHz) / 1000);
}

/** Marks a union as exhausted: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
