import type { OncueEventOf } from '@oncue/core';
import { type Findings, type FoundSpeech, findSpeech, heardWords } from '../shared/find_speech.ts';
import { countStarts, joinTrials, type StartCounts, sumOf } from '../shared/trial_scores.ts';
import { wordsOf, wrongWordCount } from '../shared/words.ts';
import type { PageRecording } from './page_recording.ts';
import type { TraceReader } from './trace_reader.ts';
import type { TaskStart, Trial } from './trials.ts';

/** A response that really sounded, with everything that was reported about it. All instants on the agent's clock. */
export interface Heard {
  readonly place: 'after_silence' | 'after_another';
  readonly isCut: boolean;
  readonly text: string;
  /** When its first sample sounded. */
  readonly truthMs: number;
  readonly startedAtMs: number | undefined;
  /** When the event was made. */
  readonly eventAtMs: number | undefined;
  readonly taskAtMs: number | undefined;
  readonly handedOverAtMs: number | undefined;
  /** When the page reported it to the agent, which may be ahead of the sound. */
  readonly reportedAtMs: number | undefined;
  readonly errorBoundMs: number | undefined;
  /** What was reported about its end. */
  readonly finished: OncueEventOf<'response_playback_finished'> | undefined;
  /** Silence since the end of the response before it, in samples. */
  readonly gapSamples: number | undefined;
  /** Silence inside of it that does not belong to the speech. */
  readonly breakCount: number;
}

/** A cut of a response that sounded. */
export interface Cut {
  /** From the call to the last sample that sounded, ms. */
  readonly silenceAfterMs: number;
  /** From the call until the pipeline stops its output, and from there until the page gets the `clear`. */
  readonly pipelineMs: number;
  readonly toPageMs: number;
  readonly wordsOff: number;
}

export interface Score extends StartCounts {
  readonly heard: readonly Heard[];
  readonly cuts: readonly Cut[];
  /** Not heard at its place in the turn, and not cut. If this is not 0, the other figures are worthless. */
  readonly wrongSpeechCount: number;
  readonly unexplainedSamples: number;
}

/** The results of a run. */
export interface Evidence {
  readonly recording: PageRecording;
  readonly trace: TraceReader;
  readonly tasks: readonly TaskStart[];
  readonly trials: readonly Trial[];
}

/**
 * Looks in what sounded during each trial for what was to be said in it. If a busy machine put silence into the first
 * syllable, too little is left to distinguish texts, so no other text is searched; it would count as unexplained.
 */
export function scoreRun(evidence: Evidence): Score {
  const scored = evidence.trials.map((trial) => scoreTrial(evidence, trial));
  return {
    ...joinTrials(scored),
    unexplainedSamples: sumOf(scored, (one) => one.unexplainedSamples),
  };
}

interface TrialScore extends Omit<Score, 'cuts'> {
  readonly cut: Cut | undefined;
}

function scoreTrial(evidence: Evidence, trial: Trial): TrialScore {
  const { trace } = evidence;
  const { responses } = trial.script;
  const { found, unexplainedSamples } = findIn(evidence, trial);
  const starts = responses.map((_, index) =>
    trace.of('response_playback_started', { speechId: trial.speechId, index }),
  );
  return {
    heard: found.map((_, index) => heardOf(evidence, trial, found, index)),
    cut: cutOf(evidence, trial, found[0]),
    ...countStarts(starts, found.length),
    wrongSpeechCount: responses.filter((one, index) => {
      const sounded = found[index]?.speech;
      // A response that was cut early may not have sounded at all.
      return sounded === undefined ? trial.cutAtMs === undefined : sounded !== one;
    }).length,
    unexplainedSamples,
  };
}

function findIn({ recording }: Evidence, trial: Trial): Findings {
  const from = recording.sampleAt(trial.fromMs);
  const to = recording.sampleAt(trial.toMs);
  const findings = findSpeech(recording.samples.subarray(from, to), trial.script.responses);
  const found = findings.found.map((one) => ({
    ...one,
    startSample: one.startSample + from,
    endSample: one.endSample + from,
  }));
  return { ...findings, found };
}

function heardOf(
  { recording, trace, tasks }: Evidence,
  trial: Trial,
  found: readonly FoundSpeech[],
  index: number,
): Heard {
  const one = found[index] as FoundSpeech;
  const before = found[index - 1];
  const key = { speechId: trial.speechId, index };
  const [start] = trace.of('response_playback_started', key);
  const task = tasks.find((each) => each.speechId === key.speechId && each.index === index);
  return {
    place: before ? 'after_another' : 'after_silence',
    isCut: trial.cutAtMs !== undefined,
    text: one.speech.text,
    truthMs: recording.instantMs(one.startSample),
    startedAtMs: start?.startedAtMs,
    eventAtMs: start?.atMs,
    errorBoundMs: start?.errorBoundMs,
    finished: trace.of('response_playback_finished', key)[0],
    reportedAtMs: start && recording.reportedAtMs(start.responseId),
    taskAtMs: task?.firedAtMs,
    handedOverAtMs: start && trace.handedOverAtMs.get(start.responseId),
    gapSamples: before && one.startSample - before.endSample,
    breakCount: one.breakCount,
  };
}

function cutOf(
  { recording, trace }: Evidence,
  trial: Trial,
  found: FoundSpeech | undefined,
): Cut | undefined {
  if (trial.cutAtMs === undefined || !found) return undefined;
  const key = { speechId: trial.speechId, index: 0 };
  const [finish] = trace.of('response_playback_finished', key);
  const reported = wordsOf(finish?.heardText ?? '');
  const { cutAtMs } = trial;
  const stoppedAtMs = trace.cutAtMs.find((atMs) => atMs >= cutAtMs) ?? Number.NaN;
  return {
    silenceAfterMs: recording.instantMs(found.endSample) - cutAtMs,
    pipelineMs: stoppedAtMs - cutAtMs,
    toPageMs: (recording.clearedAtMs(cutAtMs) ?? Number.NaN) - stoppedAtMs,
    wordsOff: wrongWordCount(heardWords(found), reported),
  };
}
