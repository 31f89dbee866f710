import { type AgentMs, samplesToMs } from '../../units.ts';
import { reportsAll } from '../claims/unreported.ts';
import { leftByModel } from '../estimated_playhead.ts';
import { inaudibleAt, type SampleSpan, spansUntil } from '../inaudible_spans.ts';
import type { ResponseState, SentAudio, TimelineState } from '../state/state.ts';
import { heardAudio } from './heard_audio.ts';
import { leftToGoneSamples, reportedByAll, toldSpans } from './left_to_gone.ts';

/**
 * What may have been heard of a response whose listener did not answer. Events state what is known to have been heard; the chat
 * context keeps what may have been [AU9].
 */

/** The most that may have been heard of a response that has ended. */
export interface PerhapsHeard {
  /** How much of it may have been played, whoever could hear it. Without what left while nobody was there. */
  readonly playedMs: number;
  /** When its first sample may have sounded. */
  readonly startedAtMs: AgentMs;
  /** The words that may have been heard: not those that are known to have sounded while nobody could hear. */
  readonly heardText: string;
  readonly fullText: string;
  /** All of it may have been heard. */
  readonly isWhole: boolean;
}

/**
 * How many samples of a response that ends now may have sounded; `undefined` if how much was heard is known, or is not Oncue's
 * to say, as of an output that did not report what it played [AU17].
 */
export function perhapsSounded(state: TimelineState, response: ResponseState): number | undefined {
  const { audio, playback, inaudible } = response;
  if (!audio || reportsAll(state)) return undefined;
  const sounded = playback.status === 'unheard' ? 0 : playback.heardSamples;
  const leftToGone = leftToGoneSamples(response);
  const perhaps = Math.max(sounded, leftToGone, leftAtSilentCut(state, response, audio));
  const isUnknown =
    perhaps > sounded ||
    leftToGone > reportedByAll(response) ||
    spansUntil(inaudible, sounded).some(({ why }) => why === 'silent');
  return isUnknown ? perhaps : undefined;
}

/** Of what had left at a cut a listener that does not answer may have played all, though no command reached it. */
function leftAtSilentCut(
  { inaudibleTimes }: TimelineState,
  { cut }: ResponseState,
  audio: SentAudio,
): number {
  const atMs = cut?.leftUntilMs ?? cut?.stoppedAtMs;
  if (atMs === undefined || inaudibleAt(inaudibleTimes, atMs) !== 'silent') return 0;
  return leftByModel(audio, atMs);
}

/** What may have been heard of a response that ended recently; `undefined` as for `perhapsSounded`. */
export function perhapsHeard({ recent }: TimelineState, id: string): PerhapsHeard | undefined {
  const { ended } = recent.find(({ ref }) => ref.responseId === id) ?? {};
  const { audio } = ended?.response ?? {};
  if (!ended || !audio || ended.perhapsSamples === undefined) return undefined;
  const { response, perhapsSamples: samples } = ended;
  const spans = knownUnheard(response, samples);
  const heard = heardAudio(response, { samples, spans, errorMs: 0 });
  if (!heard) return undefined;
  const { audioEnded, failure, playback } = response;
  const isAll = audioEnded && samples === audio.sentSamples && failure === undefined;
  return {
    playedMs: samplesToMs(samples - lengthOf(spans, 'nobody'), audio.sampleRateHz),
    startedAtMs: playback.status === 'unheard' ? audio.modelStartMs : playback.start.startedAtMs,
    heardText: heard.heardText,
    fullText: heard.fullText,
    isWhole: isAll && spans.length === 0,
  };
}

/** What is known to have sounded while nobody could hear. What had left before everybody was gone is sent again to nobody. */
function knownUnheard(response: ResponseState, samples: number): readonly SampleSpan[] {
  return spansUntil(toldSpans(response), samples).filter(({ why }) => why !== 'silent');
}

function lengthOf(spans: readonly SampleSpan[], of: SampleSpan['why']): number {
  return spans
    .filter(({ why }) => why === of)
    .reduce((sum, { fromSamples, toSamples }) => sum + toSamples - fromSamples, 0);
}
