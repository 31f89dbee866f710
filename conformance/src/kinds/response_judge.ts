import type { ListenerEnvelope, Playhead } from '@oncue/core/wire';
import { leftOf, type Recipe, type RecipeResponse, soundedSamples } from './reporter_recipe.ts';

/** What must be known of a response. */
export interface ExpectedResponse {
  readonly id: string;
  /** `unheard`: nothing of it sounded. `unknown`: the network took its end away, and nobody knows how it ended. */
  readonly phase: 'ended' | 'cut' | 'unheard' | 'unknown';
  /** Of an `unknown` end: no more may be claimed. */
  readonly heardSamples: number;
  /** When its first and its last sample sounded. Absent if none did. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** What is allowed where less can be known. */
  readonly allowed?: Allowed;
}

/** Instead of the usual limits. */
interface Allowed {
  /** Of the start. `any`: it is first estimated and then measured, or measured only. */
  readonly evidence?: 'estimate' | 'any';
  /** How wide its bound may be, ms. */
  readonly boundMs?: number;
  /** How narrow it may be at least, ms: less is not known. */
  readonly leastBoundMs?: number;
  /** The start is estimated first. What is said of it last must be measured. */
  readonly isMeasuredLater?: boolean;
  /** Between these ms of the response a position is in doubt, and must say `estimate`. */
  readonly doubtMs?: readonly [number, number];
  /** From the start to the first report, and from the end to the report of the end, ms. */
  readonly firstWithinMs?: number;
  readonly lastWithinMs?: number;
  /** How far off a position and the end may be, ms. */
  readonly offMs?: number;
  /** How far behind the sound a position may be, ms. */
  readonly behindMs?: number;
}

/** A report, and when it was sent. */
export interface Report {
  readonly atMs: number;
  readonly message: Playhead & ListenerEnvelope;
}

/** The widest bound of a start that was measured, ms. */
const MOST_BOUND_MS = 40;
const ROUNDING_MS = 1;
/** A position may be off by so much. */
const POSITION_TOLERANCE_MS = 10;
/** The start is known when the first piece has been found, and reported at once. */
const FIRST_WITHIN_MS = 400;
/** The end is known beforehand, and reported at once. */
const LAST_WITHIN_MS = 100;
/** While it plays, from one report to the next. */
const MOST_APART_MS = 300;
/** The last report is sent again after so long. */
const REPEATED_AFTER_MS = [100, 300];
const REPEAT_TOLERANCE_MS = 50;
/** An agent takes no report of what sounds later than this. */
const MOST_AHEAD_MS = 1000;

/** One sentence for each thing that is wrong with the reports of a response. */
export function responseProblems(
  recipe: Recipe,
  expected: ExpectedResponse,
  reports: readonly Report[],
): string[] {
  const response = recipe.responses.find(({ id }) => id === expected.id);
  if (!response) return [`${expected.id}: no such response`];
  return problemsWith(recipe, response, expected, reports).map(
    (problem) => `${expected.id}: ${problem}`,
  );
}

function problemsWith(
  recipe: Recipe,
  response: RecipeResponse,
  expected: ExpectedResponse,
  reports: readonly Report[],
): string[] {
  const claims = reports.filter(({ message }) => message.heardSamples > 0);
  if (expected.phase === 'unheard')
    return claims.length > 0 ? ['it is claimed to be heard, and never sounded'] : [];
  if (expected.phase === 'unknown')
    return (
      unknownEndProblems(expected, reports) ?? claimProblems(recipe, response, expected, claims)
    );
  const firstOver = reports.findIndex(({ message }) => message.phase !== 'playing');
  const last = reports[firstOver];
  if (!last) return ['no report says that it is over'];
  const { phase, heardSamples } = last.message;
  const isPhase = phase === expected.phase || (phase === 'cut' && isClearedWhole(recipe, expected));
  if (!isPhase || heardSamples !== expected.heardSamples)
    return [
      `the last report says ${phase} at ${heardSamples}; it should say ${expected.phase} at ${expected.heardSamples}`,
    ];
  return [
    ...claimProblems(recipe, response, expected, claims),
    ...endProblems(expected, last),
    ...repeatProblems(recipe, last, reports.slice(firstOver + 1)),
    ...cadenceProblems(expected, reports.slice(0, firstOver + 1)),
  ];
}

/** Nobody may say how it ended, nor that its last part was heard. */
function unknownEndProblems(
  { heardSamples }: ExpectedResponse,
  reports: readonly Report[],
): string[] | undefined {
  const over = reports.find(({ message }) => message.phase !== 'playing');
  if (over) return [`a report says ${over.message.phase}, and nothing shows that its end sounded`];
  const ahead = reports.find(({ message }) => message.heardSamples > heardSamples);
  return ahead && [`${ahead.message.heardSamples} samples are claimed; ${heardSamples} are known`];
}

/** A `clear` that came when all had left names the whole of it. Whoever says that it was cut there is right, too. */
function isClearedWhole(recipe: Recipe, { id, heardSamples }: ExpectedResponse): boolean {
  const { left } = leftOf(recipe, recipe.clearAtMs ?? Number.NEGATIVE_INFINITY);
  return left?.responseId === id && left.samples === heardSamples;
}

/** The first thing that is wrong with the claims of a response. */
function claimProblems(
  recipe: Recipe,
  response: RecipeResponse,
  expected: ExpectedResponse,
  claims: readonly Report[],
): string[] {
  let before = 0;
  const { isMeasuredLater, doubtMs } = expected.allowed ?? {};
  const latest = claims.at(-1);
  if (isMeasuredLater && latest?.message.evidence !== 'device')
    return ['the start is never said to be measured, and a later piece was found'];
  for (const claim of claims) {
    const problem =
      startProblem(expected, claim) ??
      doubtProblem(recipe, doubtMs, claim) ??
      positionProblem(recipe, response, expected.allowed ?? {}, claim, before);
    if (problem !== undefined) return [problem];
    before = claim.message.heardSamples;
  }
  return [];
}

function startProblem(
  { startedAtMs = 0, allowed = {} }: ExpectedResponse,
  { atMs, message }: Report,
): string | undefined {
  const { startedAtMs: claimed, errorBoundMs, evidence } = message;
  const offMs = Math.abs(claimed - startedAtMs);
  const mostBoundMs = allowed.boundMs ?? MOST_BOUND_MS;
  const { evidence: right = 'device' } = allowed;
  if (right !== 'any' && evidence !== right)
    return right === 'device'
      ? `evidence is ${evidence}; the start can be measured`
      : `evidence is ${evidence}; the start can only be estimated`;
  if (offMs > errorBoundMs + ROUNDING_MS)
    return `the start is ${offMs} ms off, its bound is ${errorBoundMs} ms`;
  if (errorBoundMs > mostBoundMs)
    return `the bound of the start is ${errorBoundMs} ms; ${mostBoundMs} will do`;
  if (allowed.leastBoundMs !== undefined && errorBoundMs < allowed.leastBoundMs)
    return `the bound of the start is ${errorBoundMs} ms, and ${allowed.leastBoundMs} is not known better`;
  return claimed > atMs + MOST_AHEAD_MS
    ? `a start is reported ${claimed - atMs} ms ahead`
    : undefined;
}

function doubtProblem(
  { sampleRateHz }: Recipe,
  [fromMs, toMs]: readonly [number, number] = [0, 0],
  { message }: Report,
): string | undefined {
  const { heardSamples, evidence } = message;
  const heardMs = (heardSamples * 1000) / sampleRateHz;
  if (evidence === 'estimate' || heardMs < fromMs || heardMs >= toMs) return undefined;
  return `evidence is ${evidence} at ${heardSamples}, and the piece before it was not found`;
}

function positionProblem(
  recipe: Recipe,
  response: RecipeResponse,
  { offMs = POSITION_TOLERANCE_MS, behindMs = 0 }: Allowed,
  { atMs, message }: Report,
  before: number,
): string | undefined {
  const { heardSamples, positionAtMs } = message;
  // A cut may say that less was sent than its listener had counted on.
  if (heardSamples < before && message.phase !== 'cut') return 'the position goes back';
  if (positionAtMs > atMs + ROUNDING_MS) return 'a position is reported before it sounded';
  const { byMs: laterMs = 0 } = response.later ?? {};
  const perMs = recipe.sampleRateHz / 1000;
  const sounded = (ms: number): number => soundedSamples(recipe, response, ms);
  // Until a piece is found after it, nobody knows that the jitter buffer has grown or shrunk.
  const most = sounded(positionAtMs + offMs + Math.max(0, laterMs));
  const least = sounded(positionAtMs - offMs - behindMs - Math.max(0, -laterMs));
  // The first report says at least 1.
  if (heardSamples > Math.max(1, most) + perMs)
    return `${heardSamples} samples are claimed at ${positionAtMs}, when ${Math.floor(most)} can have sounded`;
  const isLate = message.phase === 'playing' && heardSamples < least - perMs;
  return isLate
    ? `${heardSamples} samples are claimed at ${positionAtMs}, when ${Math.floor(least)} had sounded`
    : undefined;
}

function endProblems(
  { endedAtMs, allowed = {} }: ExpectedResponse,
  { atMs, message }: Report,
): string[] {
  if (endedAtMs === undefined) return [];
  const { offMs: mostMs = POSITION_TOLERANCE_MS, lastWithinMs = LAST_WITHIN_MS } = allowed;
  const offMs = Math.abs(message.positionAtMs - endedAtMs);
  if (offMs > mostMs) return [`the end is ${offMs} ms off`];
  if (atMs < endedAtMs - mostMs) return ['the end is reported before it sounded'];
  const lateMs = atMs - endedAtMs;
  return lateMs > lastWithinMs ? [`the end is reported ${lateMs} ms after it sounded`] : [];
}

/** The last report is sent three times, each time with the same content. */
function repeatProblems(recipe: Recipe, last: Report, after: readonly Report[]): string[] {
  const { seq: _, ...content } = last.message;
  const wanted = JSON.stringify(content);
  for (const { message } of after) {
    const { seq: _seq, ...again } = message;
    if (JSON.stringify({ ...content, ...again }) !== wanted)
      return [`after the last report another one says ${again.phase} at ${again.heardSamples}`];
  }
  return REPEATED_AFTER_MS.flatMap((afterMs) => {
    const dueMs = last.atMs + afterMs;
    const isThere = after.some(({ atMs }) => Math.abs(atMs - dueMs) <= REPEAT_TOLERANCE_MS);
    return isThere || dueMs + REPEAT_TOLERANCE_MS > recipe.untilMs
      ? []
      : [`the last report is not sent again after ${afterMs} ms`];
  });
}

/** It reports soon after the start, and then often enough. */
function cadenceProblems(
  { startedAtMs, allowed }: ExpectedResponse,
  reports: readonly Report[],
): string[] {
  if (startedAtMs === undefined) return [];
  const firstMs = (reports[0]?.atMs ?? 0) - startedAtMs;
  if (firstMs > (allowed?.firstWithinMs ?? FIRST_WITHIN_MS))
    return [`the first report comes ${firstMs} ms after the start`];
  for (const [at, { atMs }] of reports.entries()) {
    const apartMs = atMs - (reports[at - 1]?.atMs ?? atMs);
    if (apartMs > MOST_APART_MS) return [`${apartMs} ms pass without a report, until ${atMs}`];
  }
  return [];
}
