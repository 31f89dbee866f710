import { BenchListener } from './bench_listener.ts';
import { drawCaptions } from './draw_captions.ts';
import { workletCost } from './worklet_cost.ts';

// The page of the benchmarks "room" and "hangup".

let hasCaptions = false;
let marked: ReadonlySet<string> = new Set();

const listener = new BenchListener((room, reporter) => {
  if (hasCaptions) marked = drawCaptions(room, reporter);
});

const fixture = {
  ...listener.calls,
  /** Before it joins. */
  showCaptions: () => {
    hasCaptions = true;
  },
  markedResponseCount: () => marked.size,
  workletCost,
};

Object.assign(globalThis, { fixture });
