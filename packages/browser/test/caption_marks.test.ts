// Tests for SPEC.md, "Captions": the marks that a page reaches.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ID, Page, RATE_HZ } from './support/captions_page.ts';

describe('the marks that a page reaches', () => {
  it('[CP12] each once, in the order of the audio, between the start and the end of its response', () => {
    const page = new Page();
    page.shareResponse();
    page.shareMarks([0, 0], [2, 2500], [1, 1000]);
    expect(page.happened).toHaveLength(1);
    page.hear(120);
    page.hear(1200);
    expect(page.marks).toEqual(['mark m0', 'mark m1']);
    page.move(2400);
    page.shareMarks([1, 2700]);
    page.hear(2600);
    page.hear(3000, 'ended');
    page.hear(3000, 'ended');
    page.shareMarks([1, 2700], [3, 2800]);

    expect(page.marks).toEqual(['mark m0', 'mark m1', 'mark m2, estimated']);
    const kinds = page.happened.map((event) => event.split(' ')[0]);
    expect(kinds).toEqual(['added', 'started', 'mark', 'mark', 'mark', 'finished']);
  });

  it('[CP12] at its instant, without a report and without a call of playhead', () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const page = new Page();
    page.shareResponse();
    page.hear(500);
    page.shareMarks([0, 1000]);
    vi.advanceTimersByTime(500);
    expect(page.marks).toEqual([]);
    if (page.position) page.position = { ...page.position, heardMs: 1000, heardSamples: RATE_HZ };
    vi.advanceTimersByTime(10);
    expect(page.marks).toEqual(['mark m0']);
    expect(vi.getTimerCount()).toBe(0);

    page.shareMarks([1, 2000]);
    expect(vi.getTimerCount()).toBe(1);
    page.stopMarks();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[CP12] none after a cut, and none of a response that this page does not hear', () => {
    const page = new Page();
    page.shareResponse();
    page.shareMarks([0, 1000], [1, 2000], [2, 3000]);
    page.hear(1900);
    page.hear(1950, 'cut');
    page.share({ type: 'outcome', responseId: ID, outcome: 'cut', heardSamples: 72_000 });
    expect(page.marks).toEqual(['mark m0']);

    const stopped = new Page();
    stopped.shareResponse();
    stopped.shareMarks([0, 0]);
    stopped.hear(0, 'cut');
    expect(stopped.marks).toEqual([]);

    const deaf = new Page();
    deaf.shareResponse();
    deaf.shareMarks([0, 0]);
    deaf.share({ type: 'outcome', responseId: ID, outcome: 'heard', heardSamples: 72_000 });
    expect(deaf.marks).toEqual([]);
  });
});
