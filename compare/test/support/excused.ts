import type { SoundedWord } from '../../src/fakes/ear.ts';
import { SAMPLE_RATE_HZ } from '../../src/fakes/words_tts.ts';
import type { Observed } from '../../src/observed.ts';
import type { Scenario } from '../../src/scenario.ts';

/** A reporter looks for pieces of 100 ms. What sounds for less before a cut, it cannot find. */
const FOUND_MS = 100;

/** A page that comes back is sent the rest of a word: two parts of it sound. */
const WHOLE_SHARE = 0.9;

/**
 * A page says that a sample sounds when it is rendered, so before it sounds. If the page is gone in between, the agent cannot know that
 * before the network tells it, ms.
 */
const UNKNOWN_FOR_MS = 30;

/** What the judge does not count, and is no fault. */
export function isExcused(line: string, scenario: Scenario, run: Observed): boolean {
  const [, word, claim] = /^"(\w+)" (sounded|is said to be heard)/.exec(line) ?? [];
  if (word === undefined) return isStartAsPageGoes(line, scenario, run);
  const [part] = partsOf(word, run.ear.words(run.made));
  const soundedMs = lengthOf(partsOf(word, run.ear.words(run.made)));
  if (!part) return false;
  if (claim === 'sounded') return soundedMs < FOUND_MS;
  const wordMs = (part.word.samples * 1000) / SAMPLE_RATE_HZ;
  if (soundedMs >= WHOLE_SHARE * wordMs) return true;
  const isAlmostWhole = wordMs - soundedMs <= UNKNOWN_FOR_MS;
  return (isAlmostWhole && isAsPageGoes(part.untilMs, scenario, run)) || isLostShortly(word, run);
}

/** Packets that are lost for a short time are in no report: what they held counts as heard (docs/limits.md). */
function isLostShortly(word: string, { ear, made }: Observed): boolean {
  return partsOf(word, ear.ofOneWhoListens().words(made)).some(({ isWhole }) => isWhole);
}

function isStartAsPageGoes(line: string, scenario: Scenario, run: Observed): boolean {
  const [, atMs] =
    /is said to start at ([\d.]+)/.exec(line) ?? /^task \S+ ran at ([\d.]+)/.exec(line) ?? [];
  return atMs !== undefined && isAsPageGoes(Number(atMs), scenario, run);
}

function isAsPageGoes(atMs: number, { steps }: Scenario, { startedAtMs }: Observed): boolean {
  return steps.some((step) => {
    const sinceMs = atMs - (startedAtMs + step.atMs);
    const goes = step.do === 'reloads' || step.do === 'leaves';
    return goes && sinceMs >= 0 && sinceMs <= UNKNOWN_FOR_MS;
  });
}

function partsOf(word: string, heard: readonly SoundedWord[]): readonly SoundedWord[] {
  return heard.filter(({ word: { text } }) => text.startsWith(`${word}.`));
}

function lengthOf(parts: readonly SoundedWord[]): number {
  return parts.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
}
