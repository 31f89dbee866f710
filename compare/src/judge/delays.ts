import type { Observed } from '../observed.ts';
import type { Scenario } from '../scenario.ts';
import { wordsOf } from './words.ts';

/**
 * From the end of a sound at the ear until that is known to the agent, ms: a page begins with 50 ms in its buffer and reports every
 * 50 ms, and its reports take 10 ms. Without a report the estimate waits its error bound, which is 150 ms by default.
 */
const REPORT_MS = 150;

/** What Oncue waits for by a rule of SPEC.md, ms. A listener that is gone, or whose page is loaded anew, is awaited [AU8]. */
const AWAITED_MS = 5000;
/** A page that says `bye` and stays comes back within this time [AU13]. A page that holds the buffer counts as silent then [AU4]. */
const RETURNS_MS = 3000;
/** One that does not answer is waited for so long [AU21]. */
const UNANSWERED_MS = 1000;

/** What came on both sides: the word that it begins with stands in one text only. */
interface Came {
  readonly what: string;
  readonly atMs: number;
  /** A message that was cut. Where the other side was not, they are not the same. */
  readonly isCut: boolean;
}

/**
 * What came later than on plain LiveKit, by more than knowing takes: the messages, and the answers and next responses. What
 * comes after something that was late is as late; only what is added counts.
 *
 * @returns A line for each.
 */
export function delays(scenario: Scenario, plain: Observed, oncue: Observed): string[] {
  const ofOncue = cameOf(oncue);
  const toleranceMs = knowingMs(scenario) + waitedMs(scenario);
  let beforeMs = 0;
  return cameOf(plain).flatMap(({ what, atMs, isCut }) => {
    const place = ofOncue.findIndex((one) => one.what === what);
    const [found] = place < 0 ? [] : ofOncue.splice(place, 1);
    if (!found) return [];
    const lateMs = found.atMs - atMs;
    const addedMs = lateMs - beforeMs;
    beforeMs = Math.max(0, lateMs);
    if (found.isCut !== isCut || Math.min(lateMs, addedMs) <= toleranceMs) return [];
    return [`${what} comes ${Math.round(lateMs)} ms later, allowed are ${toleranceMs} ms`];
  });
}

/** Messages and answers, in order. */
function cameOf({ itemsTold, said }: Observed): Came[] {
  const messages = itemsTold.after.map(({ text, atMs, interrupted: isCut }) => ({
    kind: 'message',
    text,
    atMs,
    isCut,
  }));
  const answers = said.map(({ firstWord: text, atMs }) => ({
    kind: 'answer',
    text,
    atMs,
    isCut: false,
  }));
  return [...answers, ...messages]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ kind, text, ...came }) => ({
      what: `the ${kind} "${wordsOf(text)[0] ?? ''} …"`,
      ...came,
    }));
}

/** LiveKit alone goes on when the last sample leaves. What was heard is known when it has sounded and that was reported. */
function knowingMs({ ear: { pathMs = 60 } = {} }: Scenario): number {
  return pathMs + REPORT_MS;
}

/** How long Oncue may wait besides, by its rules: playout stands still, or it is not known whether anybody hears. */
function waitedMs(scenario: Scenario): number {
  const { steps, ear: { listener } = {} } = scenario;
  const does = (...what: readonly string[]): boolean =>
    steps.some((step) => what.includes(step.do));
  const isOff = does('network_goes');
  const ofPauses = steps.reduce(
    (ms, step) => ms + (step.do === 'resume' ? step.atMs : step.do === 'pause' ? -step.atMs : 0),
    0,
  );
  return (
    Math.max(0, ofPauses) +
    // What he had not reported is played again to the next, or to nobody [RM10][BR3].
    (does('leaves', 'reloads', 'comes') ? AWAITED_MS + knowingMs(scenario) : 0) +
    (isOff && listener === 'page' ? AWAITED_MS : 0) +
    (does('closes_reporter', 'visits_anew') || (isOff && listener === 'page') ? RETURNS_MS : 0) +
    (isOff ? UNANSWERED_MS : 0)
  );
}
