import type { OncueEventOf } from '@oncue/core';
import { wordsOf, wrongWordCount } from '../shared/words.ts';
import type { NetworkRun } from './network_run.ts';
import { type EstimatedStart, estimatedStarts } from './report/estimate.ts';
import { type ReportedResponse, SessionTrace } from './session_trace.ts';
import { durationMs, type Trial } from './trials.ts';
import type { Truth, TruthFinder } from './truth/truth.ts';

type Instant =
  | OncueEventOf<'response_playback_started'>
  | OncueEventOf<'response_playback_refined'>;

/** Between a response and the one before it in its turn. */
export interface Gap {
  /** Silence since the end of the one before. */
  readonly silenceMs: number;
  /** How long the one before is. */
  readonly beforeMs: number;
}

/** A response of Oncue that sounded and was found, with what was reported about it. */
export interface OncueHeard {
  readonly responseId: string | undefined;
  readonly text: string;
  readonly place: 'after_silence' | 'after_another';
  readonly truthMs: number;
  /** The last report of its start; undefined if there was none. */
  readonly final: Instant | undefined;
  /** The first report with the evidence of the device. */
  readonly confirmed: Instant | undefined;
  readonly predictedAtMs: number | undefined;
  readonly estimate: EstimatedStart | undefined;
  readonly gap: Gap | undefined;
  /** The time to heard that was exported, and what it should be: of the first response of a speech. */
  readonly wait: { readonly exportedMs: number; readonly truthMs: number } | undefined;
}

/** The same for LiveKit alone. */
export interface StockHeard {
  readonly truthMs: number;
  readonly startedAtMs: number | undefined;
  readonly gap: Gap | undefined;
}

/** The words of a cut trial that are wrong. */
export interface CutWords {
  readonly speechId: string;
  readonly truth: string;
  readonly heardText: string;
  readonly message: string;
  readonly heardTextOff: number;
  readonly messageOff: number;
}

/** The end of a response that was heard, as it was reported. */
export interface End {
  readonly isCut: boolean;
  readonly truthMs: number;
  readonly finished: OncueEventOf<'response_playback_finished'>;
}

export interface Counts {
  heard: number;
  /** Sounded, but the search does not find when. Left out of everything else. */
  unknown: number;
  missing: number;
  twice: number;
  /** Starts reported for responses that never sounded. */
  false: number;
}

export interface NetworkScore {
  readonly run: NetworkRun;
  readonly oncue: readonly OncueHeard[];
  readonly stock: readonly StockHeard[];
  readonly ends: readonly End[];
  readonly cuts: readonly CutWords[];
  /** Cuts for which the recording does not show what was heard. */
  readonly cutsUnknown: number;
  readonly oncueCounts: Counts;
  readonly stockCounts: Counts;
  readonly droppedReportCount: number;
}

export function scoreNetwork(run: NetworkRun, finder: TruthFinder): NetworkScore {
  const trace = new SessionTrace(run.trace);
  const estimates = estimatedStarts(run.trace);
  const oncueCounts = counts();
  const stockCounts = counts();
  const oncue: OncueHeard[] = [];
  const ends: End[] = [];
  const cuts: CutWords[] = [];
  let cutsUnknown = 0;
  for (const trial of run.oncue) {
    const reported = trial.script.responses.map((_, index) => trace.of(trial.speechId, index));
    const truths = finder.find(
      trial,
      reported.map((one) => one?.leavesAtMs),
    );
    for (const [index, truth] of truths.entries())
      count(oncueCounts, truth, reported[index]?.starts.length ?? 0);
    ends.push(...endsOf(truths, reported));
    if (trial.script.cutAfterMs === undefined)
      oncue.push(...oncueOf(run, trial, truths, reported, estimates));
    else if (truths.some(({ kind }) => kind === 'unknown')) cutsUnknown += 1;
    else cuts.push(cutOf(trial, truths, reported));
  }
  const stock = run.stock.flatMap((trial) => stockOf(run, trial, finder, stockCounts));
  const { droppedReportCount } = trace;
  const all = { oncue, stock, ends, cuts, cutsUnknown, oncueCounts, stockCounts };
  return { run, ...all, droppedReportCount };
}

const counts = (): Counts => ({ heard: 0, unknown: 0, missing: 0, twice: 0, false: 0 });

function count(all: Counts, truth: Truth, starts: number): void {
  if (truth.kind === 'heard') all.heard += 1;
  if (truth.kind === 'unknown') all.unknown += 1;
  if (truth.kind === 'heard' && starts === 0) all.missing += 1;
  if (truth.kind === 'silent' && starts > 0) all.false += 1;
  if (starts > 1) all.twice += 1;
}

function endsOf(
  truths: readonly Truth[],
  reported: readonly (ReportedResponse | undefined)[],
): End[] {
  return truths.flatMap((truth, index): End[] => {
    const finished = reported[index]?.finished;
    if (truth.kind !== 'heard' || !finished) return [];
    return [{ isCut: finished.interrupted, truthMs: truth.stoppedMs, finished }];
  });
}

function oncueOf(
  run: NetworkRun,
  trial: Trial,
  truths: readonly Truth[],
  reported: readonly (ReportedResponse | undefined)[],
  estimates: ReadonlyMap<string, EstimatedStart>,
): OncueHeard[] {
  return truths.flatMap((truth, index): OncueHeard[] => {
    if (truth.kind !== 'heard') return [];
    const response = reported[index];
    const instants: Instant[] = response ? [...response.starts, ...response.refined] : [];
    const { speechId } = trial;
    return [
      {
        responseId: response?.responseId,
        text: trial.script.responses[index]?.text ?? '',
        place: index === 0 ? 'after_silence' : 'after_another',
        truthMs: truth.startMs,
        final: instants.at(-1),
        confirmed: instants.find(({ evidence }) => evidence === 'device'),
        predictedAtMs: run.predicted.find((one) => one.speechId === speechId && one.index === index)
          ?.firedAtMs,
        estimate: response && estimates.get(response.responseId),
        gap: gapOf(trial, truths, index),
        wait: index === 0 ? waitOf(run, trial, truth.startMs) : undefined,
      },
    ];
  });
}

/** The user stopped speaking when the trial began. */
function waitOf({ exportedWaitMs }: NetworkRun, trial: Trial, startMs: number): OncueHeard['wait'] {
  const exportedMs = exportedWaitMs[trial.speechId];
  return exportedMs === undefined ? undefined : { exportedMs, truthMs: startMs - trial.fromMs };
}

function stockOf(run: NetworkRun, trial: Trial, finder: TruthFinder, all: Counts): StockHeard[] {
  // LiveKit's event names no response, so its events are counted off in order.
  const starts = run.stockStartedAtMs.filter((atMs) => atMs >= trial.fromMs && atMs < trial.toMs);
  const truths = finder.find(
    trial,
    trial.script.responses.map((_, index) => starts[index]),
  );
  all.twice += Math.max(0, starts.length - truths.length);
  for (const [index, truth] of truths.entries())
    count(all, truth, starts[index] === undefined ? 0 : 1);
  return truths.flatMap((truth, index): StockHeard[] =>
    truth.kind === 'heard'
      ? [{ truthMs: truth.startMs, startedAtMs: starts[index], gap: gapOf(trial, truths, index) }]
      : [],
  );
}

function gapOf(trial: Trial, truths: readonly Truth[], index: number): Gap | undefined {
  const before = truths[index - 1];
  const here = truths[index];
  const speech = trial.script.responses[index - 1];
  if (before?.kind !== 'heard' || here?.kind !== 'heard' || !speech) return undefined;
  return { silenceMs: here.startMs - before.endMs, beforeMs: durationMs(speech) };
}

function cutOf(
  trial: Trial,
  truths: readonly Truth[],
  reported: readonly (ReportedResponse | undefined)[],
): CutWords {
  const lastHeard = truths.findLastIndex(({ kind }) => kind === 'heard');
  // Losses in the network are no cut: a response was heard to its end if a later one sounded.
  const truth = truths.flatMap((one, index) => {
    if (index < lastHeard) return wordsOf(trial.script.responses[index]?.text ?? '');
    return one.kind === 'heard' ? one.heardWords : [];
  });
  const heardText = reported.map((response) => response?.finished?.heardText ?? '').join(' ');
  return {
    speechId: trial.speechId,
    truth: truth.join(' '),
    heardText,
    message: trial.message,
    heardTextOff: wrongWordCount(truth, wordsOf(heardText)),
    messageOff: wrongWordCount(truth, wordsOf(trial.message)),
  };
}
