import type { SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import { recordingAspect } from './recording.ts';
import { itemsAspects, playedAspect, promptsAspect } from './told.ts';
import { type Aspect, count, receivedWords, wordTolerance } from './truth.ts';
import { differenceOf, wordsOf } from './words.ts';

/** Ms by which a state may lag behind the sound without being wrong: steps of the run, and the way of an avatar's report. */
const STATE_TOLERANCE_MS = 60;

/** A caption that is shown so little ahead of its word is in step with it. */
const CAPTION_EARLY_MS = 150;

const SAMPLE_EVERY_MS = 5;

/** What is on its way when the agent is interrupted still sounds; no agent can call it back. */
const ON_ITS_WAY_MS = 20;

/** All aspects of one run, each against the naive model: the ear. */
export function aspectsOf(scenario: Scenario, run: Observed): Aspect[] {
  const heard = run.ear.words(run.made);
  const isCutting = cutWindows(scenario, run);
  return [
    historyAspect(scenario, run, heard),
    stateAspect(run, isCutting),
    interruptedAspect(scenario, run),
    lastState(run),
    captionsAspect(scenario, run, heard),
    ...itemsAspects(scenario, run),
    promptsAspect(scenario, run),
    playedAspect(run),
    ...recordingAspect(run),
    count('segments without an end', run.unfinishedSegments),
    count('rejections that nobody handles', run.rejections.length),
    count('speeches not done', run.speeches.filter(({ done }) => !done).length),
    count('errors', run.errors.length),
    count('not closed in time', run.closedInTime ? 0 : 1),
  ];
}

/** Words claimed that were not heard to their end, and words heard to their end that are missing. */
function historyAspect(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): Aspect {
  const truth = receivedWords(scenario, run, heard);
  const stored = wordsOf(run.history.map(({ text }) => text).join(' '));
  const { extra, missing } = differenceOf(stored, truth);
  return {
    name: 'history',
    error: extra.length + missing.length,
    tolerance: wordTolerance(scenario),
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

/** A speech counts as interrupted when sound of it was stopped: made and not heard. If none was, either is right. */
function interruptedAspect(scenario: Scenario, run: Observed): Aspect {
  const cut = scenario.steps.find(({ do: what }) => what === 'interrupt');
  const heard = run.ear.words(run.made);
  const isCut =
    cut !== undefined && heard.filter(({ isWhole }) => isWhole).length < run.made.length;
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

/**
 * Ms in which the state said something else than what was audible. A state that comes early and one that comes late are
 * two sides of one thing, so they count together.
 */
function stateAspect(run: Observed, isCutting: (atMs: number) => boolean): Aspect {
  const isSpeaking = (atMs: number): boolean => stateAt(run, atMs) === 'speaking';
  const isAudible = (atMs: number): boolean => run.ear.isAudibleAt(atMs);
  const deniedMs = sumOver(run, (atMs) => !isCutting(atMs) && isAudible(atMs) && !isSpeaking(atMs));
  const claimedMs = sumOver(
    run,
    (atMs) => !isCutting(atMs) && !isAudible(atMs) && isSpeaking(atMs),
  );
  return {
    name: 'state (ms)',
    error: deniedMs + claimedMs,
    tolerance: STATE_TOLERANCE_MS,
    detail: `audible, but not "speaking": ${deniedMs} ms; silent, but "speaking": ${claimedMs} ms`,
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
