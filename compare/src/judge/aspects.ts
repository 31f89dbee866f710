import type { SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../run.ts';
import type { Scenario } from '../scenario.ts';

/** How far one side is from what was really audible, in one respect. 0 is right. */
export interface Aspect {
  readonly name: string;
  /** In `unit`; what is smaller is nearer to the truth. */
  readonly error: number;
  /** Differences up to this are noise of the method. */
  readonly tolerance: number;
  readonly detail: string;
}

/** Ms by which a state may lag behind the sound without being wrong: LiveKit's own steps and ours. */
const STATE_TOLERANCE_MS = 25;

/** A caption that is shown so little ahead of its word is in step with it. */
const CAPTION_EARLY_MS = 150;

const SAMPLE_EVERY_MS = 5;

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' });

/** What is on its way when the agent is interrupted still sounds; no agent can call it back. */
const ON_ITS_WAY_MS = 20;

/** All aspects of one run, each against the naive model: the ear. */
export function aspectsOf(scenario: Scenario, run: Observed): Aspect[] {
  const heard = run.ear.words(run.made);
  const isCutting = cutWindows(scenario, run);
  return [
    historyAspect(scenario, run, heard),
    stateWhileAudible(run, isCutting),
    speakingWhileSilent(run, isCutting),
    interruptedAspect(scenario, run),
    lastState(run),
    captionsAspect(scenario, run, heard),
    count('speeches not done', run.speeches.filter(({ done }) => !done).length),
    count('errors', run.errors.length),
    count('not closed in time', run.closedInTime ? 0 : 1),
  ];
}

/** Words as they are compared: no case, no punctuation; in a text without spaces, what its readers take for words. */
export function wordsOf(text: string): string[] {
  return [...SEGMENTER.segment(text.toLowerCase())]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

/** What the user received: words heard to their end, and where the agent writes instead of speaking, what was stored. */
function receivedWords(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): string[] {
  const whole = heard.filter(({ isWhole }) => isWhole).map(({ word }) => `${word.text} `);
  const written = run.history.filter((_, turn) => isWritten(scenario, turn));
  return [...wordsOf(whole.join('')), ...wordsOf(written.map(({ text }) => text).join(' '))];
}

/**
 * Whether the agent wrote its answer to a turn instead of speaking: it has no voice, or its audio was off. What is then
 * stored and shown has no sound to be judged by; it is compared with plain LiveKit.
 */
export function isWritten(scenario: Scenario, turn: number): boolean {
  if (scenario.voice?.absent) return true;
  const asked = scenario.steps.filter((step) => step.do === 'ask' || step.do === 'say')[turn];
  const switched = scenario.steps.findLast(
    (step) => step.do === 'audio' && step.atMs <= (asked?.atMs ?? 0),
  );
  return switched?.do === 'audio' && !switched.enabled;
}

/** Words claimed that were not heard to their end, and words heard to their end that are missing. */
function historyAspect(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): Aspect {
  const truth = receivedWords(scenario, run, heard);
  const stored = wordsOf(run.history.map(({ text }) => text).join(' '));
  const { extra, missing } = differenceOf(stored, truth);
  return {
    name: 'history',
    error: extra.length + missing.length,
    // Without word times both sides estimate, and a word more or less is a matter of luck.
    tolerance: scenario.voice?.wordTimes === false ? 1 : 0,
    detail: `extra: ${extra.join(' ') || '–'}; missing: ${missing.join(' ') || '–'}`,
  };
}

/** Whether an instant lies just after an interruption, where the sound on its way and the state may differ. */
function cutWindows(scenario: Scenario, run: Observed): (atMs: number) => boolean {
  const pathMs = scenario.ear?.pathMs ?? 60;
  const cuts = scenario.steps.filter((step) => step.do === 'interrupt' || step.do === 'close');
  return (atMs) =>
    cuts.some(
      (cut) =>
        atMs >= run.startedAtMs + cut.atMs &&
        atMs <= run.startedAtMs + cut.atMs + pathMs + ON_ITS_WAY_MS,
    );
}

/** A speech counts as interrupted when sound of it was stopped: made and not heard, or audible at the cut. */
function interruptedAspect(scenario: Scenario, run: Observed): Aspect {
  const cut = scenario.steps.find(({ do: what }) => what === 'interrupt');
  const heard = run.ear.words(run.made);
  const isCut =
    cut !== undefined &&
    (run.ear.isAudibleAt(run.startedAtMs + cut.atMs) ||
      heard.filter(({ isWhole }) => isWhole).length < run.made.length);
  const said = run.speeches.some(({ interrupted }) => interrupted);
  return {
    name: 'interrupted',
    error: isCut === said || (cut !== undefined && !isCut) ? 0 : 1,
    tolerance: 0,
    detail: String(said),
  };
}

function stateAt(run: Observed, atMs: number): string {
  return run.states.findLast((one) => one.atMs <= atMs)?.state ?? 'initializing';
}

/** Ms in which something sounded and the agent was said not to speak. */
function stateWhileAudible(run: Observed, isCutting: (atMs: number) => boolean): Aspect {
  const wrongMs = sumOver(
    run,
    (atMs) => !isCutting(atMs) && run.ear.isAudibleAt(atMs) && stateAt(run, atMs) !== 'speaking',
  );
  return {
    name: 'audible, but not "speaking" (ms)',
    error: wrongMs,
    tolerance: STATE_TOLERANCE_MS,
    detail: `${wrongMs} ms`,
  };
}

/** Ms in which nothing sounded for more than a moment and the agent was said to speak. */
function speakingWhileSilent(run: Observed, isCutting: (atMs: number) => boolean): Aspect {
  const wrongMs = sumOver(
    run,
    (atMs) => !isCutting(atMs) && !run.ear.isAudibleAt(atMs) && stateAt(run, atMs) === 'speaking',
  );
  return {
    name: 'silent, but "speaking" (ms)',
    error: wrongMs,
    tolerance: STATE_TOLERANCE_MS,
    detail: `${wrongMs} ms`,
  };
}

function sumOver(run: Observed, isWrong: (atMs: number) => boolean): number {
  const endMs = Math.max(0, ...run.states.map(({ atMs }) => atMs)) + 1000;
  let wrongMs = 0;
  for (let atMs = 0; atMs < endMs; atMs += SAMPLE_EVERY_MS)
    if (isWrong(atMs)) wrongMs += SAMPLE_EVERY_MS;
  return wrongMs;
}

function lastState(run: Observed): Aspect {
  const last = run.states.at(-1)?.state;
  const isResting = last === 'listening' || last === 'idle' || last === undefined;
  return {
    name: 'rests at the end',
    error: isResting ? 0 : 1,
    tolerance: 0,
    detail: String(last),
  };
}

/** Words that were shown and never sounded to their end, or were shown well before they sounded. */
function captionsAspect(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): Aspect {
  const truth = receivedWords(scenario, run, heard);
  const shown = wordsOf(run.captions.map(({ text }) => text).join(''));
  const { extra, missing } = differenceOf(shown, truth);
  const early = earlyCaptions(run, heard);
  return {
    name: 'captions',
    error: extra.length + missing.length + early,
    tolerance: 1,
    detail: `never heard: ${extra.join(' ') || '–'}; not shown: ${missing.join(' ') || '–'}; early: ${early}`,
  };
}

function earlyCaptions(run: Observed, heard: readonly SoundedWord[]): number {
  const soundsAtMs = new Map(heard.map(({ word, fromMs }) => [wordsOf(word.text)[0], fromMs]));
  return run.captions.filter(({ text, atMs }) => {
    const fromMs = soundsAtMs.get(wordsOf(text)[0]);
    return fromMs !== undefined && atMs < fromMs - CAPTION_EARLY_MS;
  }).length;
}

function count(name: string, error: number): Aspect {
  return { name, error, tolerance: 0, detail: String(error) };
}

/** What one list has more than the other, each word as often as it is there. */
export function differenceOf(
  got: readonly string[],
  truth: readonly string[],
): { readonly extra: string[]; readonly missing: string[] } {
  const missing = [...truth];
  const extra: string[] = [];
  for (const word of got) {
    const place = missing.indexOf(word);
    if (place >= 0) missing.splice(place, 1);
    else extra.push(word);
  }
  return { extra, missing };
}
