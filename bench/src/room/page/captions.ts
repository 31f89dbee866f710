import { type Captions, followCaptions } from '@oncue/browser/captions';
import { BenchListener } from './bench_listener.ts';

// The page of the benchmark "captions": a listener with Oncue's captions, which notes in each animation frame how many words
// are shown as heard.

/** From the frame at `atMs` on, so many words of a response were shown as heard. */
interface Shown {
  readonly responseId: string;
  readonly words: number;
  readonly atMs: number;
}

const shown: Shown[] = [];
const frameGapsMs: number[] = [];
const words = new Map<string, number>();
let captions: Captions | undefined;
let lastFrameMs: number | undefined;

const listener = new BenchListener((room, reporter) => {
  // The agents of the benchmarks join as plain participants.
  captions = followCaptions(room, reporter, { isAgent: () => true });
  requestAnimationFrame(draw);
});

/** As a caption does that is drawn again in each frame. */
function draw(): void {
  const atMs = performance.now();
  if (captions?.playhead() && lastFrameMs !== undefined) frameGapsMs.push(atMs - lastFrameMs);
  lastFrameMs = atMs;
  for (const { id, heardWords } of captions?.responses ?? []) {
    if ((words.get(id) ?? 0) === heardWords) continue;
    words.set(id, heardWords);
    shown.push({ responseId: id, words: heardWords, atMs });
  }
  requestAnimationFrame(draw);
}

const fixture = {
  ...listener.calls,
  captions: () => ({
    shown,
    frameGapsMs,
    ended: captions?.responses.map(({ id, status, heardText }) => ({ id, status, heardText })),
  }),
};

Object.assign(globalThis, { fixture });
