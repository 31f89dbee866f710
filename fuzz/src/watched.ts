import { Worker } from 'node:worker_threads';
import type { Input } from './target.ts';

/** What a worker is told. `last` holds what it is working on: the number of inputs, the length, the characters. */
export interface Share {
  readonly target: string;
  readonly seed: number;
  readonly ms: number;
  readonly last: SharedArrayBuffer;
}

/** What a worker found. */
export interface Outcome {
  readonly runs: number;
  readonly chars: number;
  readonly kept: readonly Input[];
  readonly faults: ReadonlyMap<string, Input>;
}

const MOST_CHARS = 40_000;
const HEADER = 2;
/** An input that takes longer never ends. */
const HANGS_MS = 20_000;
const MEMORY_MB = 400;

/** Notes an input before it is parsed, where the main thread can read it even if the parser never ends. */
export function noteInput(last: SharedArrayBuffer, input: Input): void {
  const chars = new Uint16Array(last, HEADER * 4);
  const header = new Int32Array(last, 0, HEADER);
  const length = Math.min(input.length, chars.length);
  for (let n = 0; n < length; n += 1) chars[n] = input.charCodeAt(n);
  header[1] = length;
  Atomics.add(header, 0, 1);
}

/** Fuzzes one target in a worker, and tells of an input with which the parser never ends or takes all memory. */
export function fuzzInWorker(module: URL, share: Omit<Share, 'last'>): Promise<Outcome> {
  const last = new SharedArrayBuffer(HEADER * 4 + MOST_CHARS * 2);
  const header = new Int32Array(last, 0, HEADER);
  const worker = new Worker(module, {
    workerData: { ...share, last } satisfies Share,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise((resolve) => {
    const end = (outcome: Outcome): void => {
      clearInterval(watch);
      resolve(outcome);
      void worker.terminate();
    };
    const fail = (kind: string): void => {
      const input = String.fromCharCode(...new Uint16Array(last, HEADER * 4, header[1] ?? 0));
      end({ runs: header[0] ?? 0, chars: 0, kept: [], faults: new Map([[kind, input]]) });
    };
    let before = -1;
    const watch = setInterval(() => {
      const runs = Atomics.load(header, 0);
      if (runs === before) fail(`no end: more than ${HANGS_MS} ms`);
      before = runs;
    }, HANGS_MS);
    worker.once('message', end);
    worker.once('error', (error) => fail(String(error)));
  });
}
