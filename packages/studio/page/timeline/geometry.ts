/** Heights of the timeline, in CSS pixels. */
export const AXIS_HEIGHT = 24;
export const STATE_HEIGHT = 24;
export const USER_HEIGHT = 24;
export const ROW_HEIGHT = 92;

/** A phone: no room for names, and smaller words. */
export function isNarrow(width: number): boolean {
  return width < 560;
}

/** The type of the words in the bars, monospaced: its size and the width of a character, in px. */
export function wordType(width: number): { readonly size: number; readonly charWidth: number } {
  return isNarrow(width) ? { size: 9.5, charWidth: 5.72 } : { size: 11, charWidth: 6.62 };
}

/** Room for the names of the lanes, where there is room. */
export function gutterOf(width: number): number {
  return isNarrow(width) ? 0 : 64;
}

/** Where the playhead stands: what is behind it was heard, what is ahead was sent and still waits. */
export function headX(width: number): number {
  const gutter = gutterOf(width);
  return gutter + (width - gutter) * 0.7;
}

/** Whole seconds between two labels of the axis, so that they do not run into each other. */
export function axisStepMs(pxPerMs: number): number {
  const steps = [1000, 2000, 5000, 10_000, 30_000, 60_000];
  return steps.find((stepMs) => stepMs * pxPerMs >= 70) ?? 60_000;
}
