import type { SoundedWord } from '../fakes/ear.ts';
import type { Observed } from '../observed.ts';
import type { Scenario, Step } from '../scenario.ts';
import { differenceOf, wordsOf } from './words.ts';

/** How far one side is from what was really audible, in one respect. 0 is right. */
export interface Aspect {
  readonly name: string;
  /** In `unit`; what is smaller is nearer to the truth. */
  readonly error: number;
  /** The error in each case that may be true, in the same order on both sides, where nobody can know which is. */
  readonly ifTrue?: readonly number[];
  /** Differences up to this are noise of the method. */
  readonly tolerance: number;
  readonly detail: string;
}

/** What should not be there at all. */
export function count(name: string, error: number): Aspect {
  return { name, error, tolerance: 0, detail: String(error) };
}

/** What the user received: words heard to their end, and where the agent writes instead of speaking, what was stored. */
export function receivedWords(
  scenario: Scenario,
  run: Observed,
  heard: readonly SoundedWord[],
): string[] {
  const whole = heard.filter(({ isWhole }) => isWhole).map(({ word }) => `${word.text} `);
  const written = run.history.filter((_, turn) => isWritten(scenario, turn));
  return [...wordsOf(whole.join('')), ...wordsOf(written.map(({ text }) => text).join(' '))];
}

/**
 * What a message may hold: what the user received, and what left for him while his network was gone. Nobody knows whether he heard
 * that, so it is no error, and it is none either to lack it. What plain keeps of it, Oncue must keep: `keptByPlain`.
 */
export function perhapsReceived(scenario: Scenario, run: Observed): string[] {
  return receivedWords(scenario, run, run.ear.ofOneWhoMayHear().words(run.made));
}

/** Words that plain LiveKit keeps and Oncue does not, though the user may have heard them to their end. */
export function keptByPlain(scenario: Scenario, plain: Observed, oncue: Observed): string[] {
  const [ofPlain = [], ofOncue = []] = [plain, oncue].map(({ history }) =>
    wordsOf(history.map(({ text }) => text).join(' ')),
  );
  // Where he is back in the end, it is known what he heard of what was held back.
  const perhaps = receivedWords(
    scenario,
    oncue,
    oncue.ear.ofOneWhoMayHaveHeard().words(oncue.made),
  );
  return differenceOf(ofOncue, ofPlain).missing.filter((word) => perhaps.includes(word));
}

/**
 * Whether the agent wrote its answer to a turn instead of speaking: it has no voice, or its audio was off. What is then
 * stored and shown has no sound to be judged by; it is compared with plain LiveKit.
 */
export function isWritten(scenario: Scenario, turn: number): boolean {
  if (scenario.voice?.absent) return true;
  const asked = scenario.steps.filter((step) => MAKES_A_TURN.includes(step.do))[turn];
  const switched = scenario.steps.findLast(
    (step) => step.do === 'audio' && step.atMs <= (asked?.atMs ?? 0),
  );
  return switched?.do === 'audio' && !switched.enabled;
}

/**
 * Words more or less that are a matter of luck, since both sides estimate: without word times, as of a recorded sound, and in a room
 * where nobody reports.
 */
export function wordTolerance({ voice, ear, steps }: Scenario): number {
  const isRecorded = steps.some((step) => step.do === 'say' && step.how === 'recorded');
  const isUntimed = voice?.wordTimes === false || isRecorded;
  return isUntimed || ear?.listener === 'room_without_reporter' ? 1 : 0;
}

const MAKES_A_TURN: readonly Step['do'][] = ['ask', 'say', 'types', 'talks_over'];

const INTERRUPTS: readonly Step['do'][] = [
  'interrupt',
  'force_interrupt',
  'types',
  'talks_over',
  'presses',
];

/** Whether a step interrupts what is said then. */
export function interrupts({ do: what }: Step): boolean {
  return INTERRUPTS.includes(what);
}
