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

/** From leaving the agent to the ear, where a scenario does not say it, ms. */
const USUAL_PATH_MS = 60;

/** What came on both sides: the word that it begins with stands in one text only. */
interface Came {
  readonly kind: 'message' | 'answer';
  readonly what: string;
  readonly atMs: number;
  /** When the first word of an answer sounds; `undefined`: it does not. */
  readonly soundsAtMs?: number | undefined;
  /** A message that was cut. Where the other side was not, they are not the same. */
  readonly isCut: boolean;
}

/** What Oncue may wait for once, by a rule, after a step of a scenario. */
interface Wait {
  /** When the step was, on the run's clock, ms. */
  readonly fromMs: number;
  /** How much of it was not needed so far, ms. */
  leftMs: number;
}

/**
 * What came later than on plain LiveKit, by more than knowing takes: the messages, and the answers and next responses. Those
 * come when they sound; what does not sound on both sides comes when it is said. What comes after something that was late is as
 * late; only what is added counts. What is added between two messages counts together, so that many small delays do not hide: a
 * start that has to be heard, and an end that has to be known. Where a rule says that Oncue waits, it may be later by that once,
 * not for each of what comes.
 *
 * @returns A line for each.
 */
export function delays(scenario: Scenario, plain: Observed, oncue: Observed): string[] {
  const ofOncue = cameOf(oncue);
  const waits = waitsOf(scenario, oncue.startedAtMs);
  const { ear: { pathMs = USUAL_PATH_MS } = {} } = scenario;
  const mostMs = knowingMs(pathMs);
  let beforeMs = 0;
  let addedMs = 0;
  const pairs = cameOf(plain).flatMap((ofPlain) => {
    const place = ofOncue.findIndex((one) => one.what === ofPlain.what);
    const [found] = place < 0 ? [] : ofOncue.splice(place, 1);
    return found ? [pairOf(ofPlain, found)] : [];
  });
  pairs.sort((one, other) => one.plainAtMs - other.plainAtMs);
  return pairs.flatMap(({ ofPlain: { kind, what, isCut }, found, lateMs }) => {
    const addsMs = Math.min(lateMs, lateMs - beforeMs);
    addedMs = Math.max(0, addedMs + addsMs);
    beforeMs = Math.max(0, lateMs);
    if (found.isCut !== isCut) {
      addedMs = 0;
      return [];
    }
    const beyondMs = Math.max(addsMs - mostMs, addedMs - mostMs - pathMs);
    const waitedMs = spent(waits, beyondMs, found.cameAtMs);
    addedMs -= waitedMs;
    const tooLateMs = beyondMs - waitedMs;
    if (tooLateMs > 0 || kind === 'message') addedMs = 0;
    if (tooLateMs <= 0) return [];
    return [
      `${what} comes ${Math.round(lateMs)} ms later, allowed are ${Math.round(lateMs - tooLateMs)} ms`,
    ];
  });
}

/** The same on both sides, with the instants by which it is judged. */
interface Pair {
  readonly ofPlain: Came;
  readonly found: Came & { readonly cameAtMs: number };
  readonly plainAtMs: number;
  readonly lateMs: number;
}

function pairOf(ofPlain: Came, ofOncue: Came): Pair {
  const isSound = ofPlain.soundsAtMs !== undefined && ofOncue.soundsAtMs !== undefined;
  const cameAtMs = isSound ? ofOncue.soundsAtMs : ofOncue.atMs;
  const plainAtMs = isSound ? ofPlain.soundsAtMs : ofPlain.atMs;
  return { ofPlain, found: { ...ofOncue, cameAtMs }, plainAtMs, lateMs: cameAtMs - plainAtMs };
}

/** How much of a delay the waits explain that began before an instant. That much of them is used up. */
function spent(waits: readonly Wait[], delayMs: number, atMs: number): number {
  let leftMs = Math.max(0, delayMs);
  for (const wait of waits) {
    const usedMs = wait.fromMs <= atMs ? Math.min(wait.leftMs, leftMs) : 0;
    wait.leftMs -= usedMs;
    leftMs -= usedMs;
  }
  return Math.max(0, delayMs) - leftMs;
}

/** Messages and answers, in order. */
function cameOf({ itemsTold, said, ear, made }: Observed): Came[] {
  const sounded = new Map(
    ear
      .ofOneWhoMutesNothing()
      .words(made)
      .map(({ word, fromMs }) => [word.level, fromMs]),
  );
  const messages = itemsTold.after.map(({ text, atMs, interrupted: isCut }) => ({
    kind: 'message' as const,
    text,
    atMs,
    isCut,
  }));
  const answers = said.map(({ firstWord: { text, level }, atMs }) => ({
    kind: 'answer' as const,
    text,
    atMs,
    soundsAtMs: sounded.get(level),
    isCut: false,
  }));
  return [...answers, ...messages]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ kind, text, ...came }) => ({
      kind,
      what: `the ${kind} "${wordsOf(text)[0] ?? ''} …"`,
      ...came,
    }));
}

/** LiveKit alone goes on when the last sample leaves. What was heard is known when it has sounded and that was reported. */
function knowingMs(pathMs: number): number {
  return pathMs + REPORT_MS;
}

/** What Oncue may wait for besides, by its rules: playout stands still, or it is not known whether anybody hears. */
function waitsOf(scenario: Scenario, startedAtMs: number): Wait[] {
  return scenario.steps.map((step, place) => ({
    fromMs: startedAtMs + step.atMs,
    leftMs: waitAfterMs(scenario, place),
  }));
}

function waitAfterMs(scenario: Scenario, place: number): number {
  const { steps, ear: { listener } = {} } = scenario;
  const [step, later] = [steps[place], steps.slice(place + 1)];
  const isPage = listener === 'page';
  switch (step?.do) {
    case 'pause':
      return Math.max(0, (later.find((one) => one.do === 'resume')?.atMs ?? step.atMs) - step.atMs);
    case 'leaves':
    case 'reloads':
    case 'comes':
      // What he had not reported is played again to the next, or to nobody [RM10][BR3].
      return AWAITED_MS + knowingMs(scenario.ear?.pathMs ?? USUAL_PATH_MS);
    case 'network_goes':
      return UNANSWERED_MS + (isPage ? AWAITED_MS + RETURNS_MS : 0);
    case 'closes_reporter':
    case 'visits_anew':
      return RETURNS_MS;
    default:
      return 0;
  }
}
