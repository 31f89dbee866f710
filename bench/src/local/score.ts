import {
  type FoundSpeech,
  findSpeech,
  heardWords,
  type KnownSpeech,
} from '../shared/find_speech.ts';
import { countStarts, joinTrials, type StartCounts, sumOf } from '../shared/trial_scores.ts';
import { wordsOf } from '../shared/words.ts';
import type { Side, Start } from './sides.ts';
import type { Trial } from './trials.ts';

/** A response that really sounded, with everything that was reported about it. */
export interface Heard {
  readonly place: 'after_silence' | 'after_another';
  readonly isCut: boolean;
  readonly found: FoundSpeech;
  /** When its first sample sounded. */
  readonly truthMs: number;
  readonly start: Start | undefined;
  readonly task: Start | undefined;
  readonly speaking: Start | undefined;
  /** Silence since the end of the response before it, in samples. */
  readonly gapSamples: number | undefined;
  /** Its synthesis was done before the response before it had ended. */
  readonly wasReady: boolean;
}

/** A cut, and the words that were heard before it. */
export interface Cut {
  readonly truth: readonly string[];
  /** What the finish events say, joined; only Oncue has them. */
  readonly reported: readonly string[];
  /** What the chat context keeps. */
  readonly kept: readonly string[];
}

/** All of one side. */
export interface Score extends StartCounts {
  readonly heard: readonly Heard[];
  readonly cuts: readonly Cut[];
  readonly speakingCount: number;
  /** Speech other than the script's at that place. If this is not 0, the other figures are worthless. */
  readonly wrongSpeechCount: number;
  readonly unexplainedSamples: number;
}

export function scoreSide(
  side: Side,
  trials: readonly Trial[],
  known: readonly KnownSpeech[],
): Score {
  const { found, unexplainedSamples } = findSpeech(side.recording.samples(), known);
  const scored = trials.map((trial) => scoreTrial(side, trial, found));
  return {
    ...joinTrials(scored),
    speakingCount: sumOf(scored, (one) => one.speakingCount),
    unexplainedSamples,
  };
}

interface TrialScore extends Omit<Score, 'cuts' | 'unexplainedSamples'> {
  readonly cut: Cut | undefined;
}

function scoreTrial(side: Side, trial: Trial, all: readonly FoundSpeech[]): TrialScore {
  const { responses, cutAfterMs } = trial.script;
  const isIn = (atMs: number): boolean => atMs >= trial.fromMs && atMs < trial.toMs;
  const found = all.filter((one) => isIn(side.recording.instantMs(one.startSample)));
  const speaking = side.speaking.filter((one) => isIn(one.firedAtMs));
  const starts = startsByIndex(side, trial);
  const tasks = side.tasks.filter((one) => one.speechId === trial.speechId);
  const heard = found.map((one, index): Heard => {
    const before = found[index - 1];
    return {
      place: index === 0 ? 'after_silence' : 'after_another',
      isCut: cutAfterMs !== undefined,
      found: one,
      truthMs: side.recording.instantMs(one.startSample),
      start: starts[index]?.[0],
      task: tasks.find((task) => task.index === index),
      speaking: speaking[index],
      gapSamples: before && one.startSample - before.startSample - before.heardSamples,
      wasReady: before !== undefined && wasReady(side, trial, before, one),
    };
  });
  return {
    heard,
    speakingCount: speaking.length,
    cut: cutAfterMs === undefined ? undefined : cutOf(side, trial, found),
    ...countStarts(starts, found.length),
    wrongSpeechCount: found.filter((one, index) => one.speech !== responses[index]).length,
  };
}

function wasReady(side: Side, trial: Trial, before: FoundSpeech, next: FoundSpeech): boolean {
  const endMs = side.recording.instantMs(before.startSample + before.heardSamples);
  const readyMs = side.speaker.handedOut
    .filter(({ text, atMs }) => atMs >= trial.fromMs && next.speech.text.includes(text))
    .map(({ atMs }) => atMs)
    .find((atMs) => atMs < trial.toMs);
  return readyMs !== undefined && readyMs <= endMs;
}

/** The starts that were reported for each response. LiveKit's own event names no response, so they are assigned in order. */
function startsByIndex(side: Side, trial: Trial): readonly (readonly Start[])[] {
  if (side.name === 'stock') {
    return side.starts
      .filter(({ firedAtMs }) => firedAtMs >= trial.fromMs && firedAtMs < trial.toMs)
      .map((start) => [start]);
  }
  return trial.script.responses.map((_, index) =>
    side.starts.filter((one) => one.speechId === trial.speechId && one.index === index),
  );
}

function cutOf(side: Side, trial: Trial, found: readonly FoundSpeech[]): Cut {
  const reported = side.heardTexts
    .filter(({ speechId }) => speechId === trial.speechId)
    .map(({ heardText }) => heardText);
  return {
    truth: found.flatMap((one) => [...heardWords(one)]),
    reported: wordsOf(reported.join(' ')),
    kept: wordsOf(trial.message),
  };
}
