/** Where an utterance may be divided. */
export interface SplitLimits {
  /** No part is longer, samples. */
  readonly mostSamples: number;
  /** How far before that a quiet place is looked for, samples. */
  readonly searchSamples: number;
  /** The sound is measured over so many samples. */
  readonly windowSamples: number;
}

/**
 * Divides an utterance that is too long for the model, each time where it is quietest, which is between two words as a rule.
 * The parts are copies, and together they are the whole.
 *
 * @internal
 */
export function splitUtterance(
  samples: Float32Array<ArrayBuffer>,
  limits: SplitLimits,
): Float32Array<ArrayBuffer>[] {
  const parts: Float32Array<ArrayBuffer>[] = [];
  let from = 0;
  while (samples.length - from > limits.mostSamples) {
    const until = quietestPlace(samples, from, limits);
    parts.push(samples.slice(from, until));
    from = until;
  }
  return [...parts, samples.slice(from)];
}

function quietestPlace(
  samples: Float32Array<ArrayBuffer>,
  from: number,
  { mostSamples, searchSamples, windowSamples }: SplitLimits,
): number {
  const last = from + mostSamples - windowSamples;
  let quietest = last;
  let least = Number.POSITIVE_INFINITY;
  for (let at = last; at >= from + mostSamples - searchSamples; at -= windowSamples) {
    const energy = energyOf(samples.subarray(at, at + windowSamples));
    if (energy >= least) continue;
    least = energy;
    quietest = at;
  }
  return quietest + Math.floor(windowSamples / 2);
}

function energyOf(samples: Float32Array<ArrayBuffer>): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
