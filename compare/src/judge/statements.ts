import type { CutBy, Evidence, OncueEvent, OncueEventOf, ResponseId } from '@oncue/core';
import type { Ear, SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario, Step } from '../scenario.ts';
import { differenceOf, wordsOf } from './words.ts';

/** Slack for the grid on which the test's clock moves, ms. */
const GRID_MS = 6;

/** What has left a room's queue when it is cut is counted with this error, ms: perhaps nothing has [PB18]. */
const QUEUE_SLACK_MS = 20;

/**
 * Statements of Oncue that are stronger than what was really audible, or contradict each other, one line each. The judge
 * knows the sound of each word, in the order of the responses; it knows nothing of how Oncue came to what it says.
 */
export function overstatements(scenario: Scenario, run: Observed): string[] {
  if (run.side === 'plain') return [];
  return [
    ...endsOnce(run.events),
    ...startsOnce(run.events),
    ...textsHeard(run),
    ...starts(scenario, run),
    ...lengths(run),
    ...tasks(scenario, run),
    ...skipped(scenario, run, run.ear.words(run.made)),
    ...measuredByNobody(scenario, run.events),
    ...silentCorrections(run),
    ...corrections(run.events),
    ...causes(scenario, run.events),
  ];
}

/**
 * What a statement is compared with. An estimate says what somebody who listens would have heard [PB15]; a stronger one
 * says what was heard.
 */
function earFor(evidence: Evidence, { ear }: Observed): Ear {
  return evidence === 'estimate' ? ear.ofOneWhoListens() : ear;
}

/** What a handler was told of a message is no longer so, and an event says what it holds now [LK21]. */
function silentCorrections({ itemsTold, history, events }: Observed): string[] {
  const corrections = of(events, 'chat_message_corrected');
  return itemsTold.after.flatMap(({ id, text: told }) => {
    const now = history.find((message) => message.id === id)?.text ?? '';
    const last = corrections.findLast(({ messageId }) => messageId === id);
    return now === (last?.text ?? told) && (last?.before ?? told) === told
      ? []
      : [`message ${id} was told as "${told}", holds "${now}", and no event says so`];
  });
}

/** Of somebody who cannot report nothing is measured. */
function measuredByNobody({ ear }: Scenario, events: readonly OncueEvent[]): string[] {
  if (ear?.listener !== 'room_without_reporter') return [];
  return events.flatMap((event) =>
    'evidence' in event && event.evidence !== 'estimate'
      ? [`${event.type} rests on "${event.evidence}", and nobody reported`]
      : [],
  );
}

/** Who cut is what cut, or not known. The end of a run closes the session. */
function causes({ steps }: Scenario, events: readonly OncueEvent[]): string[] {
  const cuts = steps.flatMap(({ do: what }) => CAUSES[what] ?? []);
  const [cause] = cuts;
  // A sound of the user is an interruption where the output cannot pause.
  if (cuts.length !== 1 || steps.some(({ do: what }) => what === 'pause')) return [];
  const allowed = [cause, 'close', 'not_known', undefined];
  return of(events, 'response_playback_finished')
    .filter(({ cutBy }) => !allowed.includes(cutBy))
    .map(({ responseId, cutBy }) => `${responseId} is said to be cut by ${cutBy}; it was ${cause}`);
}

const CAUSES: { readonly [what in Step['do']]?: CutBy } = {
  interrupt: 'code',
  force_interrupt: 'code',
  presses: 'code',
  types: 'user_text',
  talks_over: 'user_speech',
  hand_off: 'handoff',
  close: 'close',
};

function of<T extends OncueEvent['type']>(
  events: readonly OncueEvent[],
  type: T,
): OncueEventOf<T>[] {
  return events.filter((event): event is OncueEventOf<T> => event.type === type);
}

function endsOnce(events: readonly OncueEvent[]): string[] {
  const ends = new Map<ResponseId, number>();
  for (const event of events)
    if (event.type === 'response_playback_finished' || event.type === 'response_skipped')
      ends.set(event.responseId, (ends.get(event.responseId) ?? 0) + 1);
  return of(events, 'response_declared')
    .filter(({ responseId }) => ends.get(responseId) !== 1)
    .map(({ responseId }) => `${responseId} ended ${ends.get(responseId) ?? 0} times`);
}

function startsOnce(events: readonly OncueEvent[]): string[] {
  const ids = of(events, 'response_playback_started').map(({ responseId }) => responseId);
  return ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `${id} started twice`);
}

/** No word is said to be heard that was not heard to its end; an estimate may be off by as much as it says. */
function textsHeard(run: Observed): string[] {
  const told = [
    ...of(run.events, 'response_playback_finished'),
    ...of(run.events, 'response_outcome_corrected'),
  ];
  return told.flatMap((event) => {
    const heard = earFor(event.evidence, run).words(run.made);
    const whole = heard.filter(({ isWhole }) => isWhole).flatMap(({ word }) => wordsOf(word.text));
    const { extra } = differenceOf(wordsOf(event.heardText), whole);
    const allowed = event.heardTextMaxErrorWords;
    return extra
      .slice(allowed)
      .map((word) => `"${word}" is said to be heard and was not (± ${allowed} words)`);
  });
}

/**
 * Each start lies within its bound of a word's start, and as many responses start as sounded. A listener who leaves may take
 * a few samples with him that nobody reported; the next one hears them again, and that is then the start that is known.
 */
function starts({ steps }: Scenario, run: Observed): string[] {
  const isSentAgain = steps.some(({ do: what }) => BEGINS_ANEW.includes(what));
  return of(run.events, 'response_playback_started')
    .filter(({ startedAtMs, errorBoundMs, evidence }) => {
      const ear = earFor(evidence, run);
      const began = isSentAgain ? ear.beginnings : ear.words(run.made).map(({ fromMs }) => fromMs);
      return !began.some((fromMs) => Math.abs(fromMs - startedAtMs) <= errorBoundMs + GRID_MS);
    })
    .map(
      ({ responseId, startedAtMs, errorBoundMs }) =>
        `${responseId} is said to start at ${startedAtMs} ± ${errorBoundMs}; nothing began there`,
    );
}

const BEGINS_ANEW: readonly Step['do'][] = ['reloads', 'leaves'];

/** No more sound is said to be heard than there was. */
function lengths(run: Observed): string[] {
  const finished = lastTold(run.events);
  const measured = finished.filter(({ evidence }) => evidence !== 'estimate');
  return [
    ...lengthOf(finished, run.ear.ofOneWhoListens().heardMs(run.made)),
    ...lengthOf(measured, run.ear.heardMs(run.made)),
  ];
}

type ToldAsHeard = OncueEventOf<'response_playback_finished' | 'response_outcome_corrected'>;

/** What was told of each response in the end. */
function lastTold(events: readonly OncueEvent[]): readonly ToldAsHeard[] {
  const told = new Map<ResponseId, ToldAsHeard>();
  for (const event of events)
    if (event.type === 'response_playback_finished' || event.type === 'response_outcome_corrected')
      told.set(event.responseId, event);
  return [...told.values()];
}

/** A correction takes back what was told last of a response that has ended [PB19]. */
function corrections(events: readonly OncueEvent[]): string[] {
  const told = new Map<ResponseId, { readonly outcome: string; readonly heardText: string }>();
  return events.flatMap((event) => {
    const { type } = event;
    if (type === 'response_playback_finished') told.set(event.responseId, event);
    if (type === 'response_skipped')
      told.set(event.responseId, { outcome: 'skipped', heardText: '' });
    if (type !== 'response_outcome_corrected') return [];
    const { responseId, before, evidence } = event;
    const last = told.get(responseId);
    told.set(responseId, event);
    return last?.outcome === before.outcome &&
      last.heardText === before.heardText &&
      evidence !== 'estimate'
      ? []
      : [`${responseId} is corrected from ${before.outcome} "${before.heardText}", not told so`];
  });
}

function lengthOf(finished: readonly ToldAsHeard[], soundedMs: number): string[] {
  const saidMs = finished.reduce((sum, { heardMs }) => sum + heardMs, 0);
  const boundMs = finished.reduce((sum, { errorBoundMs }) => sum + errorBoundMs + GRID_MS, 0);
  return saidMs <= soundedMs + boundMs
    ? []
    : [`${saidMs} ms are said to be heard, of ${soundedMs} ms (± ${Math.round(boundMs)})`];
}

/** A task runs once, and only for a response of which something was heard, when that began within its bound. */
function tasks(scenario: Scenario, run: Observed): string[] {
  const { tasks: ran } = run.log;
  const keys = ran.map(({ key }) => key);
  const starts = of(run.events, 'task_started');
  const ends = of(run.events, 'response_playback_finished');
  return [
    ...keys
      .filter((key, place) => keys.indexOf(key) !== place)
      .map((key) => `task ${key} ran twice`),
    ...ran
      .filter(({ key, atMs }) => {
        const words = wordsOfResponse(scenario, key);
        const start = starts.find(({ metadata }) => metadata === key);
        const end = ends.find(({ metadata }) => metadata === key);
        if (end?.evidence === 'estimate' && end.heardMs <= QUEUE_SLACK_MS) return false;
        const { errorBoundMs: boundMs = 0, evidence = 'device' } = start ?? {};
        const heard = earFor(evidence, run).words(run.made);
        const began = heard.filter(({ word }) => words.includes(wordsOf(word.text)[0] ?? ''));
        return !began.some(({ fromMs }) => fromMs <= atMs + boundMs + GRID_MS);
      })
      .map(({ key, atMs }) => `task ${key} ran at ${atMs}, and nothing of its response was heard`),
  ];
}

/** @param key - of a task: the turn and the place of the response in it. */
function wordsOfResponse({ turns }: Scenario, key: string): string[] {
  const [turn = 0, place = 0] = key.split('.').map(Number);
  const chunks = turns[turn]?.responses[place]?.chunks ?? [];
  return wordsOf(chunks.map(({ text }) => text).join(''));
}

/**
 * No response counts as never heard of which a word sounded. Texts of a scenario share no word. Of some it is said that nothing is
 * known; if such a response has no metadata, it may be any one text.
 */
function skipped(
  scenario: Scenario,
  { events }: Observed,
  heard: readonly SoundedWord[],
): string[] {
  const notKnown = of(events, 'response_skipped').filter(({ reason }) => reason === 'not_known');
  const accounted = new Set([
    ...lastTold(events).flatMap(({ fullText }) => wordsOf(fullText)),
    ...notKnown.flatMap(({ metadata }) => wordsOfResponse(scenario, String(metadata))),
  ]);
  const unsaid = heard.flatMap(({ word }) => wordsOf(word.text)).filter((w) => !accounted.has(w));
  const texts = textsOf(scenario).filter((words) => words.some((word) => unsaid.includes(word)));
  const inTexts = texts.flat();
  const mayBeAny = notKnown.filter(({ metadata }) => metadata === undefined).length;
  return [...new Set(unsaid)]
    .filter((word) => texts.length > mayBeAny || !inTexts.includes(word))
    .map((word) => `"${word}" sounded, and no response that was heard holds it`);
}

/** The words of each response that the scenario can make. */
function textsOf({ turns, steps }: Scenario): string[][] {
  const written = turns.flatMap(({ responses, toolSays, taskSays }) => [
    ...responses.map(({ chunks }) => chunks.map(({ text }) => text).join('')),
    ...[toolSays, taskSays].filter((text) => text !== undefined),
  ]);
  const said = steps.flatMap((step) => (step.do === 'say' ? [step.text] : []));
  return [...written, ...said].map(wordsOf);
}
