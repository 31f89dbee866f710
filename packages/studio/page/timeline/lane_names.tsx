import type { JSX } from 'preact';
import { ROW_HEIGHT, ROWS_TOP, STATE_TOP, USER_TOP } from './geometry.ts';

/** The names of the lanes, left of them. */
export function LaneNames({
  gutter,
  rows: rowNumbers,
  height,
}: {
  readonly gutter: number;
  /** The rows that have something in view. */
  readonly rows: readonly number[];
  readonly height: number;
}): JSX.Element | null {
  if (gutter === 0) return null;
  const rows = rowNumbers.map((row) => ROWS_TOP + row * ROW_HEIGHT);
  return (
    <svg class="names" width={gutter} height={height} aria-hidden="true">
      <text x="0" y={STATE_TOP + 16}>
        State
      </text>
      <text x="0" y={USER_TOP + 16}>
        You
      </text>
      {rows.map((top) => (
        <g key={top}>
          <line x1="0" x2={gutter} y1={top} y2={top} />
          <text class="small" x="0" y={top + 27}>
            written
          </text>
          <text class="small" x="0" y={top + 38}>
            sent
          </text>
          <text class="small strong" x="0" y={top + 59}>
            heard
          </text>
          <text class="small" x="0" y={top + 81}>
            task
          </text>
        </g>
      ))}
    </svg>
  );
}
