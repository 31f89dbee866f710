/** Heights and tops of the lanes, in CSS pixels. */
const AXIS_TOP = 0;
/** The labels are in its upper half, the handle of the playhead in its lower half. */
export const AXIS_HEIGHT = 30;
export const STATE_HEIGHT = 24;
export const USER_HEIGHT = 24;
export const ROW_HEIGHT = 92;
export const STATE_TOP = AXIS_TOP + AXIS_HEIGHT;
export const USER_TOP = STATE_TOP + STATE_HEIGHT;
export const ROWS_TOP = USER_TOP + USER_HEIGHT + 6;

/** Inside a row: the base line of the title, and the bar of what was heard. */
export const TITLE_TOP = 14;
export const HEARD_TOP = 43;
export const HEARD_HEIGHT = 23;

/** On a phone there is no space for the names of the lanes, and words are smaller. */
function isNarrow(width: number): boolean {
  return width < 560;
}

/** The monospaced type of the words in the bars: its size and the width of a character, in px. */
export function wordType(width: number): { readonly size: number; readonly charWidth: number } {
  return isNarrow(width) ? { size: 9.5, charWidth: 5.72 } : { size: 11, charWidth: 6.62 };
}

/** The width of the names of the lanes; 0 on a phone. */
export function gutterOf(width: number): number {
  return isNarrow(width) ? 0 : 64;
}

/** The x of the playhead. Left of it is what was heard, right of it what was sent and still waits. */
export function headX(width: number): number {
  const gutter = gutterOf(width);
  return gutter + (width - gutter) * 0.7;
}

/** The time between two labels of the axis, large enough that they do not overlap. */
export function axisStepMs(pxPerMs: number): number {
  const steps = [1000, 2000, 5000, 10_000, 30_000, 60_000];
  return steps.find((stepMs) => stepMs * pxPerMs >= 70) ?? 60_000;
}

/** The names at the left edge stand still while the timeline moves under them. This much later they are drawn again. */
export const MAX_NAME_AGE_MS = 250;
