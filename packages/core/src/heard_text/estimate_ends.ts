import type { TimedEnds } from './align_words.ts';
import type { ExpectedTimes } from './expected_times.ts';

/** When the words of a response end, in samples: the likely end and its bounds. No list ever decreases. */
export interface WordEnds {
  readonly likely: readonly number[];
  readonly earliest: readonly number[];
  readonly latest: readonly number[];
  /** How many words, from the first, have an end that comes from word times. */
  readonly timedCount: number;
}

interface SentAudio {
  readonly audioEnded: boolean;
  readonly sentSamples: number;
  readonly sampleRateHz: number;
}

/**
 * Audio shorter than this share of its text's usual duration was truncated: no voice is five times as fast as usual.
 * The share is this low because an application may play something other than speech for a text.
 */
const BROKEN_SHARE = 0.2;
/** The same after timed words, as a share of what the rest of the text takes at their pace. */
const BROKEN_TIMED_SHARE = 0.6;
/** From this share up, audio that counts as truncated may still be whole, and the stated error allows for that. */
const MAY_BE_WHOLE_SHARE = 0.4;
/** If no more words than this follow the timed ones, the audio must have time for all of them. */
const FEW_WORDS = 3;
/** A text with a shorter usual duration is too short to judge whether its audio was truncated. */
const TOO_SHORT_MS = 1500;
/**
 * Audio at least this share of the usual duration certainly holds all of the text. Shorter audio may, from a fast
 * voice.
 */
const SURE_SHARE = 0.7;
/** How far a voice's pace may differ from the usual one, as a factor in either direction. */
const PACE_FACTOR = 1.5;
/**
 * The share of the unevenness by which words are assumed to end later: claiming too few words is better than too many.
 */
const CAREFUL_SHARE = 0.16;
/** The same where the pace was measured from at least `MEASURED_MS` of timed words. */
const MEASURED_PACE_FACTOR = 1.3;
const MEASURED_MS = 1500;
/** How far a voice strays from its own average pace: a constant part in ms, and ms per square root of a second. */
const UNEVEN_MS = 200;
const UNEVEN_PER_ROOT_MS = 240;
/** No word is claimed for this long after the last timed word: the next times may only be late, or there is a pause. */
const TIMES_LATE_MS = 1000;
/** The same where unmatched timed words follow: a long number takes this long. */
const LEFTOVER_MS = 5000;

/** Takes the ends of timed words as they are, and estimates the words after them from the pace. */
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

/** The engine paraphrased words that end together, so all but the last may have ended earlier. */
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
  // Before the audio has ended, words whose times are only late must not count as words without times.
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

/** @param timedPace - real ms per expected ms in the timed words; NaN if there are none. */
function leastWholeShare(restWords: number, restMs: number, timedPace: number): number {
  if (Number.isNaN(timedPace)) return restMs < TOO_SHORT_MS ? 0 : BROKEN_SHARE;
  // Truncated speech ends inside a word.
  return (restWords <= FEW_WORDS ? 1 : BROKEN_TIMED_SHARE) * timedPace;
}

interface Pace {
  /** Real ms per expected ms. */
  readonly likely: number;
  readonly fastest: number;
  readonly slowest: number;
  /** The audio reaches the end of the text: likely, and certainly. */
  readonly isWhole: boolean;
  readonly isSure: boolean;
}

/** The pace measured from timed words, if there are enough of them. */
function measuredPace(timedMs: number, expectedMs: number): number | undefined {
  if (timedMs < MEASURED_MS || expectedMs < MEASURED_MS) return undefined;
  return Math.min(Math.max(timedMs / expectedMs, 1 / PACE_FACTOR), PACE_FACTOR);
}

/** @param share - real ms of sent audio per expected ms of the text. */
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
  // The sent part of unfinished audio holds no more than the text so far.
  const likely = audioEnded ? usual : Math.max(usual, share);
  // Finished audio that is not far too short may hold all of the text after all.
  const mayBeWhole = audioEnded && share >= MAY_BE_WHOLE_SHARE * usual;
  const least = mayBeWhole ? Math.min(usual / factor, share) : usual / factor;
  const fastest = audioEnded ? least : Math.max(least, share);
  return { likely, fastest, slowest: Math.max(usual * factor, likely), isWhole, isSure: false };
}

/** How far a voice may be from its average pace after `ms`. In audio of known length this shrinks toward both ends. */
function unevennessMs(ms: number, wholeMs: number | undefined): number {
  const seconds = ms / 1000;
  const spread = wholeMs === undefined ? seconds : seconds * (1 - ms / wholeMs);
  return UNEVEN_MS + UNEVEN_PER_ROOT_MS * Math.sqrt(spread);
}
