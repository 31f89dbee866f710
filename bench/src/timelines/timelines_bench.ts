import { cpus } from 'node:os';
import { ManualClock } from '@oncue/core/testing';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { median } from '../shared/stats.ts';
import { measureMemory } from './memory.ts';
import {
  type Counts,
  emitterSide,
  emptySide,
  Session,
  type Side,
  timelineSide,
} from './session.ts';

const SESSION_COUNT = 1000;
/** Simulated time of one run. */
const RUN_MS = 10_000;
const WARM_UP_MS = 4000;
const ROUNDS = 5;

type SideName = 'harness' | 'emitter' | 'timeline' | 'timeline_from_text';

const SIDES: Readonly<Record<SideName, (clock: ManualClock, counts: Counts) => Side>> = {
  harness: () => emptySide(),
  emitter: (_, counts) => emitterSide(counts),
  timeline: (clock, counts) => timelineSide(clock, counts, false),
  timeline_from_text: (clock, counts) => timelineSide(clock, counts, true),
};

interface Run extends Counts {
  readonly cpuMs: number;
}

/**
 * A thousand timelines at once on the manual clock, each with 20 reports and 10 audio frames a second, against the same
 * simulation without a timeline and with a plain event emitter. CPU time is measured, so other load does not count.
 */
export async function timelinesBench(): Promise<void> {
  const memory = await measureMemory();
  const names = Object.keys(SIDES) as SideName[];
  const runs = new Map<SideName, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    // Alternating, in both orders, so that other load affects all variants equally.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      runs.get(name)?.push(runOnce(SIDES[name]));
    }
  }

  const harnessMs = median((runs.get('harness') ?? []).map(({ cpuMs }) => cpuMs));
  const rows = names.map((name) => ratesOf(name, runs.get(name) ?? [], harnessMs));
  printTable(
    `${SESSION_COUNT} sessions, ${RUN_MS / 1000} s each, median of ${ROUNDS} runs (${cpus()[0]?.model})`,
    ['', 'CPU ms', 'inputs/s', 'reports/s', 'events/s', 'of one core'],
    rows.map((row) => [
      row.name.replaceAll('_', ' '),
      cell(row.cpuMs, 0),
      cell(row.inputsPerSecond, 0),
      cell(row.reportsPerSecond, 0),
      cell(row.eventsPerSecond, 0),
      `${cell(row.corePercent)} %`,
    ]),
  );
  console.log(
    '  A second is one of CPU time, collection of garbage included, the harness taken off.',
  );
  printTable(
    'Memory, bytes of heap after a full collection',
    ['', 'bytes'],
    [
      ['a timeline with nothing in it', cell(memory.bytesPerTimeline, 0)],
      ['a live response', cell(memory.bytesPerLiveResponse, 0)],
      ['the process after 10,000 responses', cell(memory.heapAfter10kBytes, 0)],
      ['the process after 100,000 responses', cell(memory.heapAfter100kBytes, 0)],
    ],
  );

  const figures: Record<string, number> = {
    session_count: SESSION_COUNT,
    timeline_bytes: memory.bytesPerTimeline,
    live_response_bytes: memory.bytesPerLiveResponse,
    heap_after_10k_responses_bytes: memory.heapAfter10kBytes,
    heap_after_100k_responses_bytes: memory.heapAfter100kBytes,
    heap_growth_per_response_bytes: (memory.heapAfter100kBytes - memory.heapAfter10kBytes) / 90_000,
  };
  for (const row of rows) {
    figures[`${row.name}_cpu_ms`] = row.cpuMs;
    if (row.name === 'harness') continue;
    figures[`${row.name}_reports_per_s`] = row.reportsPerSecond;
    figures[`${row.name}_core_percent`] = row.corePercent;
    if (row.name === 'emitter') continue;
    figures[`${row.name}_inputs_per_s`] = row.inputsPerSecond;
    figures[`${row.name}_events_per_s`] = row.eventsPerSecond;
  }
  printFigures('timelines', figures);
}

function runOnce(makeSide: (clock: ManualClock, counts: Counts) => Side): Run {
  const clock = new ManualClock();
  const counts: Counts = { inputs: 0, reports: 0, events: 0 };
  for (let index = 0; index < SESSION_COUNT; index += 1) {
    // Spread over one second, so that the sessions do not report in step.
    new Session(clock, makeSide(clock, counts), counts, (index * 1000) / SESSION_COUNT);
  }
  clock.advance(WARM_UP_MS);
  const before = { ...counts };
  const start = process.cpuUsage();
  clock.advance(RUN_MS);
  const { user, system } = process.cpuUsage(start);
  const cpuMs = (user + system) / 1000;
  return {
    cpuMs,
    inputs: counts.inputs - before.inputs,
    reports: counts.reports - before.reports,
    events: counts.events - before.events,
  };
}

function ratesOf(name: SideName, runs: readonly Run[], harnessMs: number) {
  const cpuMs = median(runs.map((run) => run.cpuMs));
  const seconds = (name === 'harness' ? cpuMs : Math.max(cpuMs - harnessMs, 0.001)) / 1000;
  const [run] = runs;
  return {
    name,
    cpuMs,
    inputsPerSecond: (run?.inputs ?? 0) / seconds,
    reportsPerSecond: (run?.reports ?? 0) / seconds,
    eventsPerSecond: (run?.events ?? 0) / seconds,
    corePercent: (seconds * 1000 * 100) / RUN_MS,
  };
}
