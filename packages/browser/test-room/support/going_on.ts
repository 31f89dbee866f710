import type { OncueEvent } from '@oncue/core';
import { expect } from 'vitest';

/** A turn goes on at most so long after a fault [FT12]. */
const GOES_ON_MS = 2000;
/** What a machine may add whose cores are all busy. */
const BUSY_MS = 5000;

/** Instants are ms of `performance.now()` of this process. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that happened in the middle of a turn. */
export type Fault = Span;

/** @param happens - resolves when the fault is over. */
export async function faultOf(happens: () => Promise<unknown>): Promise<Fault> {
  const fromMs = performance.now();
  await happens();
  return { fromMs, toMs: performance.now() };
}

/** While nobody was there, playout may stand still for `awayAfterMs`. The last absence may last until now. */
function standstills(events: readonly OncueEvent[], awayAfterMs: number): Span[] {
  const changes = events.filter((event) => event.type === 'audibility_changed');
  return changes.flatMap(({ atMs, audibility }, index) => {
    if (audibility !== 'nobody') return [];
    const backAtMs = changes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return [{ fromMs: atMs, toMs: Math.min(backAtMs, atMs + awayAfterMs) }];
  });
}

/** How long at least one of the spans lasts, from `fromMs` to `toMs`. */
function lengthOf(spans: readonly Span[], { fromMs, toMs }: Span): number {
  let totalMs = 0;
  let pastMs = fromMs;
  for (const span of [...spans].sort((one, other) => one.fromMs - other.fromMs)) {
    const endMs = Math.min(toMs, span.toMs);
    totalMs += Math.max(0, endMs - Math.max(pastMs, span.fromMs));
    pastMs = Math.max(pastMs, endMs);
  }
  return totalMs;
}

/**
 * How much longer a turn took from a fault on than its audio, less the fault itself and the time for which playout may wait
 * for a listener: so long it took to go on. Below 0 if it played on meanwhile. By the events' own instants, so that it does not count how late a test looks.
 *
 * @param events - those until the turn was over.
 */
function wentOnAfterMs(events: readonly OncueEvent[], fault: Fault, awayAfterMs: number): number {
  const before = events.findLast(
    ({ type, atMs }) => type === 'response_playback_progressed' && atMs <= fault.fromMs,
  );
  if (before?.type !== 'response_playback_progressed') throw new Error('nothing was heard before');
  const ends = events.filter(
    (event) => event.type === 'response_playback_finished' || event.type === 'response_skipped',
  );
  const audioMs = ends.reduce(
    (sum, end) => sum + (end.type === 'response_playback_finished' ? end.sentMs : 0),
    0,
  );
  const turn = { fromMs: before.atMs, toMs: ends.at(-1)?.atMs ?? before.atMs };
  const mayStand = lengthOf([fault, ...standstills(events, awayAfterMs)], turn);
  return turn.toMs - turn.fromMs - (audioMs - before.heardMs) - mayStand;
}

/** @returns A line with the figure, for the report of the test. */
export function expectWentOn(
  events: readonly OncueEvent[],
  fault: Fault,
  awayAfterMs: number,
): string {
  const afterMs = Math.max(0, wentOnAfterMs(events, fault, awayAfterMs));
  expect(afterMs).toBeLessThan(GOES_ON_MS + BUSY_MS);
  return `the turn went on ${Math.round(afterMs)} ms after the fault or the time-out`;
}
