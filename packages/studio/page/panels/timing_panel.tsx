import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { signedMillis } from '../model/format.ts';
import type { ResponseView } from '../model/response_view.ts';
import { type Spread, type TimingError, timingErrors, timingFigures } from '../model/timing.ts';
import { useWidth } from '../use_width.ts';

const PLOT_HEIGHT = 150;

/** The timing errors of this run: Oncue's event beside LiveKit's own. */
export function TimingPanel({
  responses,
}: {
  readonly responses: readonly ResponseView[];
}): JSX.Element {
  const current = timingErrors(responses);
  // The page is drawn ten times a second during playback; the plot only when a point changes.
  const errors = useMemo(() => current, [JSON.stringify(current)]);
  return (
    <section class="panel timing" aria-label="Timing error">
      <div class="panel-head">
        <h2>Timing error</h2>
        <p class="caption">
          relative to the instant at which this page’s audio graph played the first sample
        </p>
      </div>
      {errors.length === 0 ? (
        <p class="nothing">Each response that plays in this page adds a point.</p>
      ) : (
        <>
          <Figures errors={errors} />
          <Plot errors={errors} />
        </>
      )}
    </section>
  );
}

function Figures({ errors }: { readonly errors: readonly TimingError[] }): JSX.Element {
  const { oncue, stock, predictedTasks, confirmedTasks, comparedCount, followingCount } =
    timingFigures(errors);
  const count = `${comparedCount} ${comparedCount === 1 ? 'response' : 'responses'}`;
  return (
    <>
      <dl class="figures">
        <Figure kind="oncue" name="Oncue’s event" spread={oncue} />
        <Figure kind="stock" name="LiveKit’s own event" spread={stock} />
        <Figure kind="tasks" name="predicted task" spread={predictedTasks} />
        <Figure kind="minor" name="confirmed task" spread={confirmedTasks} />
      </dl>
      <p class="figures-note">
        Median, and least to greatest; − is early, + is late. Both events: of {count} after a pause
        {followingCount > 0 && `, without ${followingCount} that followed another at once`}.
      </p>
    </>
  );
}

function Figure(of: {
  readonly kind: string;
  readonly name: string;
  readonly spread: Spread | undefined;
}): JSX.Element | null {
  const { kind, name, spread } = of;
  if (!spread) return null;
  const { medianMs, leastMs, mostMs } = spread;
  return (
    <div class={kind}>
      <dt>{name}</dt>
      <dd>{signedMillis(medianMs)}</dd>
      {leastMs < mostMs && (
        <dd class="range">
          {signedMillis(leastMs)} to {signedMillis(mostMs)}
        </dd>
      )}
    </div>
  );
}

function Plot({ errors }: { readonly errors: readonly TimingError[] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const width = useWidth(box);
  useEffect(() => {
    if (!box.current || width === 0) return undefined;
    plot.current = new uPlot(optionsOf(box.current, width), dataOf(errors), box.current);
    return () => plot.current?.destroy();
    // Another effect updates the data.
  }, [width, document.documentElement.dataset['theme']]);
  useEffect(() => plot.current?.setData(dataOf(errors)), [errors]);
  return (
    <>
      <div
        ref={box}
        class="plot"
        role="img"
        aria-label="Timing error of each response, in milliseconds"
      />
      <p class="plot-note">
        <i class="dot oncue" /> Oncue <i class="dot stock" /> LiveKit: first frame sent{' '}
        <i class="dot stock hollow" /> LiveKit, for a response that follows another without a pause
        (its audio is sent early on purpose)
      </p>
    </>
  );
}

function dataOf(errors: readonly TimingError[]): uPlot.AlignedData {
  return [
    errors.map((_, index) => index + 1),
    errors.map(({ eventErrorMs }) => eventErrorMs),
    errors.map(({ stockErrorMs, follows }) => (follows ? null : stockErrorMs)),
    errors.map(({ stockErrorMs, follows }) => (follows ? stockErrorMs : null)),
  ];
}

function optionsOf(box: HTMLElement, width: number): uPlot.Options {
  const style = getComputedStyle(box);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  const points = (stroke: string, fill: string): uPlot.Series => ({
    stroke,
    width: 0,
    paths: () => null,
    points: { show: true, size: 8, stroke, fill, width: 2 },
  });
  return {
    width,
    height: PLOT_HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_plot, _least, most) => [0.5, Math.max(8.5, most + 0.5)] },
      y: { range: (_plot, least, most) => [Math.min(least, -20) * 1.12, Math.max(most * 1.2, 20)] },
    },
    axes: [
      { ...axis, size: 26, incrs: [1, 2, 5, 10, 20, 50, 100] },
      { ...axis, size: 58, values: (_plot, splits) => splits.map((split) => `${split} ms`) },
    ],
    series: [
      {},
      points(color('--heard'), color('--heard')),
      points(color('--stock'), color('--stock')),
      points(color('--stock'), color('--panel')),
    ],
  };
}
