import type { Evidence, Inaudible, OncueEventOf, SkipReason, TaskTiming, Word } from '@oncue/core';
import {
  type DeafTime,
  heardInEnd,
  heardSoFar,
  placeInTime,
  type WordEnds,
  type WordView,
  wordEnds,
} from './word_views.ts';

/** When a response began to be heard, and the evidence for it. Instants are on the agent's clock. */
export interface StartView {
  readonly startedAtMs: number;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
}

/** When the sound of a response ended, and the evidence for it. On the agent's clock. */
export interface EndView {
  readonly endedAtMs: number;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
}

/** A background task of a response. */
export interface TaskView {
  readonly taskId: string;
  readonly startedAtMs: number;
  readonly timing: TaskTiming;
  readonly status: 'running' | 'finished' | 'failed' | 'aborted';
  readonly endedAtMs?: number;
  readonly message?: string;
}

/** A mark in the text, and when the words before it had been heard. */
export interface MarkView {
  readonly name: string;
  readonly reachedAtMs: number;
  readonly errorBoundMs: number;
}

/** The state of a response. */
export type Outcome =
  | 'waiting'
  | 'playing'
  | 'heard'
  | 'partly_heard'
  | 'cut'
  | 'failed'
  | 'skipped';

/** One response as the page shows it. Instants are on the agent's clock. */
export interface ResponseView {
  readonly id: string;
  readonly turnId: string;
  readonly index: number;
  readonly title: string;
  /** The name of its task, if its metadata has one. */
  readonly taskTitle?: string;
  readonly outcome: Outcome;
  /** It plays, and nobody can hear it now. */
  readonly inaudibleNow?: Inaudible;
  /** Playout is paused now. */
  readonly isPaused: boolean;
  readonly declaredAtMs: number;
  /** When it ended: heard, cut, failed or skipped. */
  readonly endedAtMs?: number;
  readonly text: string;
  readonly heardText: string;
  readonly heardTextSource?: string;
  readonly words: readonly WordView[];
  readonly written?: { readonly startMs: number; readonly endMs: number };
  /** From the first sent sample to the last one so far. LiveKit's own playback event fires at its start. */
  readonly sent?: { readonly startMs: number; readonly endMs: number; readonly ended: boolean };
  readonly sentMs: number;
  readonly start?: StartView;
  /** The start as first reported, before better measurements. */
  readonly firstStart?: StartView;
  /** Of its last event, once it has ended. */
  readonly end?: EndView;
  /** When the start event was emitted. */
  readonly announcedAtMs?: number;
  readonly heardMs: number;
  /** Why parts of it do not count as heard, by its end. */
  readonly unheardAs: readonly Inaudible[];
  /** When the last known position of the playhead was measured. */
  readonly headAtMs?: number;
  /** When the sound ends if nothing interrupts it. */
  readonly soundEndMs?: number;
  readonly cutBy?: string;
  /** The user of this page cut it: with the button, the key or a typed question. To Oncue that is the application. */
  readonly cutByUser: boolean;
  readonly skipReason?: SkipReason;
  readonly detail?: string;
  readonly tasks: readonly TaskView[];
  /** The marks that were reached. */
  readonly marks: readonly MarkView[];
  /** When the page's own audio graph rendered the first sample. */
  readonly truthMs?: number;
}

/** A measured position of the playhead: at `atMs`, `heardMs` had been heard. */
interface Anchor {
  readonly atMs: number;
  readonly heardMs: number;
}

/** A response while its lines arrive. */
export interface ResponseDraft {
  readonly declared: OncueEventOf<'response_declared'>;
  text: string;
  words: Word[];
  /** The ends of the words, and what was known when they were found. */
  ends?: { readonly known: string; readonly ends: WordEnds };
  writtenFromMs?: number;
  writtenToMs?: number;
  sentFromMs?: number;
  sentToMs?: number;
  sentEnded: boolean;
  sentSamples: number;
  sampleRateHz: number;
  start?: StartView;
  firstStart?: StartView;
  announcedAtMs?: number;
  heardMs: number;
  anchors: Anchor[];
  tasks: readonly TaskView[];
  marks: readonly MarkView[];
  finished?: OncueEventOf<'response_playback_finished'>;
  cutByUser: boolean;
  skipped?: OncueEventOf<'response_skipped'>;
  /** The last correction of either. */
  corrected?: OncueEventOf<'response_outcome_corrected'>;
  truthMs?: number;
  /** The last view of it, until something changes. */
  view?: ResponseView | undefined;
}

/** A response that was declared, and nothing more is known yet. */
export function draftOf(declared: OncueEventOf<'response_declared'>): ResponseDraft {
  return {
    declared,
    text: '',
    words: [],
    sentEnded: false,
    cutByUser: false,
    sentSamples: 0,
    sampleRateHz: 0,
    heardMs: 0,
    anchors: [],
    tasks: [],
    marks: [],
  };
}

/** The response as the page shows it now. */
export function viewOf(
  draft: ResponseDraft,
  deaf: readonly (DeafTime & { readonly why: Inaudible })[] = [],
  isPaused = false,
): ResponseView {
  const { declared, finished, skipped } = draft;
  const ended = draft.corrected ?? finished;
  const start = startOf(draft);
  const sentMs = draft.sampleRateHz > 0 ? (draft.sentSamples * 1000) / draft.sampleRateHz : 0;
  const heardMs = ended?.heardMs ?? draft.heardMs;
  const head = draft.anchors.at(-1);
  const soundedAt = playheadMap(draft);
  const words = start ? wordsOf(draft, soundedAt, deaf) : [];
  const endedAtMs = ended ? (head?.atMs ?? ended.atMs) : skipped?.atMs;
  const deafNow = deaf.at(-1)?.endMs === undefined ? deaf.at(-1)?.why : undefined;
  return {
    id: declared.responseId,
    turnId: declared.turnId,
    index: declared.index,
    ...namesOf(declared),
    outcome: outcomeOf(draft),
    ...given('inaudibleNow', outcomeOf(draft) === 'playing' ? deafNow : undefined),
    isPaused,
    declaredAtMs: declared.atMs,
    ...given('endedAtMs', endedAtMs),
    text: draft.text,
    heardText: ended?.heardText ?? joined(words),
    ...given('heardTextSource', ended?.heardTextSource),
    words,
    ...(draft.writtenFromMs !== undefined && draft.writtenToMs !== undefined
      ? { written: { startMs: draft.writtenFromMs, endMs: draft.writtenToMs } }
      : {}),
    ...(draft.sentFromMs !== undefined && draft.sentToMs !== undefined
      ? { sent: { startMs: draft.sentFromMs, endMs: draft.sentToMs, ended: draft.sentEnded } }
      : {}),
    sentMs,
    ...given('start', start),
    ...given('firstStart', draft.firstStart),
    ...given('end', endOf(draft)),
    ...given('announcedAtMs', draft.announcedAtMs),
    heardMs,
    unheardAs: unheardAs(ended?.inaudible),
    ...given('headAtMs', head?.atMs),
    ...given('soundEndMs', start ? soundedAt(sentMs) : undefined),
    ...given('cutBy', ended?.cutBy),
    cutByUser: draft.cutByUser,
    ...given('skipReason', ended ? undefined : skipped?.reason),
    ...given('detail', skipped?.detail),
    tasks: draft.tasks,
    marks: draft.marks,
    ...given('truthMs', draft.truthMs),
  };
}

function unheardAs(inaudible: readonly { readonly why: Inaudible }[] = []): Inaudible[] {
  return inaudible.map(({ why }) => why);
}

/** A response that was skipped has a start only if a later report says that it was heard. */
function startOf({ start, corrected }: ResponseDraft): StartView | undefined {
  if (start || !corrected) return start;
  const { startedAtMs, evidence, errorBoundMs } = corrected;
  return { startedAtMs, evidence, errorBoundMs };
}

function endOf({ finished, corrected }: ResponseDraft): EndView | undefined {
  const ended = corrected ?? finished;
  if (!ended) return undefined;
  const endedAtMs = 'endedAtMs' in ended ? ended.endedAtMs : ended.positionAtMs;
  return { endedAtMs, evidence: ended.evidence, errorBoundMs: ended.errorBoundMs };
}

function outcomeOf({ finished, skipped, corrected, start }: ResponseDraft): Outcome {
  if (corrected) return corrected.outcome;
  if (finished) return finished.outcome;
  if (skipped) return 'skipped';
  return start ? 'playing' : 'waiting';
}

/** When a position of the response sounds: in real time from its start, shifted by the stalls of the playhead. */
function playheadMap(draft: ResponseDraft): (offsetMs: number) => number {
  const startedAtMs = startOf(draft)?.startedAtMs ?? 0;
  const last = draft.anchors.at(-1);
  return (offsetMs) => {
    const anchor = draft.anchors.find(({ heardMs }) => heardMs >= offsetMs) ?? last;
    if (!anchor) return startedAtMs + offsetMs;
    return Math.max(startedAtMs, anchor.atMs - (anchor.heardMs - offsetMs));
  };
}

/** The words with the instants at which they sound. Their ends are found anew only when something of them has changed. */
function wordsOf(
  draft: ResponseDraft,
  soundedAt: (offsetMs: number) => number,
  deaf: readonly DeafTime[],
): WordView[] {
  const { text, words, sentSamples } = draft;
  const known = `${text.length} ${words.length} ${sentSamples}`;
  if (draft.ends?.known !== known) draft.ends = { known, ends: wordEnds(draft) };
  const ended = draft.corrected ?? draft.finished;
  const playedMs = Math.max(draft.heardMs, draft.anchors.at(-1)?.heardMs ?? 0);
  const isHeard = ended ? heardInEnd(text, ended) : heardSoFar(playedMs, deaf);
  return placeInTime(draft.ends.ends, soundedAt, isHeard);
}

function joined(words: readonly WordView[]): string {
  return words
    .filter(({ heard }) => heard)
    .map(({ text }) => text)
    .join(' ');
}

/** The names of the response and its task, from its metadata. */
function namesOf({ metadata, index }: OncueEventOf<'response_declared'>): {
  title: string;
  taskTitle?: string;
} {
  const fields = typeof metadata === 'object' && metadata !== null ? metadata : {};
  const named = fields as { readonly [key: string]: unknown };
  const title = ['title', 'name', 'kind'].map((key) => named[key]).find(isText);
  const { task } = named;
  return { title: title ?? `Response ${index + 1}`, ...(isText(task) ? { taskTitle: task } : {}) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function given<K extends string, V>(key: K, value: V | undefined): { [name in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [name in K]?: V };
}
