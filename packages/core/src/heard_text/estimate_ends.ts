import type { TimedEnds } from './align_words.ts';
import type { ExpectedTimes } from './expected_times.ts';

/** When the words of a response end, in samples: likely, and between which bounds. Each list never falls. */
export interface WordEnds {
  readonly likely: readonly number[];
  readonly earliest: readonly number[];
  readonly latest: readonly number[];
  /** How many words from the first have their ends from word times. */
  readonly timedCount: number;
}

interface SentAudio {
  readonly audioEnded: boolean;
  readonly sentSamples: number;
  readonly sampleRateHz: number;
}

/**
 * An audio of less than this share of what its text usually takes broke off before the end of the text: no voice is
 * five times as fast as the usual one. It is so low because what an application plays for a text need not be speech.
 */
const BROKEN_SHARE = 0.2;
/** The same after timed words, of what the rest of the text takes at their pace. */
const BROKEN_TIMED_SHARE = 0.6;
/** Between this and the share above it is taken as broken off, and the stated error allows for the whole. */
const MAY_BE_WHOLE_SHARE = 0.4;
/** After the timed words no more than these are left: then there must be time for all of them. */
const FEW_WORDS = 3;
/** A text that usually takes less than this is too short to tell. */
const TOO_SHORT_MS = 1500;
/** A voice that is faster than this share of the usual time is not ruled out, but not taken for sure either. */
const SURE_SHARE = 0.7;
/** How far a voice's pace may be from the usual one, either way, as a factor. */
const PACE_FACTOR = 1.5;
/** The part of the unevenness that a word is taken to end later: a word too few is better than one not heard. */
const CAREFUL_SHARE = 0.2;
/** The same where timed words of at least `MEASURED_MS` tell the pace. */
const MEASURED_PACE_FACTOR = 1.3;
const MEASURED_MS = 1500;
/** How unevenly a voice speaks around its own pace: in ms at any place, and per square root of a second. */
const UNEVEN_MS = 200;
const UNEVEN_PER_ROOT_MS = 190;
/** After the last timed word more may come that is only not timed yet, or a pause: no word is claimed in this time. */
const TIMES_LATE_MS = 1000;
/** The same where timed words follow that stand for something: a long number takes this. */
const LEFTOVER_MS = 5000;

/** The ends of timed words as they are; those after the last of them by the pace, from there on. */
export function estimateEnds(
  audio: SentAudio,
  expected: ExpectedTimes,
  { endsSamples: timed, hasLeftover }: TimedEnds,
): WordEnds {
  const rest = estimateRest(audio, expected, timed, hasLeftover);
  return {
    likely: [...timed, ...rest.map(({ likely }) => likely)],
    earliest: [...earliestOf(timed), ...rest.map(({ earliest }) => earliest)],
    latest: [...timed, ...rest.map(({ latest }) => latest)],
    timedCount: timed.length,
  };
}

/** Words that end together were put in other words by the engine: all but the last may have ended before. */
function earliestOf(timed: readonly number[]): readonly number[] {
  let groupStart = 0;
  return timed.map((end, at) => {
    if (timed[at + 1] === end) return groupStart;
    groupStart = end;
    return end;
  });
}

interface EstimatedEnd {
  readonly likely: number;
  readonly earliest: number;
  readonly latest: number;
}

function estimateRest(
  audio: SentAudio,
  { endsMs, totalMs }: ExpectedTimes,
  timed: readonly number[],
  hasLeftover: boolean,
): readonly EstimatedEnd[] {
  const samplesPerMs = audio.sampleRateHz / 1000;
  const fromSamples = timed.at(-1) ?? 0;
  const fromMs = endsMs[timed.length - 1] ?? 0;
  const restMs = totalMs - fromMs;
  const timedMs = fromSamples / samplesPerMs;
  const sentRestMs = (audio.sentSamples - fromSamples) / samplesPerMs;
  const share = sentRestMs / restMs;
  const least = leastWholeShare(endsMs.length - timed.length, restMs, timedMs / fromMs);
  const isWhole = audio.audioEnded && share >= least;
  const pace = paceOfRest(audio.audioEnded, isWhole, share, measuredPace(timedMs, fromMs));
  // Without the end of the audio, times that are only late must not be taken for words that are not timed.
  const lateMs = timed.length === 0 || pace.isWhole ? 0 : hasLeftover ? LEFTOVER_MS : TIMES_LATE_MS;
  return endsMs.slice(timed.length).map((endMs) => {
    const ms = endMs - fromMs;
    const unevenMs = unevennessMs(ms, pace.isWhole ? restMs : undefined);
    const likelyMs = ms * pace.likely + CAREFUL_SHARE * unevenMs + lateMs;
    const latestMs = ms * pace.slowest + unevenMs + lateMs;
    const at = (afterMs: number): number => fromSamples + Math.max(0, afterMs) * samplesPerMs;
    return {
      likely: pace.isWhole ? Math.min(at(likelyMs), audio.sentSamples) : at(likelyMs),
      earliest: at(ms * pace.fastest - unevenMs),
      latest: pace.isSure ? Math.min(at(latestMs), audio.sentSamples) : at(latestMs),
    };
  });
}

/** @param timedPace - real ms for each expected one in the timed words; not a number without any. */
function leastWholeShare(restWords: number, restMs: number, timedPace: number): number {
  if (Number.isNaN(timedPace)) return restMs < TOO_SHORT_MS ? 0 : BROKEN_SHARE;
  // A voice that breaks off does so inside a word.
  return (restWords <= FEW_WORDS ? 1 : BROKEN_TIMED_SHARE) * timedPace;
}

interface Pace {
  /** Real ms for each expected one. */
  readonly likely: number;
  readonly fastest: number;
  readonly slowest: number;
  /** The audio goes to the end of the text: likely, and for sure. */
  readonly isWhole: boolean;
  readonly isSure: boolean;
}

/** The pace that timed words tell, if there are enough of them. */
function measuredPace(timedMs: number, expectedMs: number): number | undefined {
  if (timedMs < MEASURED_MS || expectedMs < MEASURED_MS) return undefined;
  return Math.min(Math.max(timedMs / expectedMs, 1 / PACE_FACTOR), PACE_FACTOR);
}

/** @param share - real ms of the audio that was sent for each expected ms of the text that it is to hold. */
function paceOfRest(
  audioEnded: boolean,
  isWhole: boolean,
  share: number,
  measured: number | undefined,
): Pace {
  const usual = measured ?? 1;
  const factor = measured === undefined ? PACE_FACTOR : MEASURED_PACE_FACTOR;
  if (isWhole) {
    const isSure = share >= SURE_SHARE * usual;
    const slowest = isSure ? share : usual;
    return { likely: share, fastest: share, slowest, isWhole, isSure };
  }
  // What was sent of an unfinished audio is speech of no more than the text that there is.
  const likely = audioEnded ? usual : Math.max(usual, share);
  // A finished one that is not far too short may be all of the text after all.
  const mayBeWhole = audioEnded && share >= MAY_BE_WHOLE_SHARE * usual;
  const least = mayBeWhole ? Math.min(usual / factor, share) : usual / factor;
  const fastest = audioEnded ? least : Math.max(least, share);
  return { likely, fastest, slowest: Math.max(usual * factor, likely), isWhole, isSure: false };
}

/** How far from its even pace a voice may be after `ms`; of an audio of known length it is little near both ends. */
function unevennessMs(ms: number, wholeMs: number | undefined): number {
  const seconds = ms / 1000;
  const spread = wholeMs === undefined ? seconds : seconds * Math.max(0, 1 - ms / wholeMs);
  return UNEVEN_MS + UNEVEN_PER_ROOT_MS * Math.sqrt(spread);
}
