import type { HeardTextSource, InaudibleSpan } from '../../events.ts';
import { audibleText } from '../../heard_text/audible_text.ts';
import { msToSamples, samplesToMs } from '../../units.ts';
import { audibleSamples, type SampleSpan, spansInMs, spansUntil } from '../inaudible_spans.ts';
import type { ResponseState } from '../state/state.ts';

/** What was heard of a response, as events state it. */
export interface HeardAudio {
  readonly heardMs: number;
  readonly sentMs: number;
  readonly heardSamples: number;
  readonly sentSamples: number;
  readonly heardText: string;
  readonly fullText: string;
  readonly heardTextSource: HeardTextSource;
  readonly heardTextMaxErrorWords: number;
  readonly inaudible?: readonly InaudibleSpan[];
}

/** How far a response has sounded, and what of that nobody could hear. */
interface Sounded {
  readonly samples: number;
  readonly spans: readonly SampleSpan[];
  /** How far the position may be off, ms. */
  readonly errorMs: number;
}

/** What was heard of the first `samples` of a response; `undefined` if no audio of it was sent. */
export function heardAudio(
  response: ResponseState,
  { samples, spans, errorMs }: Sounded,
): HeardAudio | undefined {
  const { audio, text, textEnded, words, audioEnded, truncated, failure } = response;
  if (!audio) return undefined;
  const { sentSamples, sampleRateHz } = audio;
  const inaudible = spansUntil(spans, samples);
  const audible = audibleSamples(samples, inaudible);
  const heard = audibleText(
    {
      text,
      textEnded,
      words,
      heardSamples: samples,
      heardErrorSamples: msToSamples(errorMs, sampleRateHz),
      sentSamples,
      sampleRateHz,
      audioEnded: audioEnded && !truncated && failure === undefined,
    },
    inaudible,
  );
  return {
    heardMs: samplesToMs(audible, sampleRateHz),
    sentMs: samplesToMs(sentSamples, sampleRateHz),
    heardSamples: audible,
    sentSamples,
    heardText: heard.text,
    fullText: text,
    heardTextSource: heard.source,
    heardTextMaxErrorWords: heard.maxErrorWords,
    ...(inaudible.length > 0 ? { inaudible: spansInMs(inaudible, sampleRateHz) } : {}),
  };
}
