/** How the starts of one trial were reported. */
export interface StartCounts {
  /** Heard, and no start was reported. */
  readonly missingCount: number;
  /** More than one start for a response. */
  readonly twiceCount: number;
  /** A start was reported for a response of which no sample sounded. */
  readonly falseCount: number;
}

/** What a trial gives, whichever benchmark runs it. */
interface TrialScore<Heard, Cut> extends StartCounts {
  readonly heard: readonly Heard[];
  readonly cut: Cut | undefined;
  /** Speech other than the script's at that place. */
  readonly wrongSpeechCount: number;
}

/**
 * Counts the starts of a trial.
 *
 * @param reported - the starts of each response, in the order of the script.
 * @param heardCount - how many of the responses sounded, from the first one on.
 */
export function countStarts(
  reported: readonly (readonly unknown[])[],
  heardCount: number,
): StartCounts {
  const heard = Array.from({ length: heardCount }, (_, index) => reported[index]?.length ?? 0);
  return {
    missingCount: heard.filter((count) => count === 0).length,
    twiceCount: reported.filter(({ length }) => length > 1).length,
    falseCount: reported.filter(({ length }, index) => length > 0 && index >= heardCount).length,
  };
}

/** The scores of all trials as one. */
export function joinTrials<Heard, Cut>(
  trials: readonly TrialScore<Heard, Cut>[],
): StartCounts & {
  readonly heard: readonly Heard[];
  readonly cuts: readonly Cut[];
  readonly wrongSpeechCount: number;
} {
  return {
    heard: trials.flatMap(({ heard }) => heard),
    cuts: trials.flatMap(({ cut }) => (cut === undefined ? [] : [cut])),
    missingCount: sumOf(trials, (one) => one.missingCount),
    twiceCount: sumOf(trials, (one) => one.twiceCount),
    falseCount: sumOf(trials, (one) => one.falseCount),
    wrongSpeechCount: sumOf(trials, (one) => one.wrongSpeechCount),
  };
}

export function sumOf<T>(all: readonly T[], measure: (one: T) => number): number {
  return all.reduce((sum, one) => sum + measure(one), 0);
}
