import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf } from '../../../scripts/run_with_usage.mjs';
import { median, quantile } from '../shared/stats.ts';
import type { LoadKind } from './load_session.ts';
import { LoadWorker } from './load_worker.ts';
import { printLoad } from './print_load.ts';
import { LATE_MS, type Memory, type Rung } from './rung.ts';

/** Lateness of windows in a row: one may be the machine's. */
const TRIES = 2;

interface Plan {
  readonly frameMs: number;
  readonly step: number;
  readonly most: number;
  readonly settleMs: number;
  readonly windowMs: number;
  /** Sessions whose memory is measured. */
  readonly memoryCount: number;
}

const KINDS: readonly LoadKind[] = ['plain', 'oncue'];

/**
 * How many sessions one process carries: the real adapter on real sessions, with a model, a voice and a listener from memory.
 * A process with Oncue and one with LiveKit alone grow side by side, and are measured in turns, so that both see the same
 * machine.
 */
export async function loadBench(args: readonly string[]): Promise<void> {
  const plan = planOf(args);
  const workers = new Map<LoadKind, LoadWorker>();
  for (const kind of KINDS)
    workers.set(kind, await LoadWorker.start({ kind, frameMs: plan.frameMs }));
  try {
    const rungs = await climb(plan, workers);
    const memory = await measureMemory(plan);
    printLoad({ rungs, memory, frameMs: plan.frameMs, load: loadavg()[0] ?? Number.NaN });
  } finally {
    for (const worker of workers.values()) worker.close();
  }
}

/** Until neither side carries more, or to the most that is asked for. */
async function climb(plan: Plan, workers: ReadonlyMap<LoadKind, LoadWorker>): Promise<Rung[]> {
  const rungs: Rung[] = [];
  const going = new Set<LoadKind>(KINDS);
  for (let count = plan.step; count <= plan.most && going.size > 0; count += plan.step) {
    for (const kind of turns(count / plan.step)) {
      const worker = workers.get(kind);
      if (!worker || !going.has(kind)) continue;
      const rung = await measureRung(plan, worker, count);
      rungs.push(rung);
      if (rung.lateP99Ms > LATE_MS) going.delete(kind);
    }
  }
  return rungs;
}

/** The other side holds nothing meanwhile. */
async function measureRung(plan: Plan, worker: LoadWorker, count: number): Promise<Rung> {
  await worker.hold(count);
  await delay(plan.settleMs);
  const windows = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const window = await worker.measure(plan.windowMs);
    windows.push({ ...window, lateP99Ms: quantile(window.lateMs, 0.99) });
    if ((windows.at(-1)?.lateP99Ms ?? 0) <= LATE_MS) break;
  }
  await worker.hold(0);
  const best = windows.reduce((one, other) => (other.lateP99Ms < one.lateP99Ms ? other : one));
  const rung = {
    kind: worker.args.kind,
    count,
    cpuMsPerSecond: median(windows.map(({ cpuMs, lastedMs }) => (cpuMs * 1000) / lastedMs)),
    lateMedianMs: quantile(best.lateMs, 0.5),
    lateP99Ms: best.lateP99Ms,
    eventCount: best.lateMs.length,
    loopP99Ms: best.loopP99Ms,
    rssBytes: best.rssBytes,
  };
  console.error(
    `${count} ${rung.kind}: late p99 ${rung.lateP99Ms.toFixed(1)} ms, ` +
      `${rung.cpuMsPerSecond.toFixed(0)} ms of CPU a second, load ${loadavg()[0]?.toFixed(1)}`,
  );
  return rung;
}

/** Each side in a process of its own, which holds nothing before. */
async function measureMemory(plan: Plan): Promise<Memory[]> {
  const memory: Memory[] = [];
  for (const kind of KINDS) {
    const worker = await LoadWorker.start({ kind, frameMs: plan.frameMs });
    try {
      // Code is loaded and compiled.
      await worker.hold(plan.memoryCount);
      await delay(plan.windowMs);
      const empty = await worker.hold(0);
      await worker.hold(plan.memoryCount);
      await delay(plan.windowMs);
      const full = await worker.hold(plan.memoryCount);
      const left = await worker.hold(0);
      memory.push({
        kind,
        count: plan.memoryCount,
        heldBytes: (full.heapBytes - empty.heapBytes) / plan.memoryCount,
        leftBytes: (left.heapBytes - empty.heapBytes) / plan.memoryCount,
        rssBytes: (full.rssBytes - empty.rssBytes) / plan.memoryCount,
      });
    } finally {
      worker.close();
    }
  }
  return memory;
}

/** Which side is first changes with each rung. */
function turns(rung: number): readonly LoadKind[] {
  return rung % 2 === 0 ? KINDS : [...KINDS].reverse();
}

/** @throws Error for an argument that is no count. */
function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      step: { type: 'string' },
      most: { type: 'string' },
      frame: { type: 'string', default: '100' },
    },
  });
  const plan = values.short
    ? { step: 20, most: 40, settleMs: 5000, windowMs: 10_000, memoryCount: 20 }
    : { step: 50, most: 1000, settleMs: 8000, windowMs: 20_000, memoryCount: 100 };
  return {
    ...plan,
    frameMs: countOf(values.frame),
    step: values.step === undefined ? plan.step : countOf(values.step),
    most: values.most === undefined ? plan.most : countOf(values.most),
  };
}
