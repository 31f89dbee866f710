import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { axisMillis } from '../model/format.ts';
import type { TimingError } from '../model/timing.ts';
import { useWidth } from '../use_width.ts';

/** In CSS pixels. */
const HEIGHT = 150;
const LEFT = 74;
const BOTTOM = 26;
const EDGE = 10;

/** The least distance between two labels of an axis, in CSS pixels. */
const LABEL_X = 50;
const LABEL_Y = 24;

/** Space for this many responses, so that the first few are not drawn far apart. */
const MIN_RESPONSES = 8;

/** So far up and down the axis always goes. */
const MIN_RANGE_MS = 20;

/** The timing error of each response, as dots over the number of the response. */
export function TimingPlot({ errors }: { readonly errors: readonly TimingError[] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const all = errors.flatMap(({ eventErrorMs, stockErrorMs }) => [eventErrorMs, stockErrorMs]);
  const least = Math.min(-MIN_RANGE_MS, ...all);
  const most = Math.max(MIN_RANGE_MS, ...all);
  const count = Math.max(MIN_RESPONSES, errors.length);
  const [plotWidth, plotHeight] = [Math.max(1, width - LEFT - EDGE), HEIGHT - BOTTOM - EDGE];
  const toX = (place: number): number => LEFT + ((place - 0.5) / count) * plotWidth;
  const toY = (ms: number): number => EDGE + ((most - ms) / (most - least)) * plotHeight;
  const dot = (kind: string, index: number, ms: number): JSX.Element => (
    <circle key={`${kind} ${index}`} class={kind} cx={toX(index + 1)} cy={toY(ms)} r="4" />
  );
  return (
    <div ref={box} class="plot">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label="Timing error of each response, in milliseconds"
      >
        {ticks(1, count, (count * LABEL_X) / plotWidth).map((place) => (
          <g key={place}>
            <line x1={toX(place)} x2={toX(place)} y1={EDGE} y2={HEIGHT - BOTTOM} />
            <text x={toX(place)} y={HEIGHT - 8} text-anchor="middle">
              {place}
            </text>
          </g>
        ))}
        {ticks(least, most, ((most - least) * LABEL_Y) / plotHeight).map((ms) => (
          <g key={-ms - 1}>
            <line x1={LEFT} x2={width - EDGE} y1={toY(ms)} y2={toY(ms)} />
            <text x={LEFT - 8} y={toY(ms) + 4} text-anchor="end">
              {axisMillis(ms)}
            </text>
          </g>
        ))}
        {errors.map(({ stockErrorMs, follows }, index) =>
          dot(follows ? 'stock hollow' : 'stock', index, stockErrorMs),
        )}
        {errors.map(({ eventErrorMs }, index) => dot('oncue', index, eventErrorMs))}
      </svg>
    </div>
  );
}

/** The multiples of 1, 2 or 5 times a power of ten between two numbers: as many as lie `apart` or more from each other. */
function ticks(from: number, to: number, apart: number): number[] {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(apart)));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= apart) ?? power;
  const first = Math.ceil(from / step);
  return Array.from(
    { length: Math.max(0, Math.floor(to / step) - first + 1) },
    (_, place) => (first + place) * step,
  );
}
