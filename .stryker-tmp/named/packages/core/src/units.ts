declare const clockName: unique symbol;
declare const idName: unique symbol;

/**
 * An instant in milliseconds on one named clock.
 *
 * Instants of two clocks cannot be mixed. The difference of two instants of one clock is a plain duration in ms.
 */
export type Instant<Name extends string> = number & { readonly [clockName]: Name };

/** Milliseconds on the agent process's monotonic clock (`performance.now()` in Node). */
export type AgentMs = Instant<'agent'>;

/** Milliseconds on the listener's own monotonic clock (`performance.now()` in a page). */
export type ListenerMs = Instant<'listener'>;

/** Identifies one response for the life of a timeline. The same in agent, listener and trace. */
export type ResponseId = string & { readonly [idName]: 'response' };

/** Identifies one turn: one run of `llmNode`, or one implicit turn. */
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

/** Duration of `samples` in ms. */
export function samplesToMs(samples: number, sampleRateHz: number): number {
  return (samples * 1000) / sampleRateHz;
}

/** Samples in `durationMs`, rounded to the nearest whole number. */
export function msToSamples(durationMs: number, sampleRateHz: number): number {
  return Math.round((durationMs * sampleRateHz) / 1000);
}

/** Marks a switch over a union as exhaustive: the code does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
