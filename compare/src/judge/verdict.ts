import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import { aspectsOf } from './aspects.ts';
import { delays } from './delays.ts';
import { overstatements } from './statements.ts';
import { type Aspect, isWritten, keptByPlain, wordTolerance } from './truth.ts';
import { differenceOf, wordsOf } from './words.ts';

/** How Oncue did in a scenario, beside plain LiveKit and against what was audible. */
export type Rank = 'right' | 'better than plain' | 'as plain' | 'worse than plain';

/** The judgement of one scenario. */
export interface Verdict {
  readonly scenario: string;
  readonly rank: Rank;
  /** What is worse than on plain LiveKit. */
  readonly worse: readonly string[];
  readonly better: readonly string[];
  /** Aspects with an error beyond the tolerance on Oncue's side. */
  readonly wrong: readonly string[];
  /** Statements of Oncue that are stronger than what was audible. */
  readonly overstated: readonly string[];
}

/** Of an error that adds up over a hundred responses, so much is noise of the clock's steps. */
const NOISE_SHARE = 0.05;

/** Compares the two sides of one scenario. */
export function judge(scenario: Scenario, plain: Observed, oncue: Observed): Verdict {
  const worse: string[] = [];
  const better: string[] = [];
  const wrong: string[] = [];
  const plainAspects = new Map(
    aspectsOf(scenario, asKnowable(plain)).map((aspect) => [aspect.name, aspect]),
  );
  for (const aspect of aspectsOf(scenario, asKnowable(oncue))) {
    const beside = plainAspects.get(aspect.name);
    if (!beside) continue;
    if (aspect.error > aspect.tolerance) wrong.push(`${aspect.name}: ${aspect.detail}`);
    if (isWorse(aspect, beside))
      worse.push(`${aspect.name}: ${aspect.detail} (plain: ${beside.detail})`);
    if (aspect.error + aspect.tolerance < beside.error) better.push(aspect.name);
  }
  if (plain.log.tools.join() !== oncue.log.tools.join())
    worse.push(`tools: ${oncue.log.tools.join()} (plain: ${plain.log.tools.join()})`);
  const written = ({ history }: Observed): string[] =>
    history.flatMap(({ text }, turn) => (isWritten(scenario, turn) ? wordsOf(text) : []));
  const { missing } = differenceOf(written(oncue), written(plain));
  if (missing.length > 0) worse.push(`written: without ${missing.join(' ')}`);
  const lost = keptByPlain(scenario, plain, oncue);
  if (lost.length > wordTolerance(scenario)) worse.push(`may have been heard: ${lost.join(' ')}`);
  worse.push(...otherHistory(plain, oncue));
  worse.push(...delays(scenario, plain, oncue));
  const overstated = overstatements(scenario, oncue);
  return {
    scenario: scenario.name,
    rank: rankOf(worse, better, wrong.length),
    worse,
    better,
    wrong,
    overstated,
  };
}

/**
 * Where nobody can know what is true, an aspect is worse if it is worse in each of the cases that may be true, or where either
 * is forgiven, unless it is worse in none of them.
 */
function isWorse(aspect: Aspect, beside: Aspect): boolean {
  const exceeds = (error: number, ofPlain: number): boolean =>
    error > ofPlain + Math.max(aspect.tolerance, NOISE_SHARE * ofPlain);
  const isBeyond = exceeds(aspect.error, beside.error);
  if (!aspect.ifTrue) return isBeyond;
  const cases = aspect.ifTrue.map((error, place) =>
    exceeds(error, beside.ifTrue?.[place] ?? beside.error),
  );
  return isBeyond ? cases.some((is) => is) : cases.every((is) => is);
}

/** Neither side can know that somebody who cannot report does not hear: both are measured by what came to him. */
function asKnowable(run: Observed): Observed {
  return { ...run, ear: run.ear.ofOneWhoListens() };
}

/** Where the same came to somebody of whom nobody can know whether he heard, the history is LiveKit's, word for word. */
function otherHistory(plain: Observed, oncue: Observed): string[] {
  if (!oncue.ear.hasUnknownDeafness || cameTo(plain) !== cameTo(oncue)) return [];
  const [ofPlain, ofOncue] = [plain, oncue].map(({ history }) =>
    wordsOf(history.map(({ text }) => text).join(' ')).join(' '),
  );
  return ofPlain === ofOncue ? [] : [`history: ${ofOncue} (plain: ${ofPlain})`];
}

function cameTo({ ear, made }: Observed): string {
  const words = ear.ofOneWhoListens().words(made);
  return words.flatMap(({ word, isWhole }) => (isWhole ? wordsOf(word.text) : [])).join(' ');
}

function rankOf(worse: readonly string[], better: readonly string[], errorCount: number): Rank {
  if (worse.length > 0) return 'worse than plain';
  if (errorCount === 0) return 'right';
  return better.length > 0 ? 'better than plain' : 'as plain';
}
