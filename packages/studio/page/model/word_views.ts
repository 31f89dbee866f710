import type { OncueEventOf, Word } from '@oncue/core';
import { splitWords } from '@oncue/core/internal';

/** A word, when it sounds, and whether all of it was heard. */
export interface WordView {
  readonly text: string;
  /** The offset in the response's text after this word. Missing if the voice says the text otherwise. */
  readonly until?: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly heard: boolean;
}

/** A time in which nobody could hear; it lasts while `endMs` is missing. */
export interface DeafTime {
  readonly startMs: number;
  readonly endMs?: number;
}

/** How a response ended, as far as its words are concerned. */
type Ended = OncueEventOf<'response_playback_finished' | 'response_outcome_corrected'>;

/** What the ends of the words follow from. */
export interface SpokenText {
  readonly text: string;
  /** The word times of the voice. */
  readonly words: readonly Word[];
  readonly sentSamples: number;
  readonly sampleRateHz: number;
}

/** A word, where it ends in the text, and where in the audio. */
interface WordEnd {
  readonly text: string;
  readonly until?: number;
  readonly endMs: number;
}

export type WordEnds = readonly WordEnd[];

/** Where the words end: by the times that the voice gives, or else spread evenly over the sent audio. */
export function wordEnds(of: SpokenText): WordEnds {
  if (of.sampleRateHz <= 0) return [];
  return of.words.length > 0 ? timedEnds(of) : evenEnds(of);
}

function timedEnds({ text, words, sampleRateHz }: SpokenText): WordEnds {
  let from = 0;
  let isInText = true;
  const ends = words
    .map((word) => ({ text: word.text.trim(), endMs: (word.endSamples * 1000) / sampleRateHz }))
    .filter((word) => word.text !== '')
    .map((word) => {
      const at = text.indexOf(word.text, from);
      isInText &&= at >= 0;
      from = at + word.text.length;
      return { ...word, until: from };
    });
  return isInText ? ends : ends.map(({ text: said, endMs }) => ({ text: said, endMs }));
}

/** The words are those of core, which also knows scripts without spaces. */
function evenEnds({ text, sentSamples, sampleRateHz }: SpokenText): WordEnds {
  const sentMs = (sentSamples * 1000) / sampleRateHz;
  return splitWords(text).map(({ start, shownEnd }) => ({
    text: text.slice(start, shownEnd),
    until: shownEnd,
    endMs: (sentMs * shownEnd) / text.length,
  }));
}

/** The words with the instants at which they sound. */
export function placeInTime(
  ends: WordEnds,
  soundedAt: (offsetMs: number) => number,
  isHeard: (word: PlacedSound) => boolean,
): WordView[] {
  let beforeMs = 0;
  return ends.map(({ text, until, endMs: untilMs }) => {
    const fromMs = beforeMs;
    beforeMs = untilMs;
    const [startMs, endMs] = [soundedAt(fromMs), soundedAt(untilMs)];
    const place = { startMs, endMs, ...(until === undefined ? {} : { until }) };
    return { text, ...place, heard: isHeard({ ...place, fromMs, untilMs }) };
  });
}

/** A word by its place in the text and in the audio, and by when it sounds. */
interface PlacedSound {
  readonly until?: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Of a response that has ended: what the event says. */
export function heardInEnd(text: string, ended: Ended): (word: PlacedSound) => boolean {
  const { heardText, heardMs, outcome, inaudible = [] } = ended;
  // The voice may say that the last word ends after the audio, so it is not asked where all of the audio was played.
  const isWhole = outcome === 'heard' || outcome === 'partly_heard';
  const isBeginning = !isWhole && inaudible.length === 0 && text.startsWith(heardText);
  // What sounded while nobody could hear is not in `heardMs`, and lies before what was heard after it.
  const playedMs = isWhole
    ? Number.POSITIVE_INFINITY
    : inaudible.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, heardMs);
  return ({ until, fromMs, untilMs }) =>
    isBeginning && until !== undefined
      ? until <= heardText.length
      : untilMs <= playedMs + 1 &&
        !inaudible.some((span) => fromMs < span.toMs - 1 && untilMs > span.fromMs + 1);
}

/** Of a response that plays: what has sounded by now, at instants at which somebody could hear. */
export function heardSoFar(
  playedMs: number,
  deaf: readonly DeafTime[],
): (word: PlacedSound) => boolean {
  return ({ untilMs, startMs, endMs }) =>
    untilMs <= playedMs + 1 &&
    !deaf.some(
      (time) => startMs < (time.endMs ?? Number.POSITIVE_INFINITY) - 1 && endMs > time.startMs + 1,
    );
}
