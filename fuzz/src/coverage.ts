import { type Profiler, Session } from 'node:inspector';

/** Code whose branches count: that of the packages. */
const OURS = /\/packages\/[^/]+\/src\//;

/** Which characters of the code have run, as V8 counts them. One in a process. */
export class Coverage {
  readonly #session = new Session();
  /** By file: the characters that have run. */
  readonly #seen = new Map<string, Set<number>>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    // With counts, each look starts anew. Without, V8 names a block once in the life of the process.
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many characters have run. */
  get size(): number {
    return [...this.#seen.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** What has run since the last look does not count. */
  skip(): void {
    this.#take(() => {});
  }

  /** @returns Whether code has run since the last look that was never seen. With `note` it counts as seen from then on. */
  hasNew(note: boolean): boolean {
    let isNew = false;
    this.#take((url, at) => {
      const seen = this.#seen.get(url) ?? new Set();
      if (seen.has(at)) return;
      isNew = true;
      if (note) this.#seen.set(url, seen.add(at));
    });
    return isNew;
  }

  #take(tell: (url: string, at: number) => void): void {
    this.#session.post(
      'Profiler.takePreciseCoverage',
      (_error: Error | null, { result }: Profiler.TakePreciseCoverageReturnType) => {
        for (const { url, functions } of result) {
          if (!OURS.test(url)) continue;
          for (const { ranges } of functions) for (const at of covered(ranges)) tell(url, at);
        }
      },
    );
  }
}

/**
 * The places at which the code of a function has run. V8 joins neighbours that ran equally often, so the ranges
 * themselves differ from look to look.
 */
function covered(ranges: readonly Profiler.CoverageRange[]): number[] {
  const [whole] = ranges;
  if (!whole || whole.count === 0) return [];
  const { startOffset, endOffset } = whole;
  const runs = new Uint8Array(endOffset - startOffset);
  // Outer ranges come first.
  for (const { startOffset: from, endOffset: to, count } of ranges)
    runs.fill(count > 0 ? 1 : 0, from - startOffset, to - startOffset);
  const places: number[] = [];
  for (let n = 0; n < runs.length; n += 1) if (runs[n]) places.push(startOffset + n);
  return places;
}
