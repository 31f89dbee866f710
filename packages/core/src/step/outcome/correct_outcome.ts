import { type AgentMs, msToSamples, samplesToMs } from '../../units.ts';
import { UNBROKEN_MS } from '../audible_start.ts';
import { asPossible, isFirstStart, withinTime } from '../claims/physics.ts';
import { audibleSamples, inaudibleOf, joinSpans, type SampleSpan } from '../inaudible_spans.ts';
import type { PlayheadReport } from '../inputs.ts';
import type { Draft } from '../state/draft.ts';
import type {
  EndedResponse,
  RecentResponse,
  Reported,
  ResponseState,
  TimelineState,
} from '../state/state.ts';
import { heardAudio } from './heard_audio.ts';
import { toldSpans } from './left_to_gone.ts';

/**
 * What a report that comes after the end of its response changes of what was told [PB19]. What rests on an estimate, and what was
 * not known, gives way to a measured position. Nothing else follows from it: tasks, states and the chat have gone on.
 */

/** While a listener still plays what has ended here, so much audio without a new word is told. */
const TOLD_EVERY_MS = 1000;

/** Takes a possible report of a response that has ended. Emits an event if other audio was heard than was told last. */
export function correctOutcome(
  draft: Draft,
  { ref, ended }: RecentResponse,
  said: PlayheadReport,
): void {
  const { response, told } = ended ?? {};
  if (!ended || !response?.audio || !told || said.evidence === 'estimate') return;
  const report = asPossible(withinTime(said, response, response.audio), response.audio);
  const soundedSamples = soundedWith(ended, report, draft.state.listenerSinceMs);
  const inaudible = stillInaudible(ended, report, mutedIn(draft.state, ended, report));
  const outcome = outcomeWith(ended, report, soundedSamples, inaudible);
  const { startedAtMs, positionAtMs, evidence, errorBoundMs } = report;
  const errorMs = outcome === 'cut' && evidence !== 'device' ? errorBoundMs : 0;
  const reported = furthest(ended.reported, report);
  const spans = toldSpans({ ...response, inaudible, reported });
  const heard = heardAudio(response, { samples: soundedSamples, spans, errorMs });
  if (!heard) return;
  const now = { ...ended, soundedSamples, inaudible, reported };
  const { heardSamples, heardMs, heardText } = heard;
  const isKnown =
    saysNothingNew(ended, report, { outcome, heardSamples }) ||
    isUnderway(ended, report, { outcome, heardMs, heardText });
  if (isKnown || isUnsettled(ended, soundedSamples, reported)) {
    keep(draft, ref.responseId, { ...now, soundedSamples: ended.soundedSamples });
    return;
  }
  draft.emit({
    type: 'response_outcome_corrected',
    ...ref,
    outcome,
    interrupted: outcome === 'cut',
    ...(outcome === 'cut' ? { cutBy: response.cut?.by ?? 'not_known' } : {}),
    startedAtMs,
    positionAtMs,
    evidence,
    errorBoundMs,
    ...heard,
    before: told,
  });
  keep(draft, ref.responseId, { ...now, told: { outcome, heardSamples, heardMs, heardText } });
}

/** It repeats what was told, comes after a report of more, or is one of no samples of a response that was skipped. */
function saysNothingNew(
  { told, reported }: EndedResponse,
  { phase, heardSamples }: PlayheadReport,
  now: { readonly outcome: string; readonly heardSamples: number },
): boolean {
  if (now.outcome === told.outcome && now.heardSamples === told.heardSamples) return true;
  if (phase === 'playing' && heardSamples < (reported?.samples ?? 0)) return true;
  return told.outcome === 'skipped' && Math.min(now.heardSamples, heardSamples) === 0;
}

/**
 * Its listener plays it still, and has heard no more words of it than were told, nor much more of its audio. One that was away
 * catches up with many reports; what they say together is told with the next word or with the end.
 */
function isUnderway(
  { told }: EndedResponse,
  { phase }: PlayheadReport,
  now: { readonly outcome: string; readonly heardMs: number; readonly heardText: string },
): boolean {
  if (phase !== 'playing' || now.outcome !== told.outcome) return false;
  return now.heardText === told.heardText && now.heardMs - told.heardMs < TOLD_EVERY_MS;
}

/** The furthest position that was reported. */
export function furthest(
  before: Reported | undefined,
  { heardSamples, positionAtMs }: PlayheadReport,
): Reported | undefined {
  if (heardSamples <= (before?.samples ?? 0)) return before;
  return { samples: heardSamples, atMs: positionAtMs };
}

function keep(draft: Draft, id: string, ended: EndedResponse): void {
  const { recent } = draft.state;
  draft.patch({
    recent: recent.map((one) => (one.ref.responseId === id ? { ...one, ended } : one)),
  });
}

/**
 * How far it has sounded. A report that it stopped takes back what was only estimated, unless another listener may have heard that:
 * one that joined later tells of what it has played itself.
 */
function soundedWith(
  { response, soundedSamples, reported }: EndedResponse,
  { heardSamples, phase }: PlayheadReport,
  listenerSinceMs: AgentMs,
): number {
  const knownSamples = Math.max(heardSamples, reported?.samples ?? 0);
  const isOnly =
    response.listeners === 'one' &&
    (wasThereFrom(response, listenerSinceMs) || isFirstToCome(response, listenerSinceMs));
  if (phase !== 'playing' && isOnly) return knownSamples;
  return Math.max(soundedSamples, knownSamples);
}

/**
 * Something that counts as heard by estimate lies beyond what was reported. Whether the listener gets there only a later report
 * says, and what another listener has heard no report says: what would be told now is not measured.
 */
function isUnsettled(
  { inaudible }: EndedResponse,
  soundedSamples: number,
  known?: Reported,
): boolean {
  const knownSamples = known?.samples ?? 0;
  return audibleSamples(soundedSamples, inaudible) > audibleSamples(knownSamples, inaudible);
}

function wasThereFrom({ audio }: ResponseState, listenerSinceMs: AgentMs): boolean {
  return audio !== undefined && listenerSinceMs <= audio.sentFromMs;
}

/** Nobody was there as its first sample sounded, and none has joined beside the first who came. */
function isFirstToCome({ inaudible: [first], playback }: ResponseState, sinceMs: AgentMs): boolean {
  if (first?.why !== 'nobody' || first.fromSamples > 0) return false;
  return playback.status !== 'playing' || sinceMs <= playback.start.startedAtMs;
}

/**
 * From where on a report says what sounded. Over a long time two positions say nothing of what lies between them [AU14]. A page
 * that was reloaded says from when on it played, which is not the beginning.
 */
function saidFrom({ response, reported }: EndedResponse, report: PlayheadReport): number {
  const { heardSamples, startedAtMs, positionAtMs } = report;
  const { audio } = response;
  const isUnbroken = !reported || positionAtMs - reported.atMs <= UNBROKEN_MS;
  const knownFrom = isUnbroken ? (reported?.samples ?? 0) : heardSamples;
  if (!audio || isFirstStart(report, audio)) return knownFrom;
  const playedSamples = msToSamples(positionAtMs - startedAtMs, audio.sampleRateHz);
  return Math.max(knownFrom, heardSamples - playedSamples);
}

/** What was played while the listener was muted: it reports what it plays, not what it hears. */
function mutedIn(
  { inaudibleTimes }: TimelineState,
  ended: EndedResponse,
  report: PlayheadReport,
): readonly SampleSpan[] {
  const { heardSamples, startedAtMs, positionAtMs } = report;
  const fromSamples = saidFrom(ended, report);
  const lengthMs = samplesToMs(heardSamples - fromSamples, ended.response.audio?.sampleRateHz ?? 1);
  const fromMs = Math.max(startedAtMs, positionAtMs - lengthMs);
  const muted = inaudibleTimes.filter(({ why }) => why === 'muted');
  const run = { fromSamples, toSamples: heardSamples, fromMs, toMs: positionAtMs, earlierMs: 0 };
  return inaudibleOf(muted, run);
}

/** What is left of the parts of which nobody was known to hear them. */
function stillInaudible(
  ended: EndedResponse,
  report: PlayheadReport,
  muted: readonly SampleSpan[],
): readonly SampleSpan[] {
  const fromSamples = saidFrom(ended, report);
  const { heardSamples } = report;
  if (heardSamples <= fromSamples) return ended.inaudible;
  const left = ended.inaudible.flatMap((span) => {
    if (span.why === 'muted') return [span];
    const before = { ...span, toSamples: Math.min(span.toSamples, fromSamples) };
    const after = { ...span, fromSamples: Math.max(span.fromSamples, heardSamples) };
    return [before, after].filter((part) => part.toSamples > part.fromSamples);
  });
  const inOrder = [...left, ...muted].sort((a, b) => a.fromSamples - b.fromSamples);
  return joinSpans([], inOrder);
}

function outcomeWith(
  { response, told }: EndedResponse,
  { phase }: PlayheadReport,
  soundedSamples: number,
  inaudible: readonly SampleSpan[],
): 'heard' | 'partly_heard' | 'cut' | 'failed' {
  const { audio, audioEnded, failure, cut } = response;
  const isWhole = audioEnded && soundedSamples === audio?.sentSamples;
  if (isWhole && failure !== undefined) return 'failed';
  if (isWhole) return inaudible.length > 0 ? 'partly_heard' : 'heard';
  if (phase !== 'playing' || cut || told.outcome === 'cut') return 'cut';
  return failure === undefined ? 'partly_heard' : 'failed';
}
