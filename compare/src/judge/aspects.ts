import type { SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import { recordingAspect } from './recording.ts';
import { STATE_TOLERANCE_MS, stateAspect, sumOver } from './state.ts';
import { itemsAspects, playedAspect, promptsAspect } from './told.ts';
import {
  type Aspect,
  count,
  interrupts,
  perhapsReceived,
  receivedWords,
  wordTolerance,
} from './truth.ts';
import { differenceOf, wordsOf } from './words.ts';

/** How long before its word a caption may be shown, in ms. */
const CAPTION_EARLY_MS = 150;

/** How long audio that is on its way at an interruption may still sound, in ms. No agent can call it back. */
const ON_ITS_WAY_MS = 20;

/** Judges a run by each aspect, against what the simulated ear heard. */
export function aspectsOf(scenario: Scenario, run: Observed): Aspect[] {
  const heard = run.ear.words(run.made);
  const isCutting = cutWindows(scenario, run);
  return [
    historyAspect(scenario, run, heard),
    stateAspect(scenario, run, isCutting),
    interruptedAspect(scenario, run),
    lastState(run),
    captionsAspect(scenario, run, heard),
    ...itemsAspects(scenario, run),
    promptsAspect(scenario, run),
    playedAspect(run),
    ...recordingAspect(run),
    ...thinkingSoundAspect(scenario, run, isCutting),
    count('segments without an end', run.unfinishedSegments),
    count('rejections that nobody handles', run.rejections.length),
    count('speeches not done', run.speeches.filter(({ done }) => !done).length),
    count('errors', run.errors.length),
    count('not closed in time', run.closedInTime ? 0 : 1),
  ];
}

/** Counts words in the history that cannot have been heard to their end, and words heard to their end that it lacks. */
function historyAspect(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): Aspect {
  const truth = receivedWords(scenario, run, heard);
  const stored = wordsOf(run.history.map(({ text }) => text).join(' '));
  const { missing } = differenceOf(stored, truth);
  const { extra } = differenceOf(stored, perhapsReceived(scenario, run));
  return {
    name: 'history',
    error: extra.length + missing.length,
    tolerance: wordTolerance(scenario),
    detail: `extra: ${extra.join(' ') || '–'}; missing: ${missing.join(' ') || '–'}`,
  };
}

/** Tells whether an instant lies just after an interruption, when sound on its way and the state may differ. */
function cutWindows(scenario: Scenario, run: Observed): (atMs: number) => boolean {
  const pathMs = scenario.ear?.pathMs ?? 60;
  const cuts = scenario.steps.filter((step) => interrupts(step) || step.do === 'close');
  return (atMs) =>
    cuts.some((cut) => {
      const fromMs = run.startedAtMs + cut.atMs;
      return atMs >= fromMs && atMs <= fromMs + pathMs + ON_ITS_WAY_MS;
    });
}

/** A speech must be marked as interrupted if an interruption kept words of it from being heard. If it kept none, both are right. */
function interruptedAspect(scenario: Scenario, run: Observed): Aspect {
  const cut = scenario.steps.find(interrupts);
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

/** Ms in which the sound for `thinking` is heard over the voice. Its track takes as long as that of the voice. */
function thinkingSoundAspect(
  { ear: { pathMs = 60 } = {} }: Scenario,
  run: Observed,
  isCutting: (atMs: number) => boolean,
): Aspect[] {
  const { thinkingSound } = run;
  if (!thinkingSound) return [];
  const plays = (atMs: number): boolean =>
    thinkingSound.some(({ fromMs, untilMs }) => atMs >= fromMs + pathMs && atMs < untilMs + pathMs);
  const error = sumOver(
    run,
    (atMs) => !isCutting(atMs) && plays(atMs) && run.ear.isAudibleAt(atMs),
  );
  const detail = `${error} ms over the voice, ${sumOver(run, plays)} ms in all`;
  return [{ name: 'thinking sound (ms)', error, tolerance: STATE_TOLERANCE_MS, detail }];
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

/**
 * Counts words shown but not heard to their end, words heard but not shown, and words shown well before they sounded. What
 * plays to somebody who has muted it may be shown: he reads it instead.
 */
function captionsAspect(scenario: Scenario, run: Observed, heard: readonly SoundedWord[]): Aspect {
  const truth = receivedWords(scenario, run, heard);
  const shown = wordsOf(run.captions.map(({ text }) => text).join(''));
  const played = run.ear.ofOneWhoMutesNothing().ofOneWhoMayHear().words(run.made);
  const { extra } = differenceOf(shown, receivedWords(scenario, run, played));
  const { missing } = differenceOf(shown, truth);
  const early = earlyCaptions(run, played);
  return {
    name: 'captions',
    error: extra.length + missing.length + early,
    tolerance: 1,
    detail: `never heard: ${extra.join(' ') || '–'}; not shown: ${missing.join(' ') || '–'}; early: ${early}`,
  };
}

/** Of what was lost on the way, by when it would have sounded: else the time of those words would be judged on one side only. */
function earlyCaptions(run: Observed, played: readonly SoundedWord[]): number {
  const soundsAtMs = new Map(played.map(({ word, fromMs }) => [wordsOf(word.text)[0], fromMs]));
  return run.captions.filter(({ text, atMs }) => {
    const fromMs = soundsAtMs.get(wordsOf(text)[0]);
    return fromMs !== undefined && atMs < fromMs - CAPTION_EARLY_MS;
  }).length;
}
