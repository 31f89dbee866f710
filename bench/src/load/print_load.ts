import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { median } from '../shared/stats.ts';
import type { LoadKind } from './load_session.ts';
import { carriedSessions, LATE_MS, type Memory, type Rung } from './rung.ts';

export interface LoadResults {
  readonly rungs: readonly Rung[];
  readonly memory: readonly Memory[];
  readonly frameMs: number;
  readonly load: number;
}

export function printLoad({ rungs, memory, frameMs, load }: LoadResults): void {
  const of = (kind: LoadKind): Rung[] => rungs.filter((rung) => rung.kind === kind);
  const carried = { plain: carriedSessions(of('plain')), oncue: carriedSessions(of('oncue')) };
  printTable(
    `Sessions in one process, frames of ${frameMs} ms`,
    [
      '',
      'sessions',
      'late, median',
      'p99, ms',
      'events',
      'loop p99',
      'CPU, % of a core',
      'ms a session',
      'RSS, MB',
    ],
    rungs.map((rung) => [
      nameOf(rung.kind),
      String(rung.count),
      cell(rung.lateMedianMs),
      cell(rung.lateP99Ms),
      String(rung.eventCount),
      cell(rung.loopP99Ms),
      cell(rung.cpuMsPerSecond / 10, 0),
      cell(rung.cpuMsPerSecond / rung.count, 2),
      cell(rung.rssBytes / 1e6, 0),
    ]),
  );
  printTable(
    'Memory of a session after a full collection, kB',
    ['', 'held', 'left when closed', 'RSS'],
    memory.map((one) => [
      nameOf(one.kind),
      cell(one.heldBytes / 1000, 0),
      cell(one.leftBytes / 1000, 0),
      cell(one.rssBytes / 1000, 0),
    ]),
  );
  const ratio = cpuRatio(of('oncue'), of('plain'));
  const added = heldOf(memory, 'oncue') - heldOf(memory, 'plain');
  console.log(`
  Carried until 1 % of the events are more than ${LATE_MS} ms late: Oncue ${cell(carried.oncue, 0)}, LiveKit alone ${cell(carried.plain, 0)}, ratio
  ${cell(carried.oncue / carried.plain, 2)}. Processor time at the same number of sessions: ratio ${cell(ratio, 2)}. Added memory: ${cell(added / 1000, 0)} kB a session.
  Each session: a real AgentSession that answers again and again, 5.25 s of speech and 5 to 9 s of silence. Model, voice and
  listener are from memory, so no network and no codec is in it. Late: from the instant at which the listener heard the
  start of an answer, or its end, until the application learned of it. Load average ${cell(load)}.
`);
  printFigures('load', {
    frame_ms: frameMs,
    sessions_oncue: carried.oncue,
    sessions_plain: carried.plain,
    sessions_ratio: carried.oncue / carried.plain,
    cpu_ratio: ratio,
    ...Object.fromEntries(
      rungs.flatMap((rung) => [
        [`${rung.kind}_${rung.count}_late_p99_ms`, rung.lateP99Ms],
        [`${rung.kind}_${rung.count}_cpu_ms_a_session_second`, rung.cpuMsPerSecond / rung.count],
        [`${rung.kind}_${rung.count}_loop_p99_ms`, rung.loopP99Ms],
      ]),
    ),
    held_oncue_bytes: heldOf(memory, 'oncue'),
    held_plain_bytes: heldOf(memory, 'plain'),
    added_bytes: added,
    ...Object.fromEntries(memory.map((one) => [`left_${one.kind}_bytes`, one.leftBytes])),
    load,
  });
}

/** The median over the numbers of sessions that both sides held. */
function cpuRatio(oncue: readonly Rung[], plain: readonly Rung[]): number {
  const ratios = oncue.flatMap((rung) => {
    const other = plain.find(({ count }) => count === rung.count);
    return other ? [rung.cpuMsPerSecond / other.cpuMsPerSecond] : [];
  });
  return median(ratios);
}

function heldOf(memory: readonly Memory[], kind: LoadKind): number {
  return memory.find((one) => one.kind === kind)?.heldBytes ?? Number.NaN;
}

function nameOf(kind: LoadKind): string {
  return kind === 'oncue' ? 'Oncue' : 'LiveKit alone';
}
