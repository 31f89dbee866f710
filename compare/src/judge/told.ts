import type { SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import { type Aspect, isWritten, perhapsReceived, receivedWords, wordTolerance } from './truth.ts';
import { differenceOf, wordsOf } from './words.ts';

/** A prompt is made a moment after its history, and a pause between two words is no end of a speech, ms. */
const PROMPT_SLACK_MS = 100;

/** A position is told in whole blocks, ms. */
const POSITION_TOLERANCE_MS = 50;

/** Messages as `conversation_item_added` told them, to a handler that was there before Oncue and to one after. */
export function itemsAspects(scenario: Scenario, run: Observed): Aspect[] {
  const truth = receivedWords(scenario, run, run.ear.words(run.made));
  return (['before', 'after'] as const).map((when) => {
    const told = wordsOf(run.itemsTold[when].map(({ text }) => text).join(' '));
    const { missing } = differenceOf(told, truth);
    const { extra } = differenceOf(told, perhapsReceived(scenario, run));
    return {
      name: `item told to a handler registered ${when} attachOncue`,
      error: extra.length + missing.length,
      tolerance: wordTolerance(scenario),
      detail: `extra: ${extra.join(' ') || '–'}; missing: ${missing.join(' ') || '–'}`,
    };
  });
}

/** What the model was asked with: nothing that is never heard, and all that had been heard by then. */
export function promptsAspect(scenario: Scenario, run: Observed): Aspect {
  // What an AgentTask says stands in a history of its own, which LiveKit does not show to the agent's model.
  const ofTasks = wordsOf(scenario.turns.map(({ taskSays = '' }) => taskSays).join(' '));
  const heard = run.ear
    .words(run.made)
    .filter(({ isWhole, word }) => isWhole && !ofTasks.includes(wordsOf(word.text)[0] ?? ''));
  // LiveKit gives another agent a history of its own.
  const hasOtherAgent =
    scenario.steps.some(({ do: what }) => what === 'hand_off') ||
    scenario.turns.some(({ toolHandsOff }) => toolHandsOff);
  const ever = perhapsReceived(scenario, run);
  const isSpoken = scenario.turns.every((_, turn) => !isWritten(scenario, turn));
  const wrong = (isSpoken ? run.log.prompts : []).map(({ text, atMs }) => {
    const asked = wordsOf(text);
    const before = heard
      .filter(({ untilMs }) => untilMs < beganToSpeakMs(heard, atMs))
      .flatMap(({ word }) => wordsOf(word.text));
    return {
      extra: differenceOf(asked, ever).extra,
      missing: hasOtherAgent ? [] : differenceOf(asked, before).missing,
    };
  });
  const extra = wrong.flatMap((one) => one.extra);
  const missing = wrong.flatMap((one) => one.missing);
  return {
    name: 'prompts',
    error: extra.length + missing.length,
    tolerance: wordTolerance(scenario) * run.log.prompts.length,
    detail: `extra: ${extra.join(' ') || '–'}; missing: ${missing.join(' ') || '–'}`,
  };
}

/** What is still being said at an instant is in no history yet: since when it is said. Without such, the instant itself. */
function beganToSpeakMs(heard: readonly SoundedWord[], atMs: number): number {
  let beganMs = atMs - PROMPT_SLACK_MS;
  for (const { fromMs, untilMs } of [...heard].reverse())
    if (fromMs < atMs && untilMs >= beganMs - PROMPT_SLACK_MS) beganMs = Math.min(beganMs, fromMs);
  return beganMs;
}

/**
 * The length of sound that the output told as played: no less than was heard, and no more than was played to him. The two
 * differ where he had muted the agent.
 */
export function playedAspect(run: Observed): Aspect {
  const toldMs =
    run.finishes.reduce((sum, { playbackPosition }) => sum + playbackPosition, 0) * 1000;
  const heardMs = run.ear.heardMs(run.made);
  const playedMs = run.ear.ofOneWhoMutesNothing().ofOneWhoMayHear().heardMs(run.made);
  return {
    name: 'told as played (ms)',
    error: Math.max(heardMs - toldMs, toldMs - playedMs, 0),
    tolerance: POSITION_TOLERANCE_MS,
    detail: `${Math.round(toldMs)} of ${Math.round(heardMs)} ms heard and ${Math.round(playedMs)} ms played`,
  };
}
