import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { signedMillis } from '../model/format.ts';
import type { ResponseView } from '../model/response_view.ts';
import { type Spread, type TimingError, timingErrors, timingFigures } from '../model/timing.ts';
import { TimingPlot } from './timing_plot.tsx';

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
          <TimingPlot errors={errors} />
          <p class="plot-note">
            <span>
              <i class="dot oncue" /> Oncue
            </span>
            <span>
              <i class="dot stock" /> LiveKit: first frame sent
            </span>
            <span>
              <i class="dot stock hollow" /> LiveKit, for a response that follows another without a
              pause (its audio is sent early on purpose)
            </span>
          </p>
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
