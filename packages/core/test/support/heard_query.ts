import type { HeardTextQuery } from '../../src/index.ts';

/** A response that was synthesized and sent completely: 10,000 samples, 1000 of them a second, so that a sample is a ms. */
export function response(text: string, of: Partial<HeardTextQuery> = {}): HeardTextQuery {
  return {
    text,
    textEnded: true,
    words: [],
    heardSamples: 0,
    sentSamples: 10_000,
    sampleRateHz: 1000,
    audioEnded: true,
    ...of,
  };
}

/** Parses engine words, each with the sample at which it ends: `one:100 two:250`. */
export function timed(list: string): HeardTextQuery['words'] {
  return list.split(' ').map((entry) => {
    const at = entry.lastIndexOf(':');
    return { text: entry.slice(0, at), endSamples: Number(entry.slice(at + 1)) };
  });
}
