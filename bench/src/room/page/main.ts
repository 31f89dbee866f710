import { BenchListener } from './bench_listener.ts';
import { drawCaptions } from './draw_captions.ts';
import { workletCost } from './worklet_cost.ts';

// The page of the benchmarks "room" and "hangup".

let hasCaptions = false;

const listener = new BenchListener((room, reporter) => {
  if (hasCaptions) drawCaptions(room, reporter);
});

const fixture = {
  ...listener.calls,
  /** Before it joins. */
  showCaptions: () => {
    hasCaptions = true;
  },
  shownCaption: () => document.querySelector('p')?.textContent ?? '',
  workletCost,
};

Object.assign(globalThis, { fixture });
